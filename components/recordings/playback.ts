import type { CastFile } from './cast-file'

/** What a recording is played on. */
export type Screen = {
  /** `drawn` is called once it is understood. */
  write(text: string, drawn: () => void): void
  /** Empties it. */
  reset(cols: number, rows: number): void
  resize(cols: number, rows: number): void
}
export type Frames = { now(): number; next(run: (now: number) => void): number; cancel(id: number): void }

export type PlayState = {
  playing: boolean
  /** Seconds of the recording. */
  position: number
  /** On the way to another position. */
  seeking: boolean
  ended: boolean
  speed: number
  skipIdle: boolean
}

export const speeds = [0.5, 1, 2, 4, 8, 16] as const
/** A pause of the recording lasts no longer than this when pauses are skipped, seconds of the recording. */
const longestPause = 2
/** Written and not yet understood by the screen: beyond it the clock waits. */
const mostPending = 1 << 20
/** Given to the screen at once on the way to another position. */
const stride = 1 << 18
/** Between two tellings while it plays, ms. */
const tellMs = 100

/** Plays a cast on a screen: at its own pace, faster, or in a hurry to a position. Time stands still while nobody looks. */
export class Playback {
  state: PlayState = { playing: false, position: 0, seeking: false, ended: false, speed: 1, skipIdle: true }
  /** The next event. */
  #index = 0
  #pending = 0
  #frame: number | null = null
  #last = 0
  #told = 0
  #journey = 0
  #begun = false
  readonly #listeners = new Set<() => void>()

  constructor(
    private readonly file: CastFile,
    private readonly screen: Screen,
    private readonly frames: Frames,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  snapshot = (): PlayState => this.state

  #set(change: Partial<PlayState>): void {
    this.state = { ...this.state, ...change }
    this.#told = this.frames.now()
    for (const listener of this.#listeners) listener()
  }

  play(): void {
    if (this.state.playing) return
    if (this.state.ended) void this.seek(0)
    this.#set({ playing: true, ended: false })
    this.#last = this.frames.now()
    this.#again()
  }
  pause(): void {
    if (this.#frame !== null) this.frames.cancel(this.#frame)
    this.#frame = null
    if (this.state.playing) this.#set({ playing: false })
  }
  toggle(): void {
    if (this.state.playing) this.pause()
    else this.play()
  }
  speed(speed: number): void {
    this.#set({ speed })
  }
  skipIdle(skipIdle: boolean): void {
    this.#set({ skipIdle })
  }

  #again(): void {
    this.#frame = this.frames.next((now) => this.#tick(now))
  }

  #tick(now: number): void {
    const { file } = this
    // A tab that was hidden was not watched.
    const passed = Math.min(now - this.#last, 250) / 1000
    this.#last = now
    this.#again()
    if (this.state.seeking || this.#pending > mostPending || !this.#begin()) return
    const next = file.timeOf(this.#index)
    if (next === Number.POSITIVE_INFINITY) {
      if (!file.done) return
      this.pause()
      this.#set({ ended: true, position: file.seconds })
      return
    }
    let position = this.state.position + passed * this.state.speed
    const before = this.#index > 0 ? file.timeOf(this.#index - 1) : 0
    if (this.state.skipIdle && next - before > longestPause && position - before > longestPause) position = Math.max(position, next)
    this.#give(position, mostPending)
    const state = { ...this.state, position: Math.min(position, file.timeOf(this.#index), Math.max(file.seconds, position)) }
    this.state = state
    if (now - this.#told >= tellMs) this.#set({})
  }

  #begin(): boolean {
    const { size } = this.file
    if (!size) return false
    if (!this.#begun) this.screen.reset(size.cols, size.rows)
    this.#begun = true
    return true
  }

  /** Gives the screen events up to a time, about `most` characters of them. Resolves once it has understood them. */
  #give(until: number, most: number): Promise<void> {
    const { file, screen } = this
    let text = ''
    let given = 0
    const waits: Promise<void>[] = []
    const flush = () => {
      if (text === '') return
      const length = text.length
      const piece = text
      text = ''
      this.#pending += length
      waits.push(
        new Promise((resolve) =>
          screen.write(piece, () => {
            this.#pending -= length
            resolve()
          }),
        ),
      )
    }
    for (; given < most && file.timeOf(this.#index) <= until; this.#index++) {
      const code = file.codeOf(this.#index)
      if (code === 'o') {
        const data = file.read(this.#index)
        text += data
        given += data.length
      } else if (code === 'r') {
        flush()
        const [cols = 0, rows = 0] = file.read(this.#index).split('x').map(Number)
        // What was printed before is laid out for the size before.
        if (cols > 0 && rows > 0) waits.push(new Promise((resolve) => screen.write('', () => resolve(screen.resize(cols, rows)))))
      }
    }
    flush()
    return Promise.all(waits).then(() => {})
  }

  /** Goes to a second of the recording: forth by playing what lies between in a hurry, back from the beginning. */
  async seek(to: number): Promise<void> {
    const journey = ++this.#journey
    const mine = () => journey === this.#journey
    const { file } = this
    this.#set({ seeking: true, ended: false, position: Math.max(0, to) })
    while (!file.size && !file.done && mine()) await file.more()
    if (!mine() || !file.size) return
    if (this.#index > 0 && file.timeOf(this.#index - 1) > to) {
      this.#begun = false
      this.#index = 0
    }
    this.#begin()
    while (mine()) {
      if (file.timeOf(this.#index) <= to) await this.#give(to, stride)
      else if (this.#index === file.count && !file.done) await file.more()
      else break
    }
    if (!mine()) return
    this.#last = this.frames.now()
    this.#set({ seeking: false, position: Math.min(Math.max(0, to), file.seconds) })
  }

  close(): void {
    this.#journey++
    this.pause()
    this.#listeners.clear()
  }
}
