import { ExecError } from '../exec/error'
import type { Exec, Followed } from '../exec/types'
import type { LogPlace } from './kept-folder'
import type { ConsoleLimits } from './limits'
import { endInLog } from './log-place'
import { Stitch } from './stitch'

/** What is known of the end of what a guest said: its last bytes, and where they are in its log. */
export type Ending = { tail: Buffer; place: LogPlace | null }

/** Read of the log besides what is needed, so that the last bytes are in it. */
const slack = 4096

export type LogPort = {
  limits: ConsoleLimits
  exec(): Exec
  /** The guest's bytes, each once. */
  onBytes(bytes: Uint8Array): void
  /** The place could not be found again: bytes may be missing before those that come next. `anew`: the log is shorter than it was. */
  onGap(anew: boolean): void
  /** Where in the log the last of the bytes given ends. */
  onPlace(place: LogPlace): void
  /** The terminal has taken over. */
  onLive(): void
  /** The host is lost while only the log tells. */
  onLost(): void
}

/** A guest's log: followed until its terminal has taken over, and asked what was missed when one goes on after a break. */
export class LogFeed {
  #file: Followed | null = null
  #closed = false
  readonly tape: Stitch
  /** Bytes of the file that were handed over. */
  #read = 0
  /** What comes while it is being found out where to go on; null when it is known. */
  #held: Buffer[] | null = null

  constructor(
    private readonly path: string,
    private readonly port: LogPort,
  ) {
    this.tape = new Stitch(
      (bytes) => this.#tell(bytes),
      () => this.#live(),
    )
  }

  #tell(bytes: Uint8Array): void {
    if (this.#held) this.#held.push(Buffer.from(bytes))
    else this.port.onBytes(bytes)
  }

  #live(): void {
    this.#noted()
    this.#file?.close()
    this.#file = null
    this.port.onLive()
  }

  /** All that the log gave was said: a place that is known for sure. */
  #noted(): void {
    if (this.#file && !this.#held) this.port.onPlace({ path: this.path, offset: this.#file.start + this.#read - this.tape.held })
  }

  /**
   * Begins: with the last `tailBytes`, or where `ending` stands in the log. Resolves once what was there is told.
   * Rejects when the host cannot be reached. False where there is no log to read.
   */
  async begin(tailBytes: number, ending: Ending | null): Promise<boolean> {
    const { port, path } = this
    const expected = ending?.place?.path === path ? ending.place.offset : null
    this.#held = ending ? [] : null
    const bytes = ending ? await this.#enough(expected) : tailBytes
    const early: { file?: Followed } = {}
    try {
      const onLost = () => !this.tape.live && !this.#closed && port.onLost()
      early.file = await port.exec().follow(path, { tailBytes: bytes, onLost }, (piece) => {
        this.#read += piece.length
        this.tape.fromLog(piece)
      })
    } catch (error) {
      if (error instanceof ExecError && (error.reason === 'lost' || error.reason === 'connect')) throw error
      this.#release(0)
      return false
    }
    if (ending) await this.#join(early.file.start, ending.tail, expected).catch(() => this.#release(0))
    if (this.#closed || this.tape.live) early.file.close()
    else this.#file = early.file
    this.#noted()
    return true
  }

  /** How much of the end of the log holds the place. */
  async #enough(expected: number | null): Promise<number> {
    const { ringBytes } = this.port.limits
    const size = (await this.port.exec().stat(this.path))?.size ?? 0
    return expected === null || size < expected ? ringBytes : Math.min(ringBytes, size - expected + slack)
  }

  async #join(begin: number, tail: Buffer, expected: number | null): Promise<void> {
    const front = await this.#front(begin, expected)
    const start = begin - front.length
    const known = Buffer.concat([front, ...(this.#held ?? [])])
    this.#held = [known]
    const at = endInLog(known, start, tail, expected)
    if (at >= 0) {
      this.#release(at)
      return
    }
    const before = start === 0 ? await this.#rotated(tail, expected) : null
    if (before) {
      this.port.onBytes(before)
      this.#release(0)
      return
    }
    // Nothing was said before, or the log is empty: then nothing can be missing.
    if (known.length > 0 || tail.length > 0) this.port.onGap(expected !== null && start + known.length < expected)
    const wanted = expected === null ? -1 : expected - start
    this.#release(wanted >= 0 && wanted <= known.length ? wanted : Math.max(0, known.length - this.port.limits.historyBytes))
  }

  /** What is missing before the byte it begins with: the log grew between the look at its size and the reading. */
  async #front(begin: number, expected: number | null): Promise<Uint8Array> {
    const from = Math.max(0, (expected ?? begin) - slack)
    if (from >= begin || begin - from > this.port.limits.ringBytes) return new Uint8Array(0)
    const bytes = await this.port.exec().readFile(this.path, { offset: from, maxBytes: begin - from })
    return bytes.length === begin - from ? bytes : new Uint8Array(0)
  }

  /** The rest of the file that was the log before a rotation, where the place is in it. */
  async #rotated(tail: Buffer, expected: number | null): Promise<Uint8Array | null> {
    const max = this.port.limits.ringBytes
    const start = Math.max(0, (expected ?? 0) - slack)
    const bytes = await this.port
      .exec()
      .readFile(`${this.path}.0`, { offset: expected === null ? -max : start, maxBytes: max })
      .catch(() => null)
    if (!bytes) return null
    const log = Buffer.from(bytes)
    const at = endInLog(log, expected === null ? 0 : start, tail, expected)
    return at < 0 ? null : log.subarray(at)
  }

  /** Tells what was held from there on; from now on everything is told at once. */
  #release(at: number): void {
    const rest = Buffer.concat(this.#held ?? []).subarray(at)
    this.#held = null
    if (rest.length > 0) this.port.onBytes(rest)
  }

  hold(held: boolean): void {
    if (held) this.#file?.pause()
    else this.#file?.resume()
  }

  close(): void {
    this.#closed = true
    this.#file?.close()
    this.#file = null
    this.tape.close()
  }
}
