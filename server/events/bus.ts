import type { AppEvent } from '@/server/model/events'
import type { Bus, Numbered } from '@/server/services'

const kept = 1024

/**
 * Numbered events, the last 1,024 kept. Numbers begin with the time of the server's start, in microseconds, so that a
 * number of an earlier run is recognised as foreign: it lies before what is kept.
 */
export function createBus(first = Date.now() * 1000): Bus {
  const ring: (Numbered | undefined)[] = new Array<Numbered | undefined>(kept)
  const listeners = new Set<(numbered: Numbered) => void>()
  let seq = first
  return {
    get seq() {
      return seq
    },
    publish(event: AppEvent) {
      seq++
      const numbered = { seq, event }
      ring[seq % kept] = numbered
      for (const listener of [...listeners]) listener(numbered)
    },
    since(known) {
      if (!Number.isSafeInteger(known) || known > seq || known < first || seq - known > kept) return null
      const missed: Numbered[] = []
      for (let number = known + 1; number <= seq; number++) {
        const numbered = ring[number % kept]
        if (numbered) missed.push(numbered)
      }
      return missed
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
