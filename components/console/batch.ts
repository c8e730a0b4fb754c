import { Skim } from './skim'

type Waiting = { bytes: Uint8Array; drawn: () => void }

const KiB = 1024
/** It is a flood when more than this came of late: what counts halves every 50 ms. Less never waits. */
const flood = 64 * KiB
const halfLife = 50
const most = 2048 * KiB
/** A smaller piece says nothing about speed. */
const learnFrom = 16 * KiB
/** Between two writes of a flood, ms. Each write costs a frame, and a frame costs more than parsing what it shows. */
const pause = 50
/** What should be under way: so many ms of drawing. More would make Ctrl-C late, less would leave the terminal waiting. */
const ahead = 80

/**
 * Hands bytes to a terminal: small ones at once, a flood in large pieces at a calm pace. One write at a time, and
 * everything that came meanwhile in the next. Of a flood of plain lines it hands over only those that can remain.
 */
export class Batch {
  /** How many bytes should be under way, by the speed seen. */
  window = 256 * KiB
  #waiting: Waiting[] = []
  #size = 0
  #writing = false
  /** Bytes of late, at the time of the last write. */
  #recent = 0
  #startedAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #skim = new Skim()

  /** `kept`: after how many line ends nothing older can be seen; null where all has to be drawn. Asked between two writes. */
  constructor(
    private readonly write: (bytes: Uint8Array, done: () => void) => void,
    private readonly kept: () => number | null,
  ) {}

  push(bytes: Uint8Array, drawn: () => void): void {
    this.#waiting.push({ bytes, drawn })
    this.#size += bytes.length
    this.#consider()
  }

  #consider(): void {
    if (this.#writing || this.#size === 0) return
    const wait = this.#startedAt + pause - performance.now()
    clearTimeout(this.#timer)
    if (this.#recent >= flood && this.#size < this.window / 2 && wait > 0) this.#timer = setTimeout(() => this.#next(), wait)
    else this.#next()
  }

  #next(): void {
    const taken = this.#take()
    const bytes = joined(taken)
    this.#writing = true
    const now = performance.now()
    this.#recent = this.#recent * 0.5 ** ((now - this.#startedAt) / halfLife) + bytes.length
    this.#startedAt = now
    this.write(this.#skim.cut(bytes, this.kept()), () => {
      this.#writing = false
      if (bytes.length >= learnFrom) this.#learn(bytes.length / Math.max(1, performance.now() - this.#startedAt))
      for (const { drawn } of taken) drawn()
      this.#consider()
    })
  }

  #learn(bytesPerMs: number): void {
    this.window = Math.round(0.7 * this.window + 0.3 * Math.min(most, bytesPerMs * ahead))
  }

  #take(): Waiting[] {
    let size = 0
    let count = 0
    for (const { bytes } of this.#waiting) {
      if (count > 0 && size + bytes.length > most) break
      size += bytes.length
      count++
    }
    this.#size -= size
    return this.#waiting.splice(0, count)
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }
}

function joined(parts: Waiting[]): Uint8Array {
  const only = parts[0]
  if (parts.length === 1 && only) return only.bytes
  const all = new Uint8Array(parts.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let at = 0
  for (const { bytes } of parts) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}
