/** Calls `act` at once, then at most every `everyMs`, the last call never lost. `stop` drops a call that waits. */
export function throttle(everyMs: number, act: () => void): { call(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null
  let again = false
  const tick = () => {
    timer = null
    if (again) run()
  }
  const run = () => {
    again = false
    act()
    timer = setTimeout(tick, everyMs)
    timer.unref()
  }
  return {
    call() {
      if (timer) again = true
      else run()
    },
    stop() {
      if (timer) clearTimeout(timer)
      timer = null
      again = false
    },
  }
}
