import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import pino from 'pino'
import { openDatabase } from '@/server/db/client'
import type { EngineHost } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import { createLocalExec } from '@/server/exec/local'
import { type Guest, guestId, guestStates } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'
import { type Operation, operationGuest } from '@/server/model/operation'
import type { Plan, Step } from '@/server/model/plan'
import { MiB } from '@/server/model/size'
import type { GuestSpec } from '@/server/model/spec'
import type { Access, Bus, Inventory, User } from '@/server/services'
import { createJobs } from './jobs'
import { createMarks } from './marks'
import { createJobStore } from './prisma-store'

/** A small container, for tests. */
export const fixtureSpec = (name: string): GuestSpec => ({
  type: 'container',
  name,
  image: 'x',
  cpus: 1,
  memoryBytes: 256 * MiB,
  network: null,
  autostart: false,
  start: true,
  diskBytes: null,
  access: null,
})

/** For tests: a host whose guests are files that hold their state, changed by real commands, with a real database. */
export async function openFixtureHost() {
  const dir = await mkdtemp(join(tmpdir(), 'jobs-'))
  const exec = createLocalExec({})
  const file = (name: string) => join(dir, `guest-${name}`)
  const log: Logger = pino({ level: 'silent' })

  const get = async (name: string): Promise<Guest | null> => {
    const text = await readFile(file(name), 'utf8').catch(() => null)
    if (text === null) return null
    const id = guestId('h', 'incus', name)
    const rest = { type: 'container', cpus: 1, memoryBytes: 2 ** 28, addresses: [], autostart: false, persistent: true, tags: [] } as const
    const state = guestStates.find((each) => each === text) ?? 'unknown'
    return { id, host: 'h', engine: 'incus', name, state, ...rest, addresses: [], tags: [], consoles: ['shell'] }
  }
  const set = (name: string, state: string): Step => ({ title: `Make it ${state}`, argv: ['tee', '--', file(name)], stdin: state })
  /** Plans that a test gives instead of the usual ones, by kind. */
  const plans: Partial<Record<Operation['kind'], (name: string) => Partial<Plan>>> = {}

  /** Files that guests use as disks, by name. */
  const disksOf: Record<string, string[]> = {}

  const usual = (op: Operation, name: string): Partial<Plan> => {
    const running: Plan['expect'] = { kind: 'guest', name, states: ['running'] }
    if (op.kind === 'create')
      return { steps: [{ ...set(name, 'stopped'), undo: ['rm', '-f', '--', file(name)] }, set(name, 'running')], expect: running }
    if (op.kind === 'start') return { steps: [set(name, 'running')], expect: running }
    if (op.kind === 'kill') return { steps: [set(name, 'stopped')], expect: { kind: 'guest', name, states: ['stopped'] } }
    throw new AppError('refused', 'This engine cannot do that')
  }
  const none = async () => []
  const engine: EngineHost = {
    info: {
      kind: 'incus',
      name: 'Files',
      version: '1.0',
      details: [],
      guestTypes: { container: true, vm: 'No VMs here' },
      arches: [],
      operations: { pause: 'Files cannot be paused' },
    },
    list: none,
    get,
    async inspect(name) {
      const guest = await get(name)
      if (!guest) throw new AppError('not-found', `There is no ${name}`)
      const disks = (disksOf[name] ?? []).map((path) => ({ target: 'vda', path, readOnly: false }))
      return { guest, disks, nics: [], facts: [], config: { language: 'text', text: '' } }
    },
    async plan(op) {
      const name = operationGuest(op) ?? 'host'
      return { steps: [], expect: { kind: 'none' }, warnings: [], locks: [`guest:${name}`], ...(plans[op.kind]?.(name) ?? usual(op, name)) }
    },
    console: () => Promise.reject(new AppError('refused', 'no console')),
    catalog: () => Promise.reject(new AppError('refused', 'no catalog')),
    snapshots: none,
  }

  const guests = new Map<string, Guest>()
  const busy = new Set<string>()
  const inventory: Inventory = {
    hosts: () => [],
    host: () => undefined,
    guests: () => [...guests.values()],
    guest: (id) => guests.get(id),
    engine: () => engine,
    exec: () => exec,
    async refresh(ref) {
      const guest = await get(ref.name)
      const id = guestId(ref.host, ref.engine, ref.name)
      if (guest) guests.set(id, guest)
      else guests.delete(id)
      return guest
    },
    refreshHost: async () => {},
    setBusy: (ref, on) => void (on ? busy.add(ref.name) : busy.delete(ref.name)),
    addHost: async () => {},
    updateHost: async () => {},
    removeHost: async () => {},
    close: async () => {},
  }

  const published: JobSummary[] = []
  const bus: Bus = {
    seq: 0,
    publish: (event) => void (event.type === 'job' && published.push(event.job)),
    since: () => [],
    subscribe: () => () => {},
  }
  const audited: Parameters<Access['audit']>[0][] = []
  const db = await openDatabase(join(dir, 'test.db'), join(process.cwd(), 'prisma/migrations'))
  const store = createJobStore(db)
  const marks = createMarks(join(dir, 'running'), log)
  const open = () =>
    createJobs({ store, marks, inventory, bus, log, undoPatienceMs: 1000, audit: async (entry) => void audited.push(entry) })
  const user: User = { id: 'u1', name: 'anna', role: 'admin' }

  return {
    dir,
    plans,
    disksOf,
    published,
    audited,
    busy,
    inventory,
    store,
    marks,
    user,
    set,
    jobs: open(),
    /** Another server over the same database, as after a crash. */
    open,
    on: { host: 'h', engine: 'incus' } as const,
    /** Makes a guest behind everybody's back. */
    async put(name: string, state: string) {
      await exec.run(['tee', '--', file(name)], { stdin: state })
      await inventory.refresh({ host: 'h', engine: 'incus', name })
    },
    state: async (name: string) => (await get(name))?.state ?? null,
    left: async () => (await readdir(dir)).filter((entry) => entry.startsWith('guest-')),
    async close() {
      await exec.close()
      await db.$disconnect()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
