/** The text with every secret replaced. Longer secrets go first, so that one inside another leaves nothing behind. */
export function mask(text: string, secrets: readonly string[] | undefined): string {
  if (!secrets || secrets.length === 0) return text
  let masked = text
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) if (secret) masked = masked.replaceAll(secret, '••••')
  return masked
}

export function maskArgv(argv: readonly string[], secrets: readonly string[] | undefined): string[] {
  return argv.map((word) => mask(word, secrets))
}
