import { describe, expect, it } from 'vitest'
import { createFakeEngine, fakeExec } from './fake-engine'
import { away, setUp, setUpAway } from './fixture-inventory'

describe('a host that is lost', () => {
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

  it('is up again with its guests, not before them', async () => {
    const libvirt = createFakeEngine('libvirt')
    const incus = createFakeEngine('incus')
    libvirt.fake.set('a', { state: 'running' })
    incus.fake.set('b', { state: 'running' })
    const { inventory, bus, cable } = setUpAway([libvirt, incus])
    await inventory.addHost(away)
    cable.cut = true
    cable.tell({ open: false, cause: 'The connection was lost' })
    const seen: string[] = []
    const doubted = () => inventory.guests().filter((guest) => guest.lastSeenAt !== undefined).length
    bus.subscribe(({ event }) => event.type === 'host' && seen.push(`${event.host.state} ${event.host.state === 'up' ? doubted() : ''}`))
    // The way is there again; the answer of one engine takes its time.
    let answer = () => {}
    const slow = new Promise<void>((resolve) => {
      answer = resolve
    })
    incus.fake.gate = () => slow
    cable.cut = false
    await expect.poll(() => inventory.guest('h1~libvirt~a')?.state).toBe('running')
    expect(inventory.host('h1')?.state).toBe('connecting')
    answer()
    await expect.poll(() => inventory.host('h1')?.state).toBe('up')
    expect(seen.filter((each) => each.startsWith('up'))).toEqual(['up 0'])
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
  const makeExec = () => {
    if (broken) throw new Error('It is not known how one is reached')
    return fakeExec()
  }
  const { inventory } = setUp([], {}, { makeExec })
  await inventory.addHost(away)
  expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'It is not known how one is reached' })
  broken = false
  await inventory.updateHost({ ...away, ssh: { address: 'mars', port: 22, user: 'root', key: { kind: 'own' }, hostKey: '' } })
  expect(inventory.host('h1')?.state).toBe('up')
})
