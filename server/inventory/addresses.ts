import type { Guest } from '@/server/model/guest'

/** After these, in all half a minute, a guest without an address is taken for one that has none; the regular list goes on. */
const delays = [1000, 2000, 4000, 8000, 16_000]

/**
 * No engine tells when a guest that was started gets its address, seconds later. Such a guest is read again a few times,
 * until it has one.
 */
export function createAddressWaits(read: (name: string) => void, waits: readonly number[] = delays) {
  const timers = new Map<string, { timer: NodeJS.Timeout; attempt: number }>()

  function wait(name: string, attempt: number): void {
    const timer = setTimeout(read, waits[attempt], name)
    timer.unref()
    timers.set(name, { timer, attempt })
  }

  function stop(name: string): void {
    clearTimeout(timers.get(name)?.timer)
    timers.delete(name)
  }

  return {
    /** To be told of each guest that was read by itself, and how it was before. */
    seen(name: string, before: Guest | undefined, after: Guest | null): void {
      const waiting = timers.get(name)
      if (after?.state !== 'running' || after.addresses.length > 0) {
        stop(name)
        return
      }
      const started = before?.state !== 'running'
      if (!waiting && !started) return
      const attempt = waiting && !started ? waiting.attempt + 1 : 0
      stop(name)
      if (attempt < waits.length) wait(name, attempt)
    },
    close(): void {
      for (const name of [...timers.keys()]) stop(name)
    },
  }
}
