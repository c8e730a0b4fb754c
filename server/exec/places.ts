type Kind = 'read' | 'run'
type Waiter = { take: (release: () => void) => void; kind: Kind }

/** Who has held a place this long waits for something else than the processor, and no longer counts. */
const patienceMs = 1000

export type Places = { take(kind: Kind, signal?: AbortSignal): Promise<() => void> }

/**
 * At most `total` commands at once. Reads go before others and always have one place that nothing else may hold;
 * a command that runs for more than a second gives its place back, so that a build of minutes or a daemon that
 * hangs does not starve the rest.
 */
export function createPlaces(total: number): Places {
  const waiting: Waiter[] = []
  const held = { read: 0, run: 0 }
  const free = (kind: Kind) => held.read + held.run < total && (kind === 'read' || held.run < Math.max(1, total - 1))

  function hold(kind: Kind): () => void {
    held[kind]++
    let done = false
    const release = () => {
      if (done) return
      done = true
      clearTimeout(timer)
      held[kind]--
      next()
    }
    const timer = setTimeout(release, patienceMs)
    timer.unref()
    return release
  }

  function next(): void {
    for (;;) {
      const read = waiting.findIndex((waiter) => waiter.kind === 'read')
      const index = read >= 0 ? read : 0
      const waiter = waiting[index]
      if (!waiter || !free(waiter.kind)) return
      waiting.splice(index, 1)
      waiter.take(hold(waiter.kind))
    }
  }

  return {
    async take(kind, signal) {
      signal?.throwIfAborted()
      if (free(kind)) return hold(kind)
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          kind,
          take: (release) => {
            signal?.removeEventListener('abort', leave)
            resolve(release)
          },
        }
        const leave = () => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', leave, { once: true })
        waiting.push(waiter)
      })
    },
  }
}
