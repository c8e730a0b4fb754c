import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'

/** One stream of zlib over many rectangles, as the encoding of that name wants it. Work is done outside the event loop. */
export class Packer {
  /** 1 fast, 9 small; may be changed at any time. */
  level = 1
  #used = 1
  readonly #deflate: Deflate = createDeflate({ level: 1, flush: constants.Z_SYNC_FLUSH, chunkSize: 64 * 1024 })
  #out: Buffer[] = []

  constructor() {
    this.#deflate.on('data', (bytes: Buffer) => this.#out.push(bytes))
    // Who waits is told when it closes.
    this.#deflate.on('error', () => {})
  }

  /** Packs bytes to their end. Rejects when it is closed meanwhile. One at a time. */
  async pack(bytes: Buffer): Promise<Buffer> {
    if (this.level !== this.#used) {
      this.#used = this.level
      await this.#done((done) => this.#deflate.params(this.#used, constants.Z_DEFAULT_STRATEGY, done))
    }
    await this.#done((done) => this.#deflate.write(bytes, done))
    return Buffer.concat(this.#out.splice(0))
  }

  #done(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const closed = () => reject(new Error('It was closed'))
      if (this.#deflate.destroyed) return closed()
      this.#deflate.once('close', closed)
      act((error) => {
        this.#deflate.off('close', closed)
        if (error) reject(error)
        // What was packed last is handed on after this turn.
        else setImmediate(resolve)
      })
    })
  }
  close(): void {
    this.#deflate.destroy()
  }
}

/** The other way round: what a server packed. */
export class Unpacker {
  readonly #inflate: Inflate = createInflate()
  #wanted = Buffer.alloc(0)
  #got = 0
  #done: (() => void) | null = null
  #fail: ((error: Error) => void) | null = null

  constructor() {
    this.#inflate.on('data', (bytes: Buffer) => {
      if (this.#got + bytes.length > this.#wanted.length) return this.#fail?.(new Error('The screen sent more than it had said'))
      bytes.copy(this.#wanted, this.#got)
      this.#got += bytes.length
      if (this.#got === this.#wanted.length) this.#done?.()
    })
    this.#inflate.on('error', () => this.#fail?.(new Error('The screen sent what cannot be unpacked')))
  }

  /** Exactly `size` bytes. Rejects when there are more, fewer, or none that can be read. One at a time. */
  unpack(bytes: Buffer, size: number): Promise<Buffer> {
    this.#wanted = Buffer.alloc(size)
    this.#got = 0
    return new Promise((resolve, reject) => {
      this.#fail = reject
      this.#done = () => resolve(this.#wanted)
      this.#inflate.write(bytes, () => {
        setImmediate(() => {
          if (this.#got < size) reject(new Error('The screen sent less than it had said'))
        })
      })
    })
  }
  close(): void {
    this.#inflate.destroy()
  }
}
