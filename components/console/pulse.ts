type Options = {
  /** Asks the other side for a sign of life. */
  ask(): void
  /** Nothing came back. */
  onDead(): void
  /** How long a quiet connection is trusted, ms. */
  idleMs?: number
  /** How long an answer may take, ms. */
  waitMs?: number
}

/** As much as proxies and translators of addresses forget in a minute, and less. */
const usualIdle = 20_000
/** A page that draws a flood on a slow machine answers late. */
const usualWait = 8_000
/** When there is a reason to doubt, such as another network, a new connection is the cheaper mistake. */
const wakeWait = 2_500
/** After this much silence, ms, what is typed is worth a question. */
const doubtful = 5_000

/**
 * Tells a quiet connection from a dead one. A page is not told that its network changed, that the laptop slept, or that a
 * device between forgot it: its socket stays open, and nothing comes any more.
 */
export class Pulse {
  #timer: ReturnType<typeof setTimeout> | undefined
  #waiting = false
  #last = 0
  readonly #wake = (): void => {
    if (typeof document === 'undefined' || document.visibilityState === 'visible') this.check(wakeWait)
  }

  constructor(private readonly options: Options) {
    if (typeof window !== 'undefined') {
      window.addEventListener('online', this.#wake)
      document.addEventListener('visibilitychange', this.#wake)
    }
    this.beat()
  }

  /** Something came. */
  beat(): void {
    this.#waiting = false
    this.#last = Date.now()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.check(), this.options.idleMs ?? usualIdle)
  }

  /** Something was sent that should be answered. */
  sent(): void {
    if (!this.#waiting && Date.now() - this.#last > doubtful) this.check()
  }

  /** Asks now: there is reason to doubt. */
  check(waitMs = this.options.waitMs ?? usualWait): void {
    this.#waiting = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.end()
      this.options.onDead()
    }, waitMs)
    this.options.ask()
  }

  end(): void {
    clearTimeout(this.#timer)
    if (typeof window === 'undefined') return
    window.removeEventListener('online', this.#wake)
    document.removeEventListener('visibilitychange', this.#wake)
  }
}
