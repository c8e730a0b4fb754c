import { createHash } from 'node:crypto'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const rounds = 5000

const sha512 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** `source` repeated until it is `length` bytes long. */
const stretched = (source: Uint8Array, length: number): Buffer => Buffer.alloc(length, source)

/** Three bytes as four characters, in crypt's own order. */
function encode(high: number, middle: number, low: number, characters: number): string {
  let value = (high << 16) | (middle << 8) | low
  let text = ''
  for (let i = 0; i < characters; i++) {
    text += alphabet[value & 63] ?? ''
    value >>>= 6
  }
  return text
}

/**
 * crypt(3)'s `$6$` hash with the default 5,000 rounds, as /etc/shadow and cloud-init take it.
 * `salt`: up to 16 characters of [A-Za-z0-9./]. Source: "Unix crypt using SHA-256 and SHA-512", U. Drepper, 2008.
 */
export function sha512Crypt(password: string, salt: string): string {
  const key = Buffer.from(password)
  const grain = Buffer.from(salt.slice(0, 16))
  const b = sha512(key, grain, key)
  const parts: Uint8Array[] = [key, grain, stretched(b, key.length)]
  for (let length = key.length; length > 0; length >>>= 1) parts.push(length & 1 ? b : key)
  let digest = sha512(...parts)
  const p = stretched(sha512(...Array.from({ length: key.length }, () => key)), key.length)
  const s = stretched(sha512(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => grain)), grain.length)
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    const turn: Uint8Array[] = [odd ? p : digest]
    if (round % 3) turn.push(s)
    if (round % 7) turn.push(p)
    turn.push(odd ? digest : p)
    digest = sha512(...turn)
  }
  let text = ''
  let [x, y, z] = [0, 21, 42]
  for (let i = 0; i < 21; i++) {
    text += encode(digest[x] ?? 0, digest[y] ?? 0, digest[z] ?? 0, 4)
    const next = [y + 1, z + 1, x + 1] as const
    x = next[0]
    y = next[1]
    z = next[2]
  }
  return `$6$${salt.slice(0, 16)}$${text}${encode(0, 0, digest[63] ?? 0, 2)}`
}
