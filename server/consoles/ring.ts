const newline = 10

/**
 * The last `capacity` bytes of a stream, each with a sequence number: the count of bytes before it.
 * Memory is only touched as it fills.
 */
export class Ring {
  readonly capacity: number
  #bytes: Buffer
  #end = 0
  /** Nothing before it was ever in this ring. */
  #oldest = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
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

  append(bytes: Uint8Array): void {
    const kept = bytes.length > this.capacity ? bytes.subarray(bytes.length - this.capacity) : bytes
    const at = (this.#end + bytes.length - kept.length) % this.capacity
    const first = Math.min(kept.length, this.capacity - at)
    this.#bytes.set(kept.subarray(0, first), at)
    this.#bytes.set(kept.subarray(first), 0)
    this.#end += bytes.length
  }

  /** A copy of at most `max` bytes from `from` on. `from` must not be older than `start`. */
  read(from: number, max: number): Buffer {
    if (from < this.start || from > this.#end) throw new RangeError(`Byte ${from} is not in the ring (${this.start} to ${this.#end})`)
    const length = Math.min(max, this.#end - from)
    const at = from % this.capacity
    const first = Math.min(length, this.capacity - at)
    if (first === length) return Buffer.from(this.#bytes.subarray(at, at + length))
    return Buffer.concat([this.#bytes.subarray(at), this.#bytes.subarray(0, length - first)])
  }

  /** The first byte of a line at or after `from`, so that a view does not begin inside a character or an escape sequence; `from` when no line begins within 4 KiB. */
  lineStart(from: number): number {
    if (from === 0) return 0
    const index = this.read(from, 4096).indexOf(newline)
    return index < 0 ? from : from + index + 1
  }
}
