import type { Logger } from 'pino'
import type { Engine, EngineContext, EngineHost } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { EngineStatus } from '@/server/model/capability'
import type { AppEvent } from '@/server/model/events'
import type { Guest, GuestState } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import { createAddressWaits } from './addresses'
import { createGuestTable } from './guest-table'
import { createLatest } from './latest'
import { backOff, createNaps } from './nap'

type Options = {
  engine: Engine
  host: Host
  context: EngineContext
  /** Something failed that may be the host's and not the engine's fault. */
  onTrouble?: () => void
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  publish: (event: AppEvent) => void
  onStatus: () => void
  /** Whether anybody looks at a page. */
  watched: () => boolean
  times?: Partial<typeof defaultTimes>
}

export const defaultTimes = {
  poll: 5_000,
  pollBusy: 1_000,
  pollUnwatched: 30_000,
  /** An engine with events is listed this often all the same, for what it does not tell. */
  relist: 60_000,
  /** … and once soon after it began to tell: what happened before its first event. */
  settle: 1_000,
  /** An engine that is not here is looked for this often. */
  look: 15_000,
  mostBackOff: 30_000,
  /** A host that does not answer is asked at least this often. */
  reach: 15_000,
  probe: 20_000,
}

/** Its first sentence: the host itself tells the rest. */
const brief = (cause: string) => cause.split('. ')[0] ?? cause

/** An engine that was followed this long counts as having worked. */
const steadyMs = 10_000

/** With more guests than this to re-read at once, one list is cheaper. */
const manyReads = 12

export type Link = ReturnType<typeof createLink>

/** Whether only lists tell all that happens. */
const polls = (target: EngineHost): boolean => !target.watch || target.alsoPoll === true

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** For as long as somebody wakes it. */
const untilWoken = 24 * 60 * 60 * 1000

/**
 * Keeps up with one engine on one host: finds it, lists it, then follows its events or polls it, and begins anew when it
 * fails. It begins when the host is known to answer (`release`), and rests while it does not (`hold`).
 */
export function createLink(options: Options) {
  const { engine, host: firstHost, log, publish, onStatus, onTrouble, watched, times: given } = options
  const times = { ...defaultTimes, ...given }
  const table = createGuestTable(publish)
  const naps = createNaps()
  const closing = new AbortController()
  const busy = new Set<string>()
  const about = { host: firstHost.id, engine: engine.kind }
  let host = firstHost
  let context = options.context
  /** Why it rests; '' while nobody knows yet whether the host answers. */
  let held: string | null = ''
  let heardAt: number | undefined
  let probing: AbortController | undefined
  let status: EngineStatus | undefined
  /** What is wrong with it is that its host does not answer. */
  let lost = false
  let open: EngineHost | undefined
  let session: AbortController | undefined
  let asked: (() => void)[] = []
  let answering: (() => void)[] = []
  let failures = 0

  function setStatus(next: EngineStatus): void {
    status = next
    lost = false
    if (next.state !== 'ready') {
      open = undefined
      if (next.state === 'broken') table.doubt(next.cause, heardAt)
      else table.clear()
    }
    onStatus()
  }

  function opened(): EngineHost {
    if (open) return open
    if (held) throw new AppError('unavailable', `${host.name} does not answer: ${brief(held)}`)
    const why = status && status.state !== 'ready' ? status.cause : 'it is being looked for'
    throw new AppError('unavailable', `${engine.kind} on ${host.name} does not answer: ${why}`)
  }

  const guests = createLatest(async (name): Promise<Guest | null> => {
    const tick = table.tick()
    const guest = await opened().get(name, closing.signal)
    heardAt = Date.now()
    if (closing.signal.aborted) return guest
    waits.seen(name, table.get(name), guest)
    table.put(tick, name, guest)
    return guest
  })
  const waits = createAddressWaits((name) => void guests.ask(name).catch(() => {}))
  const lists = createLatest(async () => {
    const tick = table.tick()
    const all = await opened().list(closing.signal)
    heardAt = Date.now()
    if (!closing.signal.aborted) table.putAll(tick, all)
  })

  /** Reading a guest takes a process or two; what the event itself says is shown before. */
  function told(name: string, state: GuestState): void {
    const before = table.get(name)
    const after = table.tell(name, state)
    if (after) waits.seen(name, before, after)
  }

  /** Follows events until the session ends; rejects when they cease. */
  async function follow(target: EngineHost, signal: AbortSignal, fail: (error: unknown) => void): Promise<void> {
    for await (const event of target.watch?.(signal) ?? []) {
      if (signal.aborted) return
      log.debug({ ...about, ...event }, 'event')
      heardAt = Date.now()
      if (event.name && event.state) told(event.name, event.state)
      const known = event.rebooted && event.name ? table.get(event.name) : undefined
      if (known) publish({ type: 'guest.rebooted', id: known.id })
      const read = event.name && guests.size < manyReads ? guests.ask(event.name) : lists.ask('')
      // One guest that cannot be read may be at fault itself: the list decides about the engine.
      read.catch(() => lists.ask('')).catch(fail)
    }
    if (!signal.aborted) throw new Error('Its events ended')
  }

  async function keepListing(target: EngineHost, signal: AbortSignal): Promise<void> {
    const polled = polls(target)
    let wait = target.watch ? times.settle : undefined
    while (!signal.aborted) {
      await naps.nap(wait ?? (busy.size > 0 ? times.pollBusy : watched() ? times.poll : times.pollUnwatched))
      if (signal.aborted) return
      await lists.ask('')
      wait = polled ? undefined : times.relist
    }
  }

  /** From "it is there" until it fails (rejects) or is to be looked for again (resolves). */
  async function live(ready: EngineStatus & { state: 'ready' }, listed: () => void): Promise<void> {
    const own = new AbortController()
    session = own
    const target = engine.open(host, context, ready.info)
    open = target
    const ends: Promise<void>[] = []
    const ended = (work: Promise<void>) => {
      work.catch(() => {})
      ends.push(work)
    }
    try {
      ended(new Promise((resolve) => own.signal.addEventListener('abort', () => resolve(), { once: true })))
      // Followed first and listed then: nothing may happen unseen in between.
      if (target.watch) ended(new Promise((_, reject) => follow(target, own.signal, reject).catch(reject)))
      await lists.ask('')
      if (held !== null) return
      setStatus(ready)
      listed()
      if (asked.length > 0) return
      ended(keepListing(target, own.signal))
      await Promise.race(ends)
    } finally {
      own.abort()
      naps.wake()
    }
  }

  async function probe(): Promise<EngineStatus> {
    const own = new AbortController()
    probing = own
    const limit = AbortSignal.any([closing.signal, own.signal, AbortSignal.timeout(times.probe)])
    try {
      return await engine.probe(host, context, limit)
    } catch (error) {
      return { kind: engine.kind, state: 'broken', cause: words(error) }
    }
  }

  async function main(): Promise<void> {
    while (!closing.signal.aborted) {
      if (held !== null) {
        if (held) answerAll()
        await naps.nap(untilWoken)
        continue
      }
      answering = asked
      asked = []
      const found = await probe()
      if (closing.signal.aborted) return
      if (held !== null) {
        asked.push(...answering)
        answering = []
        continue
      }
      let pause = 0
      if (found.state === 'ready') pause = await attempt(found)
      else {
        setStatus(found)
        if (found.state === 'broken') onTrouble?.()
        failures++
        pause = found.state === 'absent' ? times.look : backOff(failures, times.look)
      }
      answer()
      if (pause > 0 && asked.length === 0 && !closing.signal.aborted) await naps.nap(pause)
    }
  }

  /** Lives with the engine as long as that goes; gives how many ms to wait before the next look. */
  async function attempt(found: EngineStatus & { state: 'ready' }): Promise<number> {
    const since = Date.now()
    let listed = false
    try {
      await live(found, () => {
        listed = true
        answer()
      })
      failures = 0
      return 0
    } catch (error) {
      if (closing.signal.aborted || held !== null) return 0
      onTrouble?.()
      // Listed: then only its events failed, and it goes on with lists until they come back.
      if (!listed) setStatus({ kind: engine.kind, state: 'broken', cause: words(error) })
      failures = Date.now() - since > steadyMs ? 1 : failures + 1
      log.warn({ ...about, cause: words(error), failures }, 'lost the engine')
      return backOff(failures, listed ? times.poll : times.mostBackOff)
    }
  }

  function answer(): void {
    for (const resolve of answering) resolve()
    answering = []
  }

  function answerAll(): void {
    answering.push(...asked)
    asked = []
    answer()
  }

  const first = new Promise<void>((resolve) => asked.push(resolve))
  const running = main()

  return {
    kind: engine.kind,
    table,
    opened,
    status: () => status,
    /** Reads one guest now and puts it into the table. */
    refresh: (name: string) => guests.ask(name),
    /** Resolves when the engine has been listed or found missing for the first time. */
    settled: () => first,
    /** Guests of an earlier run, shown until they have been asked for. `seenAt`: when their host was last heard of. */
    remember(before: readonly Guest[], seenAt: number): void {
      heardAt = seenAt
      table.remember(before)
    },
    /** Nothing is asked of the engine until `release`; what is known of it stays as it is. */
    rest(): void {
      held = ''
      session?.abort()
      probing?.abort()
      naps.wake()
    },
    /** The host does not answer: nothing is asked of the engine until `release`. `seenAt`: when the host last answered. */
    hold(cause: string, seenAt?: number): void {
      held = cause
      session?.abort()
      probing?.abort()
      heardAt = seenAt ?? heardAt
      const words = `${host.name} does not answer: ${brief(cause)}`
      // An engine that was not there has no guests to doubt; one that was never looked for may have some of an earlier run.
      if (!status) table.doubt(words, heardAt)
      else if (status.state !== 'absent') {
        setStatus({ kind: engine.kind, state: 'broken', cause: words })
        lost = true
      }
      naps.wake()
    },
    /** The host answers: the engine is looked for. */
    release(): void {
      if (held === null) return
      held = null
      failures = 0
      // How it is now is not known before it has been looked for: its host is not up before that either.
      if (lost) status = undefined
      naps.wake()
    },
    /** What commands go through, and what is known of the host, from now on. */
    change(changed: Host, surroundings: EngineContext): void {
      host = changed
      context = surroundings
    },
    /** Looks for the engine anew; resolves when it has been listed or found missing, or the host does not answer. */
    async look(): Promise<void> {
      const done = new Promise<void>((resolve) => asked.push(resolve))
      if (closing.signal.aborted) return
      session?.abort()
      naps.wake()
      await done
    },
    setBusy(name: string, on: boolean): void {
      if (on) busy.add(name)
      else busy.delete(name)
      if (!open || polls(open)) naps.wake()
    },
    /** Somebody begins to look: what is polled is polled now. */
    wake(): void {
      if (open && polls(open)) naps.wake()
    },
    async close(): Promise<void> {
      closing.abort()
      waits.close()
      session?.abort()
      naps.wake()
      await running
      answerAll()
    },
  }
}
