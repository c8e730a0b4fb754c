import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeEngine } from './fake-engine'
import { away, host, setUpAway } from './fixture-inventory'
import { createMemory } from './memory'

let all: string
let folder: string
beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'bailiwick-memory-'))
})
beforeEach(async () => {
  folder = await mkdtemp(join(all, 'run-'))
})
afterAll(() => rm(all, { recursive: true }))

const log = { warn: (about: unknown) => expect.fail(JSON.stringify(about)) }
const open = () => createMemory({ folder, log, waitMs: 1 })
const file = () => join(folder, 'h1.json')

/** A server that has seen this host, and was ended. */
async function firstRun(change: Parameters<ReturnType<typeof createFakeEngine>['fake']['set']>[1] = {}): Promise<number> {
  const libvirt = createFakeEngine('libvirt')
  libvirt.fake.set('a', { state: 'running', os: 'Debian 12', addresses: ['10.0.0.2'], ...change })
  const { inventory } = setUpAway([libvirt], { memory: open() })
  await inventory.addHost(away)
  await inventory.close()
  return Date.now()
}

describe('guests of a host that is off when the server starts', () => {
  it('are listed as unknown with the time they were last seen, and are true again once it answers', async () => {
    const before = Date.now()
    const ended = await firstRun()
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a', { state: 'stopped', os: 'Debian 12' })
    const { inventory, cable } = setUpAway([libvirt], { memory: open() })
    cable.cut = true
    const added = inventory.addHost(away)
    expect(inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'unknown', os: 'Debian 12', addresses: ['10.0.0.2'] })
    await added
    expect(inventory.host('h1')).toMatchObject({ state: 'down', cause: 'Connection refused' })
    const { lastSeenAt = 0, warning } = inventory.guest('h1~libvirt~a') ?? {}
    expect(lastSeenAt).toBeGreaterThanOrEqual(before)
    expect(lastSeenAt).toBeLessThanOrEqual(ended)
    expect(inventory.host('h1')?.seenAt).toBe(lastSeenAt)
    expect(warning).toBe('one does not answer: Connection refused')
    cable.cut = false
    await inventory.refreshHost('h1')
    expect(inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'stopped' })
    expect(inventory.guest('h1~libvirt~a')?.lastSeenAt).toBeUndefined()
  })

  it('are forgotten where the host answers without them, or its engine is gone', async () => {
    await firstRun()
    const other = createFakeEngine('libvirt')
    const listed = setUpAway([other], { memory: open() }).inventory
    await listed.addHost(away)
    expect(listed.guests()).toEqual([])
    await listed.close()
    await firstRun()
    other.fake.state = 'absent'
    const missing = setUpAway([other], { memory: open() }).inventory
    await missing.addHost(away)
    expect(missing.guests()).toEqual([])
  })

  it('are still known after a run in which it was never reached', async () => {
    await firstRun()
    const { seenAt } = JSON.parse(await readFile(file(), 'utf8'))
    const second = setUpAway([createFakeEngine('libvirt')], { memory: open() })
    second.cable.cut = true
    await second.inventory.addHost(away)
    await second.inventory.close()
    const third = setUpAway([createFakeEngine('libvirt')], { memory: open() })
    third.cable.cut = true
    await third.inventory.addHost(away)
    expect(third.inventory.guest('h1~libvirt~a')).toMatchObject({ state: 'unknown', lastSeenAt: seenAt })
  })

  it('are known though the server was killed', async () => {
    const libvirt = createFakeEngine('libvirt')
    libvirt.fake.set('a')
    const { inventory } = setUpAway([libvirt], { memory: open() })
    await inventory.addHost(away)
    libvirt.fake.set('b')
    libvirt.fake.emit({ name: 'b', what: 'defined' })
    await expect.poll(() => readFile(file(), 'utf8').catch(() => '')).toContain('"b"')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  it('go with the host, are not kept of this machine, and a file that cannot be read is none', async () => {
    await firstRun()
    await writeFile(file(), '{"seenAt": 1, "guests": [{"name": 3}]}')
    const memory = open()
    expect(memory.recall('h1')).toBeNull()
    const { inventory } = setUpAway([createFakeEngine('libvirt')], { memory })
    await inventory.addHost(away)
    await inventory.removeHost('h1')
    expect(await readdir(folder)).toEqual([])
    await inventory.addHost(host)
    await inventory.close()
    expect(await readdir(folder)).toEqual([])
  })
})
