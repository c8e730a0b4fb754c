import type { Logger } from 'pino'
import type { Engine, EngineContext } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import { isCalledOff } from '@/server/exec/error'
import { fingerprint } from '@/server/exec/ssh-options'
import type { Exec } from '@/server/exec/types'
import { type EngineKind, type Guest, type GuestRef, parseGuestId } from '@/server/model/guest'
import type { Host, HostView } from '@/server/model/host'
import type { Image } from '@/server/model/image'
import type { Bus, Inventory } from '@/server/services'
import { closedDoor } from './closed-door'
import { type HostFacts, readFacts } from './facts'
import { withHeard } from './heard'
import { createLink, defaultTimes, type Link } from './link'
import type { Memory, Remembered } from './memory'
import { createReach, type Reach } from './reach'
import { same } from './same'

type Options = {
  engines: readonly Engine[]
  bus: Bus
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  /** `onWay`: told when the way to the host is lost or there again, by those that know it before a command fails. */
  makeExec: (host: Host, onWay: (way: Way) => void) => Door
  images: (host: string) => Image[]
  /** Folder on a host for disks, seeds and serial logs of guests made by Bailiwick. */
  guestsDir: (host: Host) => string
  /** Called when a host is looked at anew, for others who keep something about it. */
  onLook?: (host: string) => Promise<void> | void
  /** Keeps the guests of other machines over a restart; absent: they are not kept. */
  memory?: Memory
  times?: Partial<typeof defaultTimes>
}

/** How it stands with the way to a host. `keyChanged`: it shows another key than the pinned one. */
export type Way = { open: true } | { open: false; cause: string; keyChanged?: boolean }

/** The way into a host. `retry`: it is tried again at once, where that is not done by asking. */
export type Door = Exec & { retry?: () => void }

type Entry = {
  host: Host
  exec: Exec
  retry: () => void
  reach: Reach
  links: Link[]
  facts: HostFacts
  /** When anything last came back from it. */
  heardAt?: number
  keyChanged: boolean
  view: HostView
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The live picture of all hosts. */
export function createInventory(options: Options): Inventory & {
  /** Whether anybody looks at a page: with nobody looking, engines without events are polled every 30 s. */
  setWatched(watched: boolean): void
} {
  const { engines, bus, log, makeExec, images, guestsDir, onLook, memory, times } = options
  const entries = new Map<string, Entry>()
  let watched = true

  function entryOf(id: string): Entry {
    const entry = entries.get(id)
    if (!entry) throw new AppError('not-found', 'There is no such host')
    return entry
  }

  function linkOf(host: string, kind: EngineKind): Link {
    const link = entryOf(host).links.find((candidate) => candidate.kind === kind)
    if (!link) throw new AppError('unavailable', `${kind} is not known to this server`)
    return link
  }

  function compose({ host: stored, links, facts, reach, heardAt, keyChanged }: Omit<Entry, 'view'>): HostView {
    const host = stored.ssh ? { ...stored, fingerprint: fingerprint(stored.ssh.hostKey) } : stored
    if (reach.state === 'down') {
      const engines = links.flatMap((link) => link.status() ?? [])
      return { ...host, ...facts, state: 'down', cause: reach.cause, seenAt: heardAt, keyChanged: keyChanged || undefined, engines }
    }
    const known = links.map((link) => link.status())
    const state = reach.state === 'unknown' || known.includes(undefined) ? 'connecting' : 'up'
    return { ...host, ...facts, state, engines: known.filter((status) => status !== undefined) }
  }

  function update(entry: Entry): void {
    const view = compose(entry)
    if (entries.get(entry.host.id) !== entry || same(view, entry.view)) return
    entry.view = view
    bus.publish({ type: 'host', host: view })
  }

  /** What others keep about a host does not decide whether it is up. */
  const tellOthers = (id: string) =>
    Promise.resolve(id)
      .then(onLook)
      .catch((error: unknown) => {
        if (!isCalledOff(error)) log.warn({ host: id, cause: words(error) }, 'could not look at everything')
      })

  /** Settings that lead nowhere are a host that cannot be reached: it is shown as such, where it can be mended. */
  function orClosed(host: Host, onWay: (way: Way) => void): Door {
    try {
      return makeExec(host, onWay)
    } catch (error) {
      return closedDoor(error)
    }
  }

  /** The door to a host as it is now; a changed address or key makes another one. */
  function openDoor(host: Host, entry: () => Entry | undefined): Pick<Entry, 'exec' | 'retry'> {
    const door = orClosed(host, (way) => {
      const of = entry()
      if (of?.exec !== exec) return
      if (way.open) return of.reach.found()
      of.keyChanged = way.keyChanged ?? false
      of.reach.lost(way.cause)
      update(of)
    })
    const exec = withHeard(door, () => {
      const of = entry()
      if (of?.exec === exec) of.heardAt = Date.now()
    })
    return { exec, retry: () => door.retry?.() }
  }

  const contextOf = (host: Host, exec: Exec): EngineContext => ({
    exec,
    images: () => images(host.id),
    guestsDir: guestsDir(host),
    become: host.become ?? 'none',
  })

  const known = ({ heardAt, links }: Entry): Remembered | null =>
    heardAt === undefined ? null : { seenAt: heardAt, guests: links.flatMap((link) => link.table.all()) }
  // This machine is always there. What is known while another answers is kept soon, what it said last at once.
  function keep(entry: Entry): void {
    const steady = () => entry.view.state === 'up'
    if (entry.host.transport === 'ssh') memory?.keep(entry.host.id, () => (steady() ? known(entry) : null))
  }
  function keepLast(entry: Entry): void {
    const last = entry.host.transport === 'ssh' ? known(entry) : null
    if (last) memory?.keepNow(entry.host.id, last)
  }
  /** When a host was last heard of is worth keeping too, though nothing happens on it. */
  const minutely = setInterval(() => {
    for (const entry of entries.values()) keep(entry)
  }, 60_000)
  minutely.unref()

  /** Its guests of an earlier run, until it answers. */
  function recall(entry: Entry): void {
    const before = entry.host.transport === 'ssh' ? memory?.recall(entry.host.id) : null
    if (!before) return
    entry.heardAt = before.seenAt
    for (const link of entry.links)
      link.remember(
        before.guests.filter(({ engine }) => engine === link.kind),
        before.seenAt,
      )
  }

  function makeEntry(host: Host): Entry {
    const entry: Entry = {
      host,
      ...openDoor(host, () => entries.get(host.id)),
      reach: createReach({
        read: () => readFacts(entry.exec),
        onUp(facts, first) {
          entry.facts = facts
          entry.keyChanged = false
          if (first) for (const link of entry.links) link.release()
          update(entry)
          if (first) void tellOthers(host.id)
        },
        onDown(cause) {
          log.warn({ host: host.id, cause }, 'lost the host')
          keepLast(entry)
          for (const link of entry.links) link.hold(cause, entry.heardAt)
          update(entry)
        },
        mostBackOff: times?.reach ?? defaultTimes.reach,
      }),
      links: [],
      facts: {},
      keyChanged: false,
      view: { ...host, state: 'connecting', engines: [] },
    }
    const context = contextOf(host, entry.exec)
    entry.links = engines.map((engine) =>
      createLink({
        engine,
        host,
        context,
        log,
        times,
        publish: (event) => {
          bus.publish(event)
          keep(entry)
        },
        onStatus: () => update(entry),
        // This machine is always there; another one may be lost with its engine.
        onTrouble: () => entry.host.transport === 'ssh' && entry.reach.check(),
        watched: () => watched,
      }),
    )
    recall(entry)
    return entry
  }

  return {
    hosts: () => [...entries.values()].map(({ view }) => view),
    host: (id) => entries.get(id)?.view,
    guests: () => [...entries.values()].flatMap(({ links }) => links.flatMap((link) => link.table.all())),
    guest(id): Guest | undefined {
      const ref = parseGuestId(id)
      const link = ref && entries.get(ref.host)?.links.find(({ kind }) => kind === ref.engine)
      return link ? link.table.get(ref.name) : undefined
    },
    engine: (host, kind) => linkOf(host, kind).opened(),
    exec: (host) => entryOf(host).exec,
    refresh: async (ref: GuestRef) => linkOf(ref.host, ref.engine).refresh(ref.name),
    async refreshHost(id) {
      const entry = entryOf(id)
      entry.retry()
      await entry.reach.look()
      await Promise.all([tellOthers(id), ...entry.links.map((link) => link.look())])
    },
    setBusy(ref, busy) {
      const link = entries.get(ref.host)?.links.find(({ kind }) => kind === ref.engine)
      link?.setBusy(ref.name, busy)
    },
    setWatched(next) {
      if (watched === next) return
      watched = next
      if (watched) for (const { links } of entries.values()) for (const link of links) link.wake()
    },
    async addHost(host) {
      if (entries.has(host.id)) throw new AppError('conflict', `There is a host ${host.name} already`)
      const entry = makeEntry(host)
      entries.set(host.id, entry)
      bus.publish({ type: 'host', host: entry.view })
      await entry.reach.look()
      await Promise.all(entry.links.map((link) => link.settled()))
    },
    async updateHost(host) {
      const entry = entryOf(host.id)
      const before = entry.host
      const old = entry.exec
      entry.host = host
      const moved = !same([before.transport, before.ssh], [host.transport, host.ssh])
      if (moved) {
        for (const link of entry.links) link.rest()
        entry.keyChanged = false
        Object.assign(
          entry,
          openDoor(host, () => entries.get(host.id)),
        )
      }
      const context = contextOf(host, entry.exec)
      for (const link of entry.links) link.change(host, context)
      update(entry)
      if (moved) await old.close()
      await entry.reach.look()
      if (entry.reach.state === 'up') for (const link of entry.links) link.release()
      await Promise.all([tellOthers(host.id), ...entry.links.map((link) => link.look())])
    },
    async removeHost(id) {
      const entry = entryOf(id)
      // Together: what still waits for a host that does not answer ends with its door.
      await Promise.all([entry.reach.close(), ...entry.links.map((link) => link.close()), entry.exec.close()])
      for (const link of entry.links) link.table.clear()
      entries.delete(id)
      await memory?.forget(id)
      bus.publish({ type: 'host.removed', id })
    },
    async close() {
      clearInterval(minutely)
      for (const entry of entries.values()) keepLast(entry)
      await Promise.all(
        [...entries.values()].map(async ({ links, exec, reach }) => {
          await Promise.all([exec.close(), reach.close(), ...links.map((link) => link.close())])
        }),
      )
      entries.clear()
      await memory?.close()
    },
  }
}
