const newline = 10
const chunkBytes = 64 * 1024

/**
 * The last `capacity` bytes of a stream, each with a sequence number: the count of bytes before it.
 * Memory is taken in pieces of 64 KiB, as it fills: a session that has said little has little.
 */
export class Ring {
  readonly capacity: number
  readonly #chunks: (Buffer | undefined)[]
  #end = 0
  /** Nothing before it was ever in this ring. */
  #oldest = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.#chunks = new Array(Math.ceil(capacity / chunkBytes))
  }

  /** Takes up an earlier stream that ended at `end` with `bytes`; only in a ring that is empty. */
  restore(end: number, bytes: Uint8Array): void {
    this.#end = end - bytes.length
    this.#oldest = this.#end
    this.append(bytes)
  }

  /** The sequence number of the next byte to come. */
  get end(): number {
    return this.#end
  }

  /** The oldest byte still kept. */
  get start(): number {
    return Math.max(this.#oldest, this.#end - this.capacity)
  }

  /** Bytes of memory it has taken. */
  get taken(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.length ?? 0), 0)
  }

  /** The place of a byte: its chunk, and where in it. */
  #place(seq: number): [chunk: number, at: number] {
    const position = seq % this.capacity
    const chunk = Math.floor(position / chunkBytes)
    return [chunk, position - chunk * chunkBytes]
  }

  append(bytes: Uint8Array): void {
    let rest = bytes.length > this.capacity ? bytes.subarray(bytes.length - this.capacity) : bytes
    this.#end += bytes.length - rest.length
    while (rest.length > 0) {
      const [index, at] = this.#place(this.#end)
      this.#chunks[index] ??= Buffer.allocUnsafeSlow(Math.min(chunkBytes, this.capacity - index * chunkBytes))
      const chunk = this.#chunks[index]
      const length = Math.min(rest.length, chunk.length - at)
      chunk.set(rest.subarray(0, length), at)
      rest = rest.subarray(length)
      this.#end += length
    }
  }

  /** A copy of at most `max` bytes from `from` on. `from` must not be older than `start`. */
  read(from: number, max: number): Buffer {
    if (from < this.start || from > this.#end) throw new RangeError(`Byte ${from} is not in the ring (${this.start} to ${this.#end})`)
    const copy = Buffer.allocUnsafe(Math.min(max, this.#end - from))
    for (let done = 0; done < copy.length; ) {
      const [index, at] = this.#place(from + done)
      const chunk = this.#chunks[index]
      if (!chunk) throw new RangeError(`Byte ${from + done} was never written`)
      done += chunk.copy(copy, done, at, at + copy.length - done)
    }
    return copy
  }

  /** The first byte of a line at or after `from`, so that a view does not begin inside a character or an escape sequence; `from` when no line begins within 4 KiB. */
  lineStart(from: number): number {
    if (from === 0) return 0
    const index = this.read(from, 4096).indexOf(newline)
    return index < 0 ? from : from + index + 1
  }

  /** Where the last `count` lines after `from` begin; `from` when there are fewer. The line under way counts as one. */
  lastLines(from: number, count: number): number {
    const bytes = this.read(from, this.#end - from)
    let at = bytes.length
    for (let lines = 0; lines < count; lines++) {
      if (at === 0) return from
      at = bytes.lastIndexOf(newline, at - 1)
      if (at < 0) return from
    }
    return from + at + 1
  }
}
