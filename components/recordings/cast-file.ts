const newline = 10
const bracket = 91
const comma = 44
const dot = 46
const quoteMark = 34

export type Mark = { at: number; label: string }

/**
 * A cast as it arrives, asciicast version 2. Its bytes are kept as they are and events are read from them when they are shown, so
 * that a long one costs no more memory than its size; taking a piece in costs one look at each byte.
 */
export class CastFile {
  #bytes = new Uint8Array(1 << 16)
  #length = 0
  /** The beginning of the line that is not whole yet. */
  #line = 0
  readonly #times: number[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly marks: Mark[] = []
  /** Null until its first line is there. */
  size: { cols: number; rows: number } | null = null
  /** All of it is there. */
  done = false
  #waiters: (() => void)[] = []

  get count(): number {
    return this.#times.length
  }
  /** Bytes so far. */
  get length(): number {
    return this.#length
  }
  /** The time of the last event so far, seconds. */
  get seconds(): number {
    return this.#times.at(-1) ?? 0
  }
  timeOf(index: number): number {
    return this.#times[index] ?? Number.POSITIVE_INFINITY
  }

  /** Resolves when more is there, or it is known that there is none. */
  more(): Promise<void> {
    return this.done ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve))
  }
  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter()
  }
  end(): void {
    this.done = true
    this.#wake()
  }

  append(piece: Uint8Array): void {
    if (this.#length + piece.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + piece.length))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(piece, this.#length)
    const before = this.#length
    this.#length += piece.length
    let at = this.#bytes.subarray(0, this.#length).indexOf(newline, before)
    while (at >= 0) {
      this.#take(this.#line, at)
      this.#line = at + 1
      at = this.#bytes.subarray(0, this.#length).indexOf(newline, this.#line)
    }
    this.#wake()
  }

  #take(from: number, to: number): void {
    if (!this.size) {
      const { width, height } = JSON.parse(this.#text(from, to)) as { width?: unknown; height?: unknown }
      if (typeof width !== 'number' || typeof height !== 'number') throw new Error('This is no cast')
      this.size = { cols: width, rows: height }
      return
    }
    if (this.#bytes[from] !== bracket) return
    const time = this.#number(from + 1, to)
    if (time === null) return
    // Times that go back would hide what comes after them.
    this.#times.push(Math.max(time, this.seconds))
    this.#starts.push(from)
    this.#ends.push(to)
    if (this.codeOf(this.count - 1) === 'm') this.marks.push({ at: time, label: this.read(this.count - 1) })
  }

  /** The number that stands at `from`, up to its comma. */
  #number(from: number, to: number): number | null {
    let value = 0
    let scale = 0
    for (let at = from; at < to; at++) {
      const byte = this.#bytes[at] ?? 0
      if (byte === comma) return value
      if (byte === dot) scale = 1
      else if (byte >= 48 && byte <= 57) {
        if (scale === 0) value = value * 10 + byte - 48
        else {
          scale /= 10
          value += (byte - 48) * scale
        }
      } else if (byte !== 32) return Number(this.#text(from, Math.min(to, from + 32)).split(',', 1)[0]) || null
    }
    return null
  }

  #text(from: number, to: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(from, to))
  }

  /** `o` output, `i` input, `r` size, `m` mark. */
  codeOf(index: number): string {
    const at = this.#bytes.subarray(0, this.#ends[index] ?? 0).indexOf(quoteMark, this.#starts[index])
    return at < 0 ? '' : String.fromCharCode(this.#bytes[at + 1] ?? 0)
  }
  /** The text of an event. */
  read(index: number): string {
    try {
      const [, , data] = JSON.parse(this.#text(this.#starts[index] ?? 0, this.#ends[index] ?? 0)) as unknown[]
      return typeof data === 'string' ? data : ''
    } catch {
      return ''
    }
  }
}
