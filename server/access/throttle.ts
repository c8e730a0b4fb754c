export type ThrottleRule = {
  /** Tries that cost nothing. */
  free: number
  /** The longest wait, seconds. The wait doubles with each failure beyond the free ones, from 1 s. */
  maxSeconds: number
}

export interface Throttle {
  /** Seconds to wait before another try with this key, 0 when it may be now. */
  wait(key: string): number
  /** Counts a try before its outcome is known, so that tries made at once count too. */
  count(key: string): void
  /** Takes a try back: it was right. */
  forgive(key: string): void
  /** Forgets the key: its owner got in. */
  clear(key: string): void
}

type Entry = { failures: number; lastAt: number }

/** Growing delays per key, in memory. Failures are forgotten after an hour of quiet; at most `size` keys are kept. */
export function createThrottle(rule: ThrottleRule, now: () => number = Date.now, size = 10_000): Throttle {
  const entries = new Map<string, Entry>()
  const hour = 3_600_000

  function current(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry && now() - entry.lastAt > hour) {
      entries.delete(key)
      return undefined
    }
    return entry
  }

  return {
    wait(key) {
      const entry = current(key)
      if (!entry || entry.failures < rule.free) return 0
      const delay = Math.min(rule.maxSeconds, 2 ** (entry.failures - rule.free)) * 1000
      return Math.max(0, Math.ceil((entry.lastAt + delay - now()) / 1000))
    },
    count(key) {
      const failures = (current(key)?.failures ?? 0) + 1
      // Put at the end: the oldest key is the first to go when there are too many.
      entries.delete(key)
      entries.set(key, { failures, lastAt: now() })
      if (entries.size > size) for (const oldest of entries.keys()) if (entries.delete(oldest)) break
    },
    forgive(key) {
      const entry = entries.get(key)
      if (!entry) return
      if (entry.failures <= 1) entries.delete(key)
      else entry.failures--
    },
    clear(key) {
      entries.delete(key)
    },
  }
}
