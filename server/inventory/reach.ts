import type { HostFacts } from './facts'
import { backOff, createNaps } from './nap'

type Options = {
  /** Asks the host what it is; rejects when it does not answer. */
  read: () => Promise<HostFacts>
  /** `first`: it did not answer before, or was never asked. */
  onUp: (facts: HostFacts, first: boolean) => void
  /** Called again when the cause changes. */
  onDown: (cause: string) => void
  /** It is asked at least this often while it is down, ms. */
  mostBackOff: number
}

/** While a host answers it is asked about itself anew this often: memory can be added, a release upgraded. */
const dayMs = 24 * 60 * 60 * 1000

/** A host that answered this long counts as having been there; one that comes and goes is asked ever less often. */
const steadyMs = 10_000

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

export type Reach = ReturnType<typeof createReach>

/**
 * Whether a host answers at all. While it does not, this alone asks it, with growing pauses, and nobody else: its engines
 * wait until it is back.
 */
export function createReach({ read, onUp, onDown, mostBackOff }: Options) {
  const naps = createNaps()
  let state: 'unknown' | 'up' | 'down' = 'unknown'
  let cause = ''
  let failures = 0
  let upAt = 0
  let again = false
  let closed = false
  let asked: (() => void)[] = []

  function down(why: string): void {
    const news = state !== 'down' || cause !== why
    failures = state === 'up' && Date.now() - upAt > steadyMs ? 1 : failures + 1
    state = 'down'
    cause = why
    if (news) onDown(why)
  }

  async function ask(): Promise<void> {
    again = false
    try {
      const facts = await read()
      if (closed) return
      const first = state !== 'up'
      if (first) upAt = Date.now()
      state = 'up'
      onUp(facts, first)
    } catch (error) {
      if (!closed) down(words(error))
    }
  }

  async function main(): Promise<void> {
    while (!closed) {
      const answering = asked
      asked = []
      await ask()
      for (const resolve of answering) resolve()
      while (!closed && !again && asked.length === 0) {
        const before = state
        await naps.nap(state === 'up' ? dayMs : backOff(failures, mostBackOff))
        // Lost meanwhile: then the pause before the next try begins only now.
        if (state === before) break
      }
    }
    for (const resolve of asked) resolve()
  }

  let running: Promise<void> | undefined

  return {
    get state() {
      return state
    },
    get cause() {
      return state === 'down' ? cause : undefined
    },
    /** Asks now; resolves when it has answered or failed. The first time is the beginning. */
    look: () =>
      new Promise<void>((resolve) => {
        if (closed) return resolve()
        asked.push(resolve)
        running ??= main()
        naps.wake()
      }),
    /** Something on it failed: asks now, without waiting. */
    check(): void {
      if (state !== 'up') return
      again = true
      naps.wake()
    },
    /** The way to it is known to be lost. */
    lost(why: string): void {
      const was = state
      if (closed || (was === 'down' && cause === why)) return
      down(why)
      if (was !== 'down') naps.wake()
    },
    /** The way to it is known to be there again. */
    found(): void {
      if (state !== 'down') return
      again = true
      naps.wake()
    },
    async close(): Promise<void> {
      closed = true
      naps.wake()
      await running
    },
  }
}
