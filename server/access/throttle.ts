export type ThrottleRule = {
  /** Tries that cost nothing. */
  free: number
  /** The longest wait, seconds. The wait doubles with each failure beyond the free ones, from 1 s. */
  maxSeconds: number
}

export interface Throttle {
  /** Seconds to wait before another try with this key, 0 when it may be now. */
  wait(key: string): number
  /** Counts a try before its outcome is known, so that tries made at once count too. Resolves once that is kept. */
  count(key: string): Promise<void>
  /** Takes a try back: it was right. */
  forgive(key: string): Promise<void>
  /** Forgets the key: its owner got in. */
  clear(key: string): Promise<void>
}

export type Entry = { failures: number; lastAt: number }

/** Where entries outlive the server. `save` with null forgets the key. Neither may reject: what cannot be kept still counts now. */
export type Keep = { load(since: number): Promise<[key: string, entry: Entry][]>; save(key: string, entry: Entry | null): Promise<void> }

type Options = {
  keep: Keep
  /** ms since 1970 */
  now?: () => number
  /** At most so many keys; the one tried longest ago goes first. */
  size?: number
}

const hour = 3_600_000

/** Growing delays per key. Failures are forgotten after an hour of quiet. Resolves once what was kept is known again. */
export async function createThrottle(rule: ThrottleRule, { keep, now = Date.now, size = 10_000 }: Options): Promise<Throttle> {
  const entries = new Map((await keep.load(now() - hour)).sort(([, a], [, b]) => a.lastAt - b.lastAt))

  function current(key: string): Entry | undefined {
    const entry = entries.get(key)
    return entry && now() - entry.lastAt <= hour ? entry : undefined
  }

  function set(key: string, entry: Entry): Promise<void> {
    // Put at the end: the oldest key is the first to go when there are too many.
    entries.delete(key)
    entries.set(key, entry)
    return keep.save(key, entry)
  }

  async function drop(key: string): Promise<void> {
    if (entries.delete(key)) await keep.save(key, null)
  }

  return {
    wait(key) {
      const entry = current(key)
      if (!entry || entry.failures < rule.free) return 0
      const delay = Math.min(rule.maxSeconds, 2 ** (entry.failures - rule.free)) * 1000
      return Math.max(0, Math.ceil((entry.lastAt + delay - now()) / 1000))
    },
    async count(key) {
      const saved = set(key, { failures: (current(key)?.failures ?? 0) + 1, lastAt: now() })
      const [oldest] = entries.size > size ? entries.keys() : []
      await Promise.all([saved, oldest === undefined ? null : drop(oldest)])
    },
    async forgive(key) {
      const entry = entries.get(key)
      if (!entry) return
      if (entry.failures <= 1) await drop(key)
      else await set(key, { ...entry, failures: entry.failures - 1 })
    },
    clear: drop,
  }
}
