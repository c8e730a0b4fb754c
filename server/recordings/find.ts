/** So much of a line is shown around what was found in it. */
const shown = 240
/** Lines shown before and after it. */
const around = 2

/** A matcher of text without regard to case. */
export const matcher = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')

export type Found<T> = { mark: T; line: string; before: string[]; after: string[] }

const cut = (line: string) => (line.length > shown ? `${line.slice(0, shown)}…` : line)

/** The part of a long line around what was found. */
function part(line: string, at: number): string {
  if (line.length <= shown) return line
  const from = Math.max(0, at - shown / 2)
  return `${from > 0 ? '…' : ''}${line.slice(from, from + shown)}${from + shown < line.length ? '…' : ''}`
}

/** Finds lines in a stream of them, each with the lines around it. `T`: what is known of a line besides its text. */
export class LineFinder<T> {
  readonly found: Found<T>[] = []
  #before: string[] = []
  #open: Found<T>[] = []

  constructor(private readonly wanted: RegExp) {}

  push(text: string, mark: T): void {
    if (this.#open.length > 0) {
      for (const each of this.#open) each.after.push(cut(text))
      this.#open = this.#open.filter(({ after }) => after.length < around)
    }
    const at = text.search(this.wanted)
    if (at >= 0) {
      const found = { mark, line: part(text, at), before: this.#before.map(cut), after: [] }
      this.found.push(found)
      this.#open.push(found)
    }
    this.#before.push(text)
    if (this.#before.length > around) this.#before.shift()
  }

  /** How many were found, and have all that stands around them. */
  get whole(): number {
    return this.found.length - this.#open.length
  }
}
