import { type FileHandle, open } from 'node:fs/promises'

/** Characters of events that wait to be written: of one recording, and of all together. */
export const writeLimits = { one: 4 * 1024 * 1024, all: 64 * 1024 * 1024 }
/** Between two writes, ms: what a crash may lose. */
const writeMs = 200

export type CastHeader = { cols: number; rows: number; startedAt: number; title: string }
export type CastCode = 'o' | 'i' | 'r' | 'm'

/** What all writers together hold in memory. */
export type Waiting = { characters: number }

/**
 * Writes a terminal's events behind them, as asciicast version 2 (docs.asciinema.org/manual/asciicast/v2): a header and then one
 * JSON array a line, so that a file whose writer was killed still reads. It never holds anybody back: what does not fit
 * into its memory is dropped, and the file says where and how much.
 */
export class CastWriter {
  #lines: string[] = []
  #held = 0
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void>
  #file: FileHandle | null = null
  #ended = false
  #size = 0
  #seconds = 0
  #started: number

  /** `onFault` is called once, when the file cannot be written: nothing more is then. `clock`: ms, never going back. */
  constructor(
    path: string,
    header: CastHeader,
    private readonly waiting: Waiting,
    private readonly onFault: (error: unknown) => void,
    private readonly clock: () => number = () => performance.now(),
    private readonly limits = writeLimits,
  ) {
    this.#started = clock()
    const { cols: width, rows: height, startedAt, title } = header
    this.#push(
      `${JSON.stringify({ version: 2, width, height, timestamp: Math.floor(startedAt / 1000), title, env: { TERM: 'xterm-256color' } })}\n`,
    )
    this.#writing = open(path, 'wx', 0o600).then(
      (file) => {
        this.#file = file
      },
      (error: unknown) => this.#fail(error),
    )
  }

  /** Bytes so far, those not written yet included. */
  get size(): number {
    return this.#size
  }
  /** When the last event was, in seconds from the beginning. */
  get seconds(): number {
    return this.#seconds
  }

  /** Takes an event of now. Returns at once. */
  event(code: CastCode, data: string): void {
    if (this.#ended) return
    if (this.#held + data.length > this.limits.one || this.waiting.characters + data.length > this.limits.all) {
      this.#dropped += data.length
      return
    }
    if (this.#dropped > 0) {
      const lost = this.#dropped
      this.#dropped = 0
      this.event('m', `${lost} characters are missing here: they came faster than they could be written`)
    }
    // Whole milliseconds would do; microseconds keep the order of a burst visible.
    this.#seconds = Math.max(this.#seconds, Math.round((this.clock() - this.#started) * 1000) / 1e6)
    this.#push(`[${this.#seconds}, "${code}", ${JSON.stringify(data)}]\n`)
  }

  #push(line: string): void {
    this.#lines.push(line)
    this.#held += line.length
    this.waiting.characters += line.length
    this.#size += Buffer.byteLength(line)
    this.#timer ??= setTimeout(() => void this.flush(), writeMs).unref()
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#fail(error))
    return this.#writing
  }

  async #write(): Promise<void> {
    const text = this.#lines.join('')
    this.#lines = []
    if (text && this.#file) await this.#file.appendFile(text)
    this.#held -= text.length
    this.waiting.characters -= text.length
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#lines = []
    this.waiting.characters -= this.#held
    this.#held = 0
    clearTimeout(this.#timer)
    this.onFault(error)
  }

  /** Writes the rest. Never rejects. */
  async close(): Promise<void> {
    if (this.#dropped > 0) this.event('m', `${this.#dropped} characters are missing here: they came faster than they could be written`)
    await this.flush()
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#file?.close().catch(() => {})
    this.#file = null
  }
}
