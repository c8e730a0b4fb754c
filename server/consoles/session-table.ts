import type { Logger } from 'pino'
import { consoleClose } from '../model/console'
import type { AppEvent } from '../model/events'
import type { Guest, GuestRef } from '../model/guest'
import type { JobSummary } from '../model/job'
import type { Bus } from '../services'
import type { KeptSessions } from './kept'
import type { KeptOf } from './kept-folder'
import type { ConsoleLimits } from './limits'
import { type ConsoleSubject, type SessionOf, subjectId } from './of'
import { type Place, type PlaceInventory, placeOf } from './place'
import { ConsoleSession } from './session'
import { createStrays } from './strays'
import type { MakeTap } from './tap'
import { moved, renamed, restarting, restored } from './words'

/** A guest that was told to restart has begun anew after this time, or not at all. */
const restartMs = 120_000

type Parts = {
  inventory: PlaceInventory
  bus: Pick<Bus, 'subscribe'>
  log: Pick<Logger, 'info' | 'warn'>
  limits: ConsoleLimits
  kept: KeptSessions | null
  tap?: MakeTap
}

type Entry = {
  place: Place
  identity: string | undefined
  session: ConsoleSession
  /** Its guest is gone from where it was; it may have another name, or be on another host. */
  leaving?: NodeJS.Timeout
}

/** Whether it is still the guest the session was made for. An identity learned later is kept. */
function same(entry: Entry, identity: string | undefined): boolean {
  if (entry.leaving) return false
  entry.identity ??= identity
  return identity === undefined || entry.identity === identity
}

/** The id of the sessions that an event is about. */
function subjectOf(event: AppEvent): string | null {
  if (event.type === 'guest') return event.guest.id
  if (event.type === 'guest.removed' || event.type === 'guest.rebooted') return event.id
  if (event.type === 'host') return subjectId({ host: event.host.id })
  return event.type === 'host.removed' ? subjectId({ host: event.id }) : null
}

/**
 * The console sessions of all guests and hosts. A session belongs to one of them and one kind, and follows it to another name
 * or host; nothing is shared between two.
 */
export function createSessions({ inventory, bus, log, limits, kept, tap }: Parts) {
  const sessions = new Map<string, Entry>()
  const keyOf = ({ kind, id }: SessionOf) => `${kind}:${id}`

  /** Resolves when nothing is left to write. Never rejects. */
  const drop = async (key: string, code: number, reason: string): Promise<void> => {
    const entry = sessions.get(key)
    sessions.delete(key)
    clearTimeout(entry?.leaving)
    await entry?.session.close(code, reason).catch((error: unknown) => log.warn({ err: error }, 'the text of a console was not kept'))
  }
  const dropEntry = (entry: Entry, code: number, reason: string) => void drop(keyOf(entry.place), code, reason)

  /** Makes room where as many are open as may be. False when all of them are watched. */
  function room(): boolean {
    if (sessions.size < limits.sessions) return true
    const [longest] = [...sessions.values()]
      .filter(({ session }) => session.viewerCount === 0)
      .sort((a, b) => a.session.leftAt - b.session.leftAt)
    if (longest) dropEntry(longest, 1000, 'Another console took its place')
    return longest !== undefined
  }

  /** The session of a guest or host, made when there is none. Null when there are too many. */
  function open(subject: ConsoleSubject, kind: SessionOf['kind']): ConsoleSession | null {
    const place = placeOf(subject, kind, inventory)
    const identity = place.identity()
    const there = sessions.get(keyOf(place))
    if (there && same(there, identity)) return there.session
    if (there) dropEntry(there, consoleClose.gone, 'Another guest has this name now')
    if (!room()) return null
    const of = { guest: place.id, kind, identity }
    const past = kept?.past(of) ?? (strays?.opens(of) ? kept?.past(of) : null) ?? null
    const where = { ...place }
    const session = new ConsoleSession(
      {
        kind,
        limits,
        standing: () => where.standing(),
        target: (signal) => where.target(signal),
        exec: () => where.exec(),
      },
      () => dropEntry(entry, 1000, 'Nobody watched for a long time'),
      past,
      kept ? (id, end) => kept.keeper(of, id, end) : null,
      tap ? (made) => tap({ id: place.id, kind }, made) : null,
    )
    const entry: Entry = { place: where, identity, session }
    sessions.set(keyOf(place), entry)
    log.info({ guest: place.id, kind, session: session.id }, 'console session begins')
    return session
  }

  /** The guest is there under another name, or on another host: its console goes on, with all who watch. */
  function move(entry: Entry, guest: Guest): void {
    const { kind, id: before } = entry.place
    const { host, engine, name } = guest
    const place = placeOf({ guest: { host, engine, name } }, kind, inventory)
    const taken = sessions.get(keyOf(place))
    if (taken && taken !== entry) {
      dropEntry(entry, consoleClose.gone, 'The guest has another name now, and its console is open there')
      return
    }
    clearTimeout(entry.leaving)
    entry.leaving = undefined
    sessions.delete(keyOf(entry.place))
    sessions.set(keyOf(place), entry)
    Object.assign(entry.place, place)
    entry.session.recordedAs({ id: guest.id, kind })
    if (kept) entry.session.keptAs((keeper) => kept.move(keeper, { guest: guest.id, kind, identity: entry.identity }))
    const otherHost = before.split('~')[0] !== host
    const hostName = inventory.host(host)?.name ?? host
    entry.session.moved(otherHost ? moved(guest, hostName) : renamed(guest, name), otherHost)
    log.info({ guest: guest.id, before, kind }, 'console session moves')
  }

  function removed(entry: Entry): void {
    const gone = () => dropEntry(entry, consoleClose.gone, 'The guest is gone')
    const { identity } = entry
    const elsewhere = identity && inventory.guests().find((guest) => guest.identity === identity && guest.id !== entry.place.id)
    if (elsewhere) move(entry, elsewhere)
    else if (identity === undefined) gone()
    else {
      entry.leaving ??= setTimeout(gone, limits.movingMs).unref()
      entry.session.guestChanged()
    }
  }

  const isOpen = ({ guest, kind }: KeptOf) => sessions.has(keyOf({ id: guest, kind }))
  const strays = kept && createStrays(kept, inventory, isOpen, limits.movingMs)

  const of = (id: string) => [...sessions.values()].filter(({ place }) => place.id === id)

  /** When a restart by a job was last heard of: its line stands there already. */
  const restartedAt = new Map<string, number>()
  const lastState = new Map<string, JobSummary['state']>()
  /** What a job does to a guest that the guest's state does not tell. */
  function jobChanged({ id, kind, guest, state, stepIndex }: JobSummary): void {
    if (guest === undefined || (kind !== 'snapshot.restore' && kind !== 'restart')) return
    const before = lastState.get(id)
    if (state === 'running' || state === 'queued') lastState.set(id, state)
    else lastState.delete(id)
    if (before === state || stepIndex < 0) return
    if (kind === 'restart') restartedAt.set(guest, Date.now())
    const line = kind === 'restart' && state === 'running' ? restarting : kind === 'snapshot.restore' && state === 'done' ? restored : null
    if (line) for (const { session, place } of of(guest)) session.note(line(place.standing(), place.kind))
  }

  const unsubscribe = bus.subscribe(({ event }) => {
    if (event.type === 'job') jobChanged(event.job)
    if (event.type === 'guest') {
      const { guest } = event
      for (const entry of sessions.values()) if (entry.leaving && entry.identity === guest.identity) move(entry, guest)
      strays?.seen(guest)
    }
    const about = subjectOf(event)
    if (about === null) return
    for (const entry of of(about)) {
      if (event.type === 'guest.removed') removed(entry)
      else if (event.type === 'guest.rebooted') {
        if (Date.now() - (restartedAt.get(about) ?? 0) > restartMs) entry.session.rebooted()
      } else if (event.type === 'host.removed') dropEntry(entry, consoleClose.gone, 'The host was removed')
      else if (event.type === 'guest' && !same(entry, event.guest.identity))
        dropEntry(entry, consoleClose.gone, 'Another guest has this name now')
      else entry.session.guestChanged()
    }
    if (event.type === 'guest.removed' || event.type === 'host.removed') strays?.gone(about)
  })

  return {
    open,
    /** What stands on the screen of a session that is there already. */
    lastLines(guest: GuestRef, kind: SessionOf['kind']) {
      const place = placeOf({ guest }, kind, inventory)
      const entry = sessions.get(keyOf(place))
      return entry && same(entry, place.identity()) ? entry.session.lastLines : null
    },
    /** Ends all; resolves when all of their text is kept. */
    async close(reason: string): Promise<void> {
      unsubscribe()
      strays?.close()
      await Promise.all([...sessions.keys()].map((key) => drop(key, 1001, reason)))
    },
  }
}
