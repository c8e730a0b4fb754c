export type Checksum = { algorithm: 'sha256' | 'sha512'; hex: string }

const lengths = { 64: 'sha256', 128: 'sha512' } as const

function digest(hex: string | undefined): Checksum | null {
  if (!hex || !/^[0-9a-f]+$/i.test(hex)) return null
  const algorithm = hex.length === 64 ? lengths[64] : hex.length === 128 ? lengths[128] : null
  return algorithm && { algorithm, hex: hex.toLowerCase() }
}

/** `sha256:…` or `sha512:…`; null for anything else. */
export function parseDigest(text: string): Checksum | null {
  const [, algorithm, hex] = /^(sha256|sha512):([0-9a-f]+)$/i.exec(text) ?? []
  const found = digest(hex)
  return found && found.algorithm === algorithm?.toLowerCase() ? found : null
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/**
 * The digest of `fileName` in a checksum file. Knows the forms of coreutils (`HEX  name`, `HEX *name`), BSD (`SHA256 (name) = HEX`),
 * Fedora (BSD inside an OpenPGP message) and a lone digest as Alpine writes it. Weaker digests in the same file are passed over.
 * Null when the file does not list the name, or lists it with two digests of one kind.
 */
export function findChecksum(text: string, fileName: string): Checksum | null {
  const found: Checksum[] = []
  const lines = text.split(/\r?\n/)
  for (const line of lines) {
    const [, bsdName, bsdHex] = /^SHA(?:256|512) \((.+)\) = ([0-9a-f]+)\s*$/i.exec(line) ?? []
    const [, hex, name] = /^([0-9a-f]+) [ *](.+?)\s*$/i.exec(line) ?? []
    const sum = bsdName ? digest(bsdHex) : digest(hex)
    if (sum && lastPart(bsdName ?? name ?? '') === fileName) found.push(sum)
  }
  const words = text.trim().split(/\s+/)
  if (found.length === 0 && words.length === 1) {
    const lone = digest(words[0])
    if (lone) found.push(lone)
  }
  // The longer digest counts where a file gives both.
  const best = found.find(({ algorithm }) => algorithm === 'sha512') ?? found[0]
  const twice = found.some((other) => other.algorithm === best?.algorithm && other.hex !== best.hex)
  return best && !twice ? best : null
}
