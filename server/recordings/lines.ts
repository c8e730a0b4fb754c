import { AnsiParser, type AnsiSink } from './ansi'

/** Two cells wide, as in xterm's own tables for what people use: CJK, kana, hangul, full-width forms, emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const combining = /\p{M}|\u200b|\u200c|\u200d|\u2060/u
const ascii = /^[\x20-\x7e]*$/
/** A line without an end is cut here. */
const longest = 16 * 1024

/**
 * The lines of text that a terminal shows, out of what was sent to it: a line as it was when the cursor left it, with what was
 * typed over, erased and deleted in it done, and lines that only the edge of the screen broke joined. Programs that
 * draw on the whole screen give what they drew, in pieces. Memory is that of one line, however long the stream.
 */
export class Lines {
  readonly #parser = new AnsiParser()
  readonly #sink: AnsiSink
  #cells: string[] = []
  #col = 0
  /** What stands in the rows above that belong to the same line. */
  #joined = ''
  #at = 0
  #now = 0

  /** `emit` gets each line and the time of the last character drawn in it. */
  constructor(
    private cols: number,
    private readonly emit: (at: number, text: string) => void,
  ) {
    this.#sink = {
      print: (text) => this.#print(text),
      control: (code) => this.#control(code),
      csi: (params, final) => this.#csi(params, final),
      esc: (final) => 'cDEM'.includes(final) && this.#leave(0),
    }
  }

  resize(cols: number): void {
    this.cols = cols
  }

  write(text: string, at: number): void {
    this.#now = at
    this.#parser.feed(text, this.#sink)
  }

  /** The last line, if it has no end. */
  end(): void {
    this.#leave(0)
  }

  #print(text: string): void {
    this.#at = this.#now
    if (ascii.test(text)) for (let i = 0; i < text.length; i++) this.#put(text.charAt(i), 1)
    else
      for (const char of text) {
        if (!combining.test(char)) this.#put(char, wide.test(char) ? 2 : 1)
        else if (this.#col > 0) this.#cells[this.#col - 1] = `${this.#cells[this.#col - 1] ?? ''}${char}`
      }
  }

  #put(char: string, width: number): void {
    if (this.#col + width > this.cols) this.#wrap()
    while (this.#cells.length < this.#col) this.#cells.push(' ')
    this.#cells[this.#col++] = char
    if (width === 2) this.#cells[this.#col++] = ''
  }

  #wrap(): void {
    this.#joined += this.#cells.join('')
    this.#cells = []
    this.#col = 0
    if (this.#joined.length >= longest) this.#tell(true)
  }

  #tell(empty: boolean): void {
    const text = (this.#joined + this.#cells.join('')).trimEnd()
    this.#joined = ''
    this.#cells = []
    if (text || empty) this.emit(text ? this.#at : this.#now, text)
  }

  /** The cursor goes to another row. */
  #leave(col: number): void {
    this.#tell(false)
    this.#col = col
  }

  #control(code: number): void {
    if (code === 0x0d) this.#col = 0
    else if (code === 0x08) this.#col = Math.max(0, Math.min(this.#col, this.cols - 1) - 1)
    else if (code === 0x09) this.#col = Math.min(this.cols - 1, (this.#col | 7) + 1)
    else if (code >= 0x0a && code <= 0x0c) this.#tell(true)
  }

  #csi(params: string, final: string): void {
    const [first = 0, second = 0] = params.split(';').map((each) => Number.parseInt(each, 10) || 0)
    const count = Math.min(Math.max(1, first), this.cols)
    const last = this.cols - 1
    if (/[^\d;]/.test(params)) {
      // The other screen begins or ends; other modes change no text.
      if ((final === 'h' || final === 'l') && /^\?(.*;)?(47|1047|1049)\b/.test(params)) this.#leave(0)
    } else if (final === 'K') this.#erase(first)
    else if (final === 'J' && first === 0) this.#erase(0)
    else if (final === 'C') this.#col = Math.min(last, this.#col + count)
    else if (final === 'D') this.#col = Math.max(0, this.#col - count)
    else if (final === 'G' || final === '`') this.#col = Math.min(last, count - 1)
    else if (final === 'P') this.#cells.splice(this.#col, count)
    else if (final === '@') this.#insert(count)
    else if (final === 'X') for (let i = this.#col; i < Math.min(this.#col + count, this.#cells.length); i++) this.#cells[i] = ' '
    else if (final === 'H' || final === 'f') this.#leave(Math.min(last, Math.max(1, second) - 1))
    else if ('ABd'.includes(final)) this.#leave(this.#col)
    else if ('EFJrLMST'.includes(final)) this.#leave(0)
  }

  #erase(what: number): void {
    if (what === 0) this.#cells.length = Math.min(this.#cells.length, this.#col)
    else if (what === 2) this.#cells = []
    else for (let i = 0; i <= this.#col && i < this.#cells.length; i++) this.#cells[i] = ' '
  }

  #insert(count: number): void {
    if (this.#col < this.#cells.length) this.#cells.splice(this.#col, 0, ...Array.from({ length: count }, () => ' '))
    this.#cells.length = Math.min(this.#cells.length, this.cols)
  }
}
