const hidden = '••••••'

/** The forms in which a secret turns up inside other texts: JSON and YAML strings, XML, addresses. */
function forms(secret: string): string[] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1)
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    secret,
    json(secret),
    json(json(secret)),
    secret.replaceAll("'", "''"),
    xml,
    xml.replaceAll('"', '&quot;'),
    xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    encodeURIComponent(secret),
  ]
}

/** True when something in a command was hidden: it is not what would have to run. */
export const hasMask = (argv: readonly string[]): boolean => argv.some((argument) => argument.includes(hidden))

/** A function that hides every one of the secrets, also where it was escaped, in any text. The longest goes first, so no part is left over. */
export function masker(secrets: Iterable<string>): (text: string) => string {
  const all = new Set<string>()
  for (const secret of secrets) if (secret) for (const form of forms(secret)) all.add(form)
  const ordered = [...all].sort((a, b) => b.length - a.length)
  return (text) => ordered.reduce((rest, secret) => rest.replaceAll(secret, hidden), text)
}
