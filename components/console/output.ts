/** How long a guest may take to echo a key, and after a line to begin to answer; ms. A password is never echoed. */
const echo = 60
const begin = 300
/** How long it is quiet until it counts as done with a line, and how long that may take at most. */
const quiet = 80
const longest = 3000

/** Hears when output came, so that typed text can wait for its echo. */
export class Output {
  #count = 0
  #at = 0
  #waiting = new Set<() => void>()

  came(): void {
    this.#count++
    this.#at = performance.now()
    for (const wake of this.#waiting) wake()
  }

  /** Resolves once the guest has answered what was just typed, or is not going to; after a line it also waits until it is quiet. */
  async answer(line: boolean, signal: AbortSignal): Promise<void> {
    const before = this.#count
    const began = performance.now()
    await this.#until(() => this.#count > before, line ? begin : echo, signal)
    if (!line) return
    while (performance.now() - began < longest) {
      const still = this.#at + quiet - performance.now()
      if (still <= 0) return
      await this.#until(() => false, still, signal)
    }
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
