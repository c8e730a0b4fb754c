import type { Duplex } from 'node:stream'

/** What is held unread before the stream is paused. */
const most = 1024 * 1024

/** Reads a stream in pieces of a known size. It listens all the time: a stream that is asked piece by piece tells again and again of bytes that are too few. */
export class Bytes {
  #chunks: Buffer[] = []
  #length = 0
  #ended = false
  #wanted = 0
  #wake: () => void = () => {}

  constructor(private readonly stream: Duplex) {
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#length += chunk.length
      if (this.#length >= this.#wanted) this.#wake()
      if (this.#length > Math.max(most, this.#wanted)) stream.pause()
    })
    const end = () => {
      this.#ended = true
      this.#wake()
    }
    for (const name of ['end', 'close', 'error']) stream.on(name, end)
  }

  /** Exactly `size` bytes. Rejects when the stream ends before. One at a time. */
  async take(size: number): Promise<Buffer> {
    while (this.#length < size) {
      if (this.#ended) throw new Error('The screen was closed by the host')
      this.#wanted = size
      this.stream.resume()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wanted = 0
    }
    return this.#cut(size)
  }

  #cut(size: number): Buffer {
    this.#length -= size
    const parts: Buffer[] = []
    for (let left = size; left > 0; ) {
      const first = this.#chunks[0]
      if (!first) break
      parts.push(first.subarray(0, left))
      if (first.length > left) this.#chunks[0] = first.subarray(left)
      else this.#chunks.shift()
      left -= first.length
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }
}
