const [lf, cr, tab, bel, can, sub, esc, twoBytes] = [0x0a, 0x0d, 0x09, 0x07, 0x18, 0x1a, 0x1b, 0xc2]

/** Text, line ends and tabs. The lead of a two-byte control character is none, nor is a bell: it wants to be heard. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) => Number(isPlain(byte)))

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f && byte !== twoBytes) || byte === lf || byte === cr || byte === tab
}

/**
 * Takes from a flood what would be gone from the glass at its end: of plain lines that are followed by as many plain lines as
 * the terminal keeps, nothing can remain, so they are not drawn. What is left is drawn to the same end.
 *
 * All bytes are looked at, in order, for text inside of a sequence (a title, say) is none. The places are those of xterm's
 * parser (vt100.net/emu/dec_ansi_parser), with any doubt on the side of "no text".
 */
export class Skim {
  #place: 'text' | 'escape' | 'control' | 'title' | 'string' = 'text'
  /** The last byte seen may be the first half of a control character in UTF-8. */
  #half = false

  /** `kept`: how many line ends it takes until nothing older can be seen, or null when everything has to be drawn. */
  cut(bytes: Uint8Array, kept: number | null): Uint8Array {
    const run = this.#place === 'text' && !this.#half ? plainUntil(bytes, 0) : 0
    for (let at = run; at < bytes.length; at++) {
      this.#step(bytes[at] ?? 0)
      if (this.#place === 'text' && !this.#half) at = plainUntil(bytes, at + 1) - 1
    }
    return kept === null || run <= kept ? bytes : bytes.subarray(droppable(bytes, run, kept))
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
  let end = run
  for (let lines = 0; lines <= kept || bytes[end - 1] !== cr; lines++) {
    if (end === 0) return 0
    end = bytes.lastIndexOf(lf, end - 1)
    if (end < 1) return 0
  }
  return end - 1
}
