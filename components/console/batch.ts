import { joined, type Keeps, Skim } from './skim'

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
/** When nothing came for so long, ms, a flood is over, and its end is drawn at once. */
const lull = 16
/** What should be under way: so many ms of drawing. More would make Ctrl-C late, less would leave the terminal waiting. */
const ahead = 80

/**
 * Hands bytes to a terminal: small ones at once, a flood in large pieces at a calm pace. One write at a time, and
 * everything that came meanwhile in the next. Of a flood of plain lines it hands over only those that can be seen, and those that remain once it is over.
 */
export class Batch {
  /** How many bytes should be under way, by the speed seen; until then as many as the server begins with. */
  window = 1024 * KiB
  #waiting: Waiting[] = []
  #size = 0
  #writing = false
  /** Bytes of late, at the time of the last write. */
  #recent = 0
  #startedAt = 0
  /** Since when nothing came, as far as can be told: while a piece is written, what comes is not heard of. */
  #silentAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #skim = new Skim()

  /** `keeps`: null where all has to be drawn. Asked between two writes. */
  constructor(
    private readonly write: (bytes: Uint8Array, done: () => void) => void,
    private readonly keeps: () => Keeps | null,
  ) {}

  push(bytes: Uint8Array, drawn: () => void): void {
    this.#waiting.push({ bytes, drawn })
    this.#size += bytes.length
    this.#silentAt = performance.now()
    this.#consider()
  }

  /** What was not drawn yet is of no use any more. */
  reset(): void {
    clearTimeout(this.#timer)
    const dropped = this.#waiting.splice(0)
    this.#size = 0
    this.#skim = new Skim()
    for (const { drawn } of dropped) drawn()
  }

  #consider(): void {
    if (this.#writing) return
    clearTimeout(this.#timer)
    const wait = Math.min(this.#startedAt + pause, this.#silentAt + lull) - performance.now()
    if (this.#size === 0) {
      if (this.#skim.owes) this.#timer = setTimeout(() => this.#hand(this.#skim.settle()), Math.max(0, wait))
    } else if (this.#recent >= flood && this.#size < this.window / 2 && wait > 0) this.#timer = setTimeout(() => this.#next(), wait)
    else this.#next()
  }

  #next(): void {
    const taken = this.#take()
    const bytes = joined(taken.map((each) => each.bytes))
    const now = performance.now()
    this.#recent = this.#recent * 0.5 ** ((now - this.#startedAt) / halfLife) + bytes.length
    this.#startedAt = now
    this.#hand(this.#skim.cut(bytes, this.keeps(), this.#recent >= flood && now < this.#silentAt + lull), () => {
      if (bytes.length >= learnFrom) this.#learn(bytes.length / Math.max(1, performance.now() - this.#startedAt))
      for (const { drawn } of taken) drawn()
    })
  }

  #hand(bytes: Uint8Array, done = () => {}): void {
    this.#writing = true
    this.write(bytes, () => {
      this.#writing = false
      this.#silentAt = performance.now()
      done()
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
