/** How long a guest may take to echo a key, ms. A password is never echoed. */
const echo = 60
/** How long it is quiet until it counts as done with a line, and how long a prompt may take after one: a login asks for the password late. */
const quiet = 80
const longest = 2500
/** How long a prompt is waited for before what follows is kept from everybody's eyes: without it, the guest would show that, and a login throw it away. */
const longestHidden = 30_000
/** After so many lines without a prompt there is a program that has none, such as `cat`. What was long ago does not count. */
const unprompted = 2
const memory = 5000

/** Hears when output came, so that typed text can wait for its echo and for the next prompt. */
export class Output {
  #count = 0
  #at = 0
  #missed = 0
  #lineAt = 0
  #waiting = new Set<() => void>()

  /** `prompted`: whether the cursor stands behind something, as behind a prompt. `mark`: what tells later whether it has left its line. */
  constructor(
    private readonly prompted: () => boolean,
    private readonly mark: () => { left(): boolean; dispose(): void },
  ) {}

  came(): void {
    this.#count++
    this.#at = performance.now()
    for (const wake of this.#waiting) wake()
  }

  /** Resolves once the guest has answered what was just typed, or is not going to; after a line it waits for a prompt. */
  async answer(line: boolean, signal: AbortSignal, hidden = false): Promise<void> {
    // A slow guest has not echoed the line yet, and the cursor stands behind the prompt before it.
    const mark = hidden && line ? this.mark() : undefined
    try {
      await this.#answer(line, signal, mark?.left)
    } finally {
      mark?.dispose()
    }
  }

  async #answer(line: boolean, signal: AbortSignal, left?: () => boolean): Promise<void> {
    const before = this.#count
    const began = performance.now()
    await this.#until(() => this.#count > before, echo, signal)
    if (!line) return
    if (began - this.#lineAt > memory) this.#missed = 0
    const patience = this.#missed >= unprompted ? quiet : left ? longestHidden : longest
    const asked = () => this.prompted() && (left?.() ?? true)
    while (performance.now() - began < patience && !(asked() && this.#still <= 0)) {
      const rest = patience - (performance.now() - began)
      const seen = this.#count
      await this.#until(() => this.#count > seen, Math.min(rest, Math.max(this.#still, quiet / 2)), signal)
    }
    this.#missed = asked() ? 0 : this.#missed + 1
    this.#lineAt = performance.now()
  }

  /** How long until it has been quiet long enough. */
  get #still(): number {
    return this.#at + quiet - performance.now()
  }

  #until(done: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => done() && end()
      const end = (error?: unknown) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        signal.removeEventListener('abort', stop)
        if (error === undefined) resolve()
        else reject(error)
      }
      const stop = () => end(signal.reason)
      const timer = setTimeout(() => end(), ms)
      this.#waiting.add(look)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      else look()
    })
  }
}
