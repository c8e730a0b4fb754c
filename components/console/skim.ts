const encoder = new TextEncoder()
const [beginFrame, endFrame] = [encoder.encode('\x1b[?2026h'), encoder.encode('\x1b[?2026l')]
const [lf, cr, tab, bel, can, sub, esc, twoBytes] = [0x0a, 0x0d, 0x09, 0x07, 0x18, 0x1a, 0x1b, 0xc2]

/** Text, line ends and tabs. The lead of a two-byte control character is none, nor is a bell: it wants to be heard. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) => Number(isPlain(byte)))

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f && byte !== twoBytes) || byte === lf || byte === cr || byte === tab
}

/** After how many line ends nothing older is left: on the whole glass, and on what is seen of it. `seen`: null while somebody looks back. */
export type Keeps = { all: number; seen: number | null }

/**
 * Takes from a flood what would be gone from the glass at its end: of plain lines that are followed by as many plain lines as
 * the terminal keeps, nothing can remain, so they are not drawn. While it lasts only those are that can be seen; the rest of
 * what remains is owed, and drawn when it is over. What is drawn in the end is drawn to the same end.
 *
 * All bytes are looked at, in order, for text inside of a sequence (a title, say) is none. The places are those of xterm's
 * parser (vt100.net/emu/dec_ansi_parser), with any doubt on the side of "no text".
 */
export class Skim {
  #place: 'text' | 'escape' | 'control' | 'title' | 'string' = 'text'
  /** The last byte seen may be the first half of a control character in UTF-8. */
  #half = false
  #owed: Uint8Array | null = null

  get owes(): boolean {
    return this.#owed !== null
  }

  /** What to draw now of the bytes that come next. `keeps`: null when everything has to be drawn. */
  cut(bytes: Uint8Array, keeps: Keeps | null, flood = false): Uint8Array {
    const run = this.#run(bytes)
    const before = this.#owed?.length ?? 0
    const all = this.#owed ? joined([this.#owed, bytes]) : bytes
    const from = keeps ? droppable(all, before + run, keeps.all) : 0
    const whole = all.subarray(from)
    if (keeps?.seen && flood && from > 0 && run === bytes.length) {
      const part = bytes.subarray(droppable(bytes, run, keeps.seen))
      if (this.#owed || part.length < bytes.length) this.#owed = whole
      return part
    }
    const settled = this.#owed !== null
    this.#owed = null
    return settled ? this.#atOnce(whole) : whole
  }

  /** What is owed, to be drawn now. */
  settle(): Uint8Array {
    const owed = this.#owed ?? new Uint8Array(0)
    this.#owed = null
    return this.#atOnce(owed)
  }

  /** In one frame (DEC mode 2026), for it begins before what is seen already; only where these bytes are no part of another sequence. */
  #atOnce(bytes: Uint8Array): Uint8Array {
    const last = bytes.at(-1) ?? 0xff
    return this.#place === 'text' && last < 0x80 ? joined([beginFrame, bytes, endFrame]) : bytes
  }

  /** How many bytes at the beginning are plain text; goes on to the end of all. */
  #run(bytes: Uint8Array): number {
    const run = this.#place === 'text' && !this.#half ? plainUntil(bytes, 0) : 0
    for (let at = run; at < bytes.length; at++) {
      this.#step(bytes[at] ?? 0)
      if (this.#place === 'text' && !this.#half) at = plainUntil(bytes, at + 1) - 1
    }
    return run
  }

  #step(byte: number): void {
    const half = this.#half
    this.#half = byte === twoBytes
    if (half && byte >= 0x80 && byte <= 0x9f) this.#begin(byte - 0x40)
    else if (byte === esc) this.#place = 'escape'
    else if (byte === can || byte === sub) this.#place = 'text'
    else if (this.#place === 'escape' && byte >= 0x30 && byte < 0x7f) this.#begin(byte)
    else if (this.#place === 'control' && byte >= 0x40 && byte < 0x7f) this.#place = 'text'
    else if (this.#place === 'title' && byte === bel) this.#place = 'text'
  }

  /** What the byte after an escape begins. Most begin nothing: ESC \ ends a string, ESC c is whole. */
  #begin(byte: number): void {
    if (byte === 0x5b) this.#place = 'control'
    else if (byte === 0x5d) this.#place = 'title'
    else this.#place = byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f ? 'string' : 'text'
  }
}

function plainUntil(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && plain[bytes[at] ?? 0] === 1) at++
  return at
}

/**
 * How much of a plain run can go: all before the last line end that has `kept` more of them after it. That line end stays, for
 * it brings the cursor to the left side; so it has to be one of both characters.
 */
function droppable(bytes: Uint8Array, run: number, kept: number): number {
  if (run <= kept) return 0
  let end = run
  for (let lines = 0; lines <= kept || bytes[end - 1] !== cr; lines++) {
    if (end === 0) return 0
    end = bytes.lastIndexOf(lf, end - 1)
    if (end < 1) return 0
  }
  return end - 1
}

/** Several pieces as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts[0]
  if (parts.length === 1 && only) return only
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
