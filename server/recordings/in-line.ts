/** Does one thing after the other, in the order they were given. What fails is told, and the rest goes on. */
export function createLine(onFault: (error: unknown) => void) {
  let last: Promise<void> = Promise.resolve()
  let ended = false
  return {
    add(work: () => Promise<unknown>): void {
      last = last.then(() => (ended ? undefined : work())).then(() => {}, onFault)
    },
    /** Resolves when what was given before is done. */
    end: () => last,
    /** Resolves when what is being done now is done; what waits is not begun any more. */
    cut(): Promise<void> {
      ended = true
      return last
    },
  }
}
