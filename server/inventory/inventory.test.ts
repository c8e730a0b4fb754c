import { afterEach, describe, expect, it } from 'vitest'
import { createBus } from '@/server/events/bus'
import type { AppEvent } from '@/server/model/events'
import type { Host } from '@/server/model/host'
import { createFakeEngine, fakeExec } from './fake-engine'
import { createInventory, type Way } from './inventory'

const host: Host = { id: 'h1', name: 'one', transport: 'local', libvirtUri: 'test:///default' }
const quiet = { debug() {}, info() {}, warn() {} }
const slow = { poll: 1e6, pollBusy: 1e6, pollUnwatched: 1e6, relist: 1e6, settle: 1e6, look: 1e6 }
const ref = (name: string) => ({ host: 'h1', engine: 'libvirt', name }) as const

let close: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(close.map((end) => end()))
  close = []
})

function setUp(engines: ReturnType<typeof createFakeEngine>[], times: Partial<typeof slow> = {}) {
  const bus = createBus(0)
  const events: AppEvent[] = []
  bus.subscribe(({ event }) => events.push(event))
  const inventory = createInventory({
    engines: engines.map(({ engine }) => engine),
    bus,
    log: quiet,
    makeExec: fakeExec,
    images: () => [],
    guestsDir: () => '/nowhere',
    times: { ...slow, ...times },
  })
  close.push(() => inventory.close())
  return { inventory, events, states: () => inventory.hosts()[0]?.engines.map(({ kind, state }) => `${kind} ${state}`) }
}
const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('inventory', () => {
  it('lists a host that is added, with what it says of itself', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory, states } = setUp([libvirt])
    await inventory.addHost(host)
    expect(inventory.guests().map(({ name }) => name)).toEqual(['a'])
    expect(inventory.guest('h1~libvirt~a')?.state).toBe('stopped')
    expect(states()).toEqual(['libvirt ready'])
    expect(inventory.host('h1')).toMatchObject({ state: 'up', kernel: '6.1.0', arch: 'x86_64', os: 'Test OS', memoryBytes: 1048576 })
  })

  it('re-reads the one guest of an event and publishes the new object', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    libvirt.fake.set('b')
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    const { list } = libvirt.fake.counts
    events.length = 0
    libvirt.fake.set('a', { state: 'running' })
    libvirt.fake.emit({ name: 'a', what: 'started' })
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('running')
    expect(events).toEqual([{ type: 'guest', guest: libvirt.fake.guest('a', { state: 'running' }) }])
    expect(libvirt.fake.counts).toMatchObject({ get: 1, list })
  })

  it('shows at once what an event says of the state, whatever a read that began before it finds, and reads again', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a', { state: 'running', addresses: ['10.0.0.2'], startedAt: 1 })
    const { inventory } = setUp([libvirt])
    await inventory.addHost(host)
    const first = gate()
    libvirt.fake.gate = () => first.opened
    libvirt.fake.emit({ name: 'a', what: 'shutdown' })
    await expect.poll(() => libvirt.fake.counts.get).toBe(1)
    libvirt.fake.set('a', { state: 'stopped', warning: 'read' })
    libvirt.fake.emit({ name: 'a', what: 'stopped', state: 'stopped' })
    libvirt.fake.emit({ name: 'unknown', what: 'stopped', state: 'stopped' })
    await expect.poll(() => inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'stopped', addresses: [] })
    expect(inventory.guest('h1~libvirt~a')?.startedAt).toBeUndefined()
    expect(libvirt.fake.counts.get).toBe(2)
    first.open()
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.warning).toBe('read')
    expect(inventory.guest('h1~libvirt~unknown')).toBeUndefined()
  })

  it('loses no event that comes while the guest is read', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory } = setUp([libvirt])
    await inventory.addHost(host)
    const first = gate()
    libvirt.fake.gate = () => first.opened
    libvirt.fake.set('a', { state: 'starting' })
    libvirt.fake.emit({ name: 'a', what: 'started' })
    await expect.poll(() => libvirt.fake.counts.get).toBe(1)
    libvirt.fake.set('a', { state: 'running' })
    for (let i = 0; i < 20; i++) libvirt.fake.emit({ name: 'a', what: 'resumed' })
    first.open()
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('running')
    expect(libvirt.fake.counts.get).toBeLessThanOrEqual(3)
  })

  it('lets no list that began earlier overwrite what an event showed', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    libvirt.fake.set('gone')
    const { inventory, events } = setUp([libvirt], { settle: 1 })
    const list = gate()
    libvirt.fake.gate = async (what) => (what === 'list' && libvirt.fake.counts.list === 2 ? list.opened : undefined)
    await inventory.addHost(host)
    await expect.poll(() => libvirt.fake.counts.list).toBe(2)
    libvirt.fake.set('a', { state: 'running' })
    libvirt.fake.guests.delete('gone')
    libvirt.fake.emit({ name: 'a', what: 'started' })
    libvirt.fake.emit({ name: 'gone', what: 'undefined' })
    await expect.poll(() => inventory.guest('h1~libvirt~gone')).toBeUndefined()
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('running')
    list.open()
    await inventory.refreshHost('h1')
    expect(inventory.guest('h1~libvirt~gone')).toBeUndefined()
    expect(events.filter((event) => event.type === 'guest').map(({ guest }) => `${guest.name} ${guest.state}`)).toEqual([
      'a stopped',
      'gone stopped',
      'a running',
    ])
  })

  it('publishes nothing when nothing changed', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a', { addresses: ['10.0.0.1'] })
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    events.length = 0
    await inventory.refreshHost('h1')
    await inventory.refresh(ref('a'))
    expect(events).toEqual([])
    libvirt.fake.set('a', { addresses: ['10.0.0.2'] })
    await inventory.refreshHost('h1')
    expect(events.map(({ type }) => type)).toEqual(['guest'])
  })

  it('says that a guest is gone, by event, by refresh and by list', async () => {
    const libvirt = createFakeEngine('libvirt')
    for (const name of ['a', 'b', 'c']) libvirt.fake.set(name)
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    events.length = 0
    libvirt.fake.guests.delete('a')
    libvirt.fake.emit({ name: 'a', what: 'undefined' })
    await expect.poll(() => events.length).toBe(1)
    libvirt.fake.guests.delete('b')
    expect(await inventory.refresh(ref('b'))).toBeNull()
    libvirt.fake.guests.delete('c')
    libvirt.fake.emit({ what: 'something' })
    await expect.poll(() => events.length).toBe(3)
    expect(events).toEqual(['a', 'b', 'c'].map((name) => ({ type: 'guest.removed', id: `h1~libvirt~${name}` })))
  })

  it('goes on with the other engine when one fails, and finds it again', async () => {
    const libvirt = createFakeEngine('libvirt')
    const incus = createFakeEngine('incus')
    libvirt.fake.set('a', { state: 'running' })
    incus.fake.set('b')
    const { inventory, states } = setUp([libvirt, incus])
    await inventory.addHost(host)
    libvirt.fake.state = 'broken'
    libvirt.fake.failure = new Error('connection refused')
    libvirt.fake.breakEvents(new Error('end of file'))
    await expect.poll(states).toEqual(['libvirt broken', 'incus ready'])
    expect(inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'unknown', warning: 'libvirt is broken' })
    expect(() => inventory.engine('h1', 'libvirt')).toThrow('libvirt on one does not answer: libvirt is broken')
    incus.fake.set('b', { state: 'running' })
    incus.fake.emit({ name: 'b', what: 'started' })
    await expect.poll(() => inventory.guest('h1~incus~b')?.state).toBe('running')
    libvirt.fake.state = 'ready'
    libvirt.fake.failure = undefined
    await inventory.refreshHost('h1')
    expect(states()).toEqual(['libvirt ready', 'incus ready'])
    expect(inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'running' })
    expect(inventory.guest('h1~libvirt~a')?.warning).toBeUndefined()
    libvirt.fake.set('a')
    libvirt.fake.emit({ name: 'a', what: 'stopped' })
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('stopped')
    expect(libvirt.fake.watchers).toBe(1)
  })

  it('comes back by itself after its events failed, with what it missed', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory, states } = setUp([libvirt])
    await inventory.addHost(host)
    libvirt.fake.breakEvents(new Error('end of file'))
    await expect.poll(() => libvirt.fake.watchers).toBe(0)
    libvirt.fake.set('missed')
    await expect.poll(() => inventory.guest('h1~libvirt~missed'), { timeout: 5000 }).toBeDefined()
    expect(libvirt.fake.counts.watch).toBe(2)
    expect(states()).toEqual(['libvirt ready'])
  })

  it('tells the cause when a list fails though the engine seems there', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.failure = new Error('not JSON')
    const { inventory } = setUp([libvirt])
    await inventory.addHost(host)
    expect(inventory.hosts()[0]?.engines).toEqual([{ kind: 'libvirt', state: 'broken', cause: 'not JSON' }])
  })

  it('notices an engine that is started later', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.state = 'absent'
    const { inventory, states } = setUp([libvirt], { look: 10 })
    await inventory.addHost(host)
    expect(states()).toEqual(['libvirt absent'])
    libvirt.fake.set('a')
    libvirt.fake.state = 'ready'
    await expect.poll(states).toEqual(['libvirt ready'])
    expect(inventory.guests()).toHaveLength(1)
  })

  it('polls an engine without events, and faster while a job runs there', async () => {
    const libvirt = createFakeEngine('libvirt', { events: false })
    const { inventory } = setUp([libvirt], { pollBusy: 5 })
    await inventory.addHost(host)
    expect(libvirt.fake.counts.list).toBe(1)
    inventory.setBusy(ref('a'), true)
    await expect.poll(() => libvirt.fake.counts.list).toBeGreaterThan(4)
    libvirt.fake.set('a')
    await expect.poll(() => inventory.guests().length).toBe(1)
    inventory.setBusy(ref('a'), false)
  })

  it('lists once when very many guests change together', async () => {
    const libvirt = createFakeEngine('libvirt')
    for (let i = 0; i < 500; i++) libvirt.fake.set(`g${i}`)
    const { inventory } = setUp([libvirt])
    await inventory.addHost(host)
    for (let i = 0; i < 500; i++) {
      libvirt.fake.set(`g${i}`, { state: 'running' })
      libvirt.fake.emit({ name: `g${i}`, what: 'started' })
    }
    await expect.poll(() => inventory.guests().every(({ state }) => state === 'running')).toBe(true)
    expect(libvirt.fake.counts.get).toBeLessThan(20)
    expect(libvirt.fake.counts.list).toBeLessThan(5)
  })

  it('removes a host with its guests', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    await inventory.removeHost('h1')
    expect(inventory.hosts()).toEqual([])
    expect(inventory.guests()).toEqual([])
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['guest.removed', 'host.removed'])
    expect(libvirt.fake.watchers).toBe(0)
    expect(() => inventory.engine('h1', 'libvirt')).toThrow('There is no such host')
  })

  it('takes over what changed of a host', async () => {
    const libvirt = createFakeEngine('libvirt')
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    events.length = 0
    await inventory.updateHost({ ...host, name: 'renamed' })
    expect(inventory.host('h1')?.name).toBe('renamed')
    expect(events.map(({ type }) => type)).toEqual(['host'])
    expect(libvirt.fake.counts.probe).toBe(2)
  })
})

describe('a host that is lost', () => {
  const away: Host = { ...host, transport: 'ssh', become: 'none' }

  /** A host whose cable can be pulled: every command fails then. */
  function setUpAway(engines: ReturnType<typeof createFakeEngine>[]) {
    const bus = createBus(0)
    const cable = { cut: false, asked: 0, tell: (_way: Way) => {}, closed: 0 }
    const inventory = createInventory({
      engines: engines.map(({ engine }) => engine),
      bus,
      log: quiet,
      makeExec: (_, onWay) => {
        cable.tell = onWay
        const exec = fakeExec()
        return {
          ...exec,
          async read(argv) {
            cable.asked++
            if (cable.cut) throw new Error('Connection refused')
            return exec.read(argv)
          },
          async close() {
            cable.closed++
          },
        }
      },
      images: () => [],
      guestsDir: () => '/nowhere',
      times: { ...slow, reach: 5 },
    })
    close.push(() => inventory.close())
    return { inventory, cable }
  }

  it('keeps its guests as unknown with the time they were last seen, asks no engine meanwhile, and comes back by itself', async () => {
    const libvirt = createFakeEngine('libvirt')
    const incus = createFakeEngine('incus')
    libvirt.fake.set('a', { state: 'running' })
    incus.fake.set('b', { state: 'running' })
    const { inventory, cable } = setUpAway([libvirt, incus])
    const begun = Date.now()
    await inventory.addHost(away)
    const before = Date.now()
    cable.cut = true
    cable.tell({ open: false, cause: 'The connection was lost' })
    expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'The connection was lost' })
    const { seenAt = 0 } = inventory.host('h1') ?? {}
    expect(seenAt).toBeGreaterThanOrEqual(begun)
    expect(seenAt).toBeLessThanOrEqual(before)
    for (const id of ['h1~libvirt~a', 'h1~incus~b'])
      expect(inventory.guest(id)).toMatchObject({
        state: 'unknown',
        lastSeenAt: seenAt,
        warning: 'one does not answer: The connection was lost',
      })
    expect(() => inventory.engine('h1', 'libvirt')).toThrow('one does not answer: The connection was lost')
    const probes = libvirt.fake.counts.probe + incus.fake.counts.probe
    const { asked } = cable
    await expect.poll(() => cable.asked).toBeGreaterThan(asked + 3)
    expect(inventory.host('h1')?.cause).toBe('Connection refused')
    expect(libvirt.fake.counts.probe + incus.fake.counts.probe).toBe(probes)
    expect(libvirt.fake.watchers + incus.fake.watchers).toBe(0)
    libvirt.fake.set('a', { state: 'stopped' })
    cable.cut = false
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('stopped')
    await expect.poll(() => inventory.guest('h1~incus~b')?.state).toBe('running')
    expect(inventory.guest('h1~incus~b')?.lastSeenAt).toBeUndefined()
    expect(inventory.guest('h1~incus~b')?.warning).toBeUndefined()
    const { state, cause, seenAt: gone } = inventory.host('h1') ?? {}
    expect({ state, cause, gone }).toEqual({ state: 'up' })
  })

  it('is told apart from an engine that fails by itself', async () => {
    const libvirt = createFakeEngine('libvirt')
    const incus = createFakeEngine('incus')
    const { inventory, cable } = setUpAway([libvirt, incus])
    await inventory.addHost(away)
    const { asked } = cable
    libvirt.fake.state = 'broken'
    libvirt.fake.failure = new Error('connection refused')
    libvirt.fake.breakEvents(new Error('end of file'))
    await expect.poll(() => inventory.host('h1')?.engines[0]?.state).toBe('broken')
    await expect.poll(() => cable.asked).toBeGreaterThan(asked)
    expect(inventory.host('h1')?.state).toBe('up')
    // The other one breaks because the host is gone, which nobody tells but the command itself.
    cable.cut = true
    incus.fake.failure = new Error('Connection reset')
    incus.fake.breakEvents(new Error('Connection reset'))
    await expect.poll(() => inventory.host('h1')?.state).toBe('down')
    expect(inventory.host('h1')?.engines).toMatchObject([{ state: 'broken' }, { cause: 'one does not answer: Connection refused' }])
  })

  it('that was never reached is down with its cause, without holding anybody up', async () => {
    const libvirt = createFakeEngine('libvirt')
    const { inventory, cable } = setUpAway([libvirt])
    cable.cut = true
    await inventory.addHost(away)
    expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'Connection refused', seenAt: undefined, engines: [] })
    await inventory.refreshHost('h1')
    expect(libvirt.fake.counts.probe).toBe(0)
    cable.cut = false
    await inventory.refreshHost('h1')
    expect(inventory.host('h1')?.state).toBe('up')
    expect(libvirt.fake.counts.probe).toBeGreaterThan(0)
  })

  it('says that its key changed until it answers again', async () => {
    const { inventory, cable } = setUpAway([createFakeEngine('libvirt')])
    await inventory.addHost(away)
    cable.cut = true
    cable.tell({ open: false, cause: 'Another key', keyChanged: true })
    expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'Another key', keyChanged: true })
    cable.cut = false
    await inventory.refreshHost('h1')
    expect(inventory.host('h1')?.state).toBe('up')
    expect(inventory.host('h1')?.keyChanged).toBeUndefined()
  })

  it('is reached by its new address, and no longer by the old one', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory, cable } = setUpAway([libvirt])
    await inventory.addHost(away)
    const tellOld = cable.tell
    const ssh = { address: 'mars', port: 22, user: 'root', key: { kind: 'own' }, hostKey: '' } as const
    await inventory.updateHost({ ...away, ssh })
    expect(cable.closed).toBe(1)
    expect(inventory.host('h1')?.state).toBe('up')
    expect(inventory.guests().map(({ state }) => state)).toEqual(['stopped'])
    tellOld({ open: false, cause: 'The old one' })
    expect(inventory.host('h1')?.state).toBe('up')
    await inventory.updateHost({ ...away, ssh, name: 'renamed' })
    expect(cable.closed).toBe(1)
  })
})

it('shows a host whose settings lead nowhere, and reaches it once they are mended', async () => {
  let broken = true
  const inventory = createInventory({
    engines: [],
    bus: createBus(0),
    log: quiet,
    makeExec: () => {
      if (broken) throw new Error('It is not known how one is reached')
      return fakeExec()
    },
    images: () => [],
    guestsDir: () => '/nowhere',
    times: slow,
  })
  close.push(() => inventory.close())
  await inventory.addHost({ ...host, transport: 'ssh' })
  expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'It is not known how one is reached' })
  broken = false
  await inventory.updateHost({
    ...host,
    transport: 'ssh',
    ssh: { address: 'mars', port: 22, user: 'root', key: { kind: 'own' }, hostKey: '' },
  })
  expect(inventory.host('h1')?.state).toBe('up')
})
