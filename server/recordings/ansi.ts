/** What is left of a terminal's stream once the escape sequences are understood. */
export type AnsiSink = {
  /** Characters to draw: none of them is a control character. */
  print(text: string): void
  /** A C0 control: its code. */
  control(code: number): void
  /** A control sequence: `CSI params final`, `params` as sent, with prefix and intermediates. */
  csi(params: string, final: string): void
  /** A short escape: its last character. */
  esc(final: string): void
}

/** Control characters of both kinds are exactly this class of Unicode. */
const printable = /\P{Cc}+/guy
const csiPart = /[ -?]+/gy
/** Longer parameters mean nothing. */
const mostParams = 256

/**
 * Reads text of a terminal piece by piece: a sequence may be cut anywhere. Strings for the terminal itself (OSC, DCS, APC, PM,
 * SOS) are left out whole. The states are those of ECMA-48 and of DEC's terminals, as xterm has them.
 */
export class AnsiParser {
  #state: 'ground' | 'esc' | 'csi' | 'string' = 'ground'
  #params = ''

  /** Whether it stands between two sequences. */
  get atRest(): boolean {
    return this.#state === 'ground'
  }

  feed(text: string, sink: AnsiSink): void {
    let at = 0
    while (at < text.length) {
      if (this.#state === 'ground') {
        printable.lastIndex = at
        const run = printable.exec(text)?.[0]
        if (run) {
          sink.print(run)
          at += run.length
          continue
        }
      }
      const code = text.charCodeAt(at)
      if (this.#state === 'csi' && code >= 0x20 && code <= 0x3f) {
        csiPart.lastIndex = at
        const part = csiPart.exec(text)?.[0] ?? ''
        if (this.#params.length < mostParams) this.#params += part
        at += part.length
        continue
      }
      this.#one(code, text, at, sink)
      at++
    }
  }

  #one(code: number, text: string, at: number, sink: AnsiSink): void {
    if (code === 0x1b) this.#state = 'esc'
    else if (code === 0x18 || code === 0x1a) this.#state = 'ground'
    else if (this.#state === 'string') {
      if (code === 0x07 || code === 0x9c) this.#state = 'ground'
    } else if (code < 0x20) sink.control(code)
    else if (code >= 0x80 && code <= 0x9f) this.#begin(code - 0x40, sink)
    else if (code === 0x7f) return
    else if (this.#state === 'esc') {
      // Intermediates, as in "ESC ( B", are followed by the final.
      if (code >= 0x30) this.#begin(code, sink)
    } else if (this.#state === 'csi') {
      this.#state = 'ground'
      if (code <= 0x7e) sink.csi(this.#params, text.charAt(at))
    }
  }

  /** What follows ESC, or is said by a C1 control alone. */
  #begin(code: number, sink: AnsiSink): void {
    const final = String.fromCharCode(code)
    this.#state = 'ground'
    if (final === '[') {
      this.#state = 'csi'
      this.#params = ''
    } else if (']PX^_'.includes(final)) this.#state = 'string'
    else sink.esc(final)
  }
}
