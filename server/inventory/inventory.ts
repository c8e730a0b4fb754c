import type { Logger } from 'pino'
import type { Engine } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import { type EngineKind, type Guest, type GuestRef, parseGuestId } from '@/server/model/guest'
import type { Host, HostView } from '@/server/model/host'
import type { Image } from '@/server/model/image'
import type { Bus, Inventory } from '@/server/services'
import { type HostFacts, readFacts } from './facts'
import { createLink, type defaultTimes, type Link } from './link'
import { same } from './same'

type Options = {
  engines: readonly Engine[]
  bus: Bus
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  makeExec: (host: Host) => Exec
  images: (host: string) => Image[]
  /** Folder on each host for disks, seeds and serial logs of guests made by Bailiwick. */
  guestsDir: string
  /** Called when a host is looked at anew, for others who keep something about it. */
  onLook?: (host: string) => Promise<void> | void
  times?: Partial<typeof defaultTimes>
}

type Entry = { host: Host; exec: Exec; links: Link[]; facts: HostFacts; cause?: string; view: HostView }

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The live picture of all hosts. */
export function createInventory(options: Options): Inventory & {
  /** Whether anybody looks at a page: with nobody looking, engines without events are polled every 30 s. */
  setWatched(watched: boolean): void
} {
  const { engines, bus, log, makeExec, images, guestsDir, onLook, times } = options
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

  function compose({ host, links, facts, cause }: Omit<Entry, 'view'>): HostView {
    const known = links.map((link) => link.status())
    const state = cause ? 'down' : known.includes(undefined) ? 'connecting' : 'up'
    return { ...host, ...facts, cause, state, engines: known.filter((status) => status !== undefined) }
  }

  function update(entry: Entry): void {
    const view = compose(entry)
    if (entries.get(entry.host.id) !== entry || same(view, entry.view)) return
    entry.view = view
    bus.publish({ type: 'host', host: view })
  }

  async function look(entry: Entry): Promise<void> {
    try {
      entry.facts = await readFacts(entry.exec)
      entry.cause = undefined
    } catch (error) {
      entry.cause = words(error)
    }
    update(entry)
    // What others keep about a host does not decide whether it is up.
    await Promise.resolve(entry.host.id)
      .then(onLook)
      .catch((error: unknown) => log.warn({ host: entry.host.id, cause: words(error) }, 'could not look at everything'))
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
      await Promise.all([look(entry), ...entry.links.map((link) => link.look())])
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
      const exec = makeExec(host)
      const base = { host, exec, links: [] as Link[], facts: {} }
      const entry: Entry = { ...base, view: { ...host, state: 'connecting', engines: [] } }
      entries.set(host.id, entry)
      bus.publish({ type: 'host', host: entry.view })
      const context = { exec, images: () => images(host.id), guestsDir, become: host.become ?? 'none' }
      entry.links = engines.map((engine) =>
        createLink({
          engine,
          host,
          context,
          log,
          times,
          publish: (event) => bus.publish(event),
          onStatus: () => update(entry),
          watched: () => watched,
        }),
      )
      await Promise.all([look(entry), ...entry.links.map((link) => link.settled())])
    },
    async updateHost(host) {
      const entry = entryOf(host.id)
      entry.host = host
      update(entry)
      await Promise.all([look(entry), ...entry.links.map((link) => link.look(host))])
    },
    async removeHost(id) {
      const entry = entryOf(id)
      await Promise.all(entry.links.map((link) => link.close()))
      for (const link of entry.links) link.table.clear()
      entries.delete(id)
      bus.publish({ type: 'host.removed', id })
      await entry.exec.close()
    },
    async close() {
      await Promise.all(
        [...entries.values()].map(async ({ links, exec }) => {
          await Promise.all([exec.close(), ...links.map((link) => link.close())])
        }),
      )
      entries.clear()
    },
  }
}
