type Entry<T> = { running: Promise<T>; next?: Promise<T>; chained: number }

/** After this many reads in one go without a pause, the next ones are spaced. */
const freely = 10
const spaceMs = 250

export type Latest<T> = {
  /** Reads `key`; the read starts after this call, so that what it gives is never older than the question. */
  ask(key: string): Promise<T>
  /** Keys being read now. */
  readonly size: number
}

/**
 * One read per key at a time, and none lost: whoever asks while a read runs gets the one after it, together with all
 * others who ask meanwhile. The first one starts at once; only a storm of them is slowed down.
 */
export function createLatest<T>(work: (key: string) => Promise<T>): Latest<T> {
  const entries = new Map<string, Entry<T>>()

  function start(key: string, chained: number): Promise<T> {
    const running = work(key)
    const entry: Entry<T> = { running, chained }
    entries.set(key, entry)
    const settle = () => {
      if (!entry.next) entries.delete(key)
    }
    running.then(settle, settle)
    return running
  }

  async function follow(key: string, entry: Entry<T>): Promise<T> {
    await entry.running.catch(() => {})
    if (entry.chained >= freely) await new Promise((resolve) => setTimeout(resolve, spaceMs))
    return start(key, entry.chained + 1)
  }

  return {
    ask(key) {
      const entry = entries.get(key)
      if (!entry) return start(key, 0)
      entry.next ??= follow(key, entry)
      return entry.next
    },
    get size() {
      return entries.size
    },
  }
}
