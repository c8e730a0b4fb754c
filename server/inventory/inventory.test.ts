import { describe, expect, it } from 'vitest'
import { createFakeEngine } from './fake-engine'
import { host, setUp } from './fixture-inventory'

const ref = (name: string) => ({ host: 'h1', engine: 'libvirt', name }) as const

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

  it('passes on that a guest began anew, which its state does not tell', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a', { state: 'running' })
    const { inventory, events } = setUp([libvirt])
    await inventory.addHost(host)
    events.length = 0
    libvirt.fake.emit({ name: 'nobody', what: 'reboot', rebooted: true })
    libvirt.fake.emit({ name: 'a', what: 'reboot', rebooted: true })
    await expect.poll(() => events).toEqual([{ type: 'guest.rebooted', id: 'h1~libvirt~a' }])
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
