import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import type { Engine, EngineContext } from '@/server/engines/types'
import { createBus } from '@/server/events/bus'
import { type FarMachine, makeFarMachine } from '@/server/exec/fixtures/far-machine'
import { createLocalExec } from '@/server/exec/local'
import { createSshExec } from '@/server/exec/ssh'
import type { EngineInfo } from '@/server/model/capability'
import { aGuest } from '@/server/model/fixture-guest'
import type { Host } from '@/server/model/host'
import { createInventory } from './inventory'
import { createMemory } from './memory'

const info: EngineInfo = { kind: 'libvirt', name: 'files', version: '1', details: [], guestTypes: {}, arches: [], operations: {} }
const absent = (): never => {
  throw new Error('Not part of this test')
}

/** An engine whose guests are the files of a folder: what it reads comes through the host's own door. `asked`: how often. */
function engineOf(folder: string, asked: Map<string, number>): Engine {
  const count = (host: Host) => asked.set(host.id, (asked.get(host.id) ?? 0) + 1)
  const list = async (host: Host, { exec }: EngineContext) => {
    count(host)
    const names = (await exec.read(['ls', folder])).trim().split('\n')
    return names.filter(Boolean).map((name) => aGuest(name, { host: host.id }))
  }
  return {
    kind: 'libvirt',
    async probe(host, { exec }) {
      count(host)
      await exec.read(['true'])
      return { kind: 'libvirt', state: 'ready', info }
    },
    open: (host, context) => ({
      info,
      list: () => list(host, context),
      get: async (name) => (await list(host, context)).find((each) => each.name === name) ?? null,
      inspect: absent,
      plan: absent,
      console: absent,
      catalog: absent,
      snapshots: absent,
      async *watch(signal) {
        for await (const line of context.exec.lines(['sleep', '3000'], { signal })) yield { what: line }
      },
    }),
  }
}

let far: FarMachine
let sshd: Sshd
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-cut-'))
  far = await makeFarMachine()
  sshd = await startSshd({ netns: far.netns, address: far.address })
}, 30_000)
afterAll(async () => {
  await sshd.stop()
  await far.remove()
  await rm(folder, { recursive: true })
})

it('a host whose cable is pulled is lost with its guests kept, and is back with what it missed; the other goes on', async () => {
  const { address, port, user, hostKey, keyFile } = sshd
  const ssh = { address, port, user, key: { kind: 'file', path: keyFile }, hostKey } as const
  const asked = new Map<string, number>()
  const start = (memory: string) =>
    createInventory({
      memory: createMemory({ folder: memory, log: { warn() {} } }),
      engines: [engineOf(folder, asked)],
      bus: createBus(),
      log: { debug() {}, info() {}, warn() {} },
      makeExec: (host, onWay) =>
        host.transport === 'local'
          ? createLocalExec()
          : createSshExec({
              ssh,
              keys: { dir: '/nonexistent' },
              program: far.ssh,
              onState: (state) => {
                if (state.state === 'up') onWay({ open: true })
                if (state.state === 'down') onWay({ open: false, cause: state.cause })
              },
            }),
      images: () => [],
      guestsDir: () => '/nowhere',
      times: { relist: 500 },
    })
  const kept = await mkdtemp(join(tmpdir(), 'bailiwick-cut-memory-'))
  let inventory = start(kept)
  try {
    await writeFile(join(folder, 'a'), '')
    const settings = { name: 'mars', libvirtUri: '' }
    const addedAt = Date.now()
    await inventory.addHost({ id: 'far', ...settings, transport: 'ssh', ssh })
    await inventory.addHost({ id: 'near', ...settings, name: 'earth', transport: 'local' })
    expect(inventory.guests().map(({ id, state }) => `${id} ${state}`)).toEqual(['far~libvirt~a running', 'near~libvirt~a running'])

    await far.cut()
    await expect.poll(() => inventory.host('far')?.state, { timeout: 30_000 }).toBe('down')
    const downAt = Date.now()
    const { seenAt = 0 } = inventory.host('far') ?? {}
    expect(seenAt).toBeGreaterThan(addedAt)
    expect(seenAt).toBeLessThanOrEqual(downAt)
    expect(inventory.guest('far~libvirt~a')).toMatchObject({ state: 'unknown', lastSeenAt: seenAt })
    expect(inventory.guest('far~libvirt~a')?.warning).toMatch(/^mars does not answer: /)

    const before = { far: asked.get('far'), near: asked.get('near') ?? 0 }
    await writeFile(join(folder, 'b'), '')
    await expect.poll(() => inventory.guest('near~libvirt~b')?.state, { timeout: 10_000 }).toBe('running')
    await expect.poll(() => asked.get('near') ?? 0, { timeout: 10_000 }).toBeGreaterThan(before.near + 2)
    expect(asked.get('far')).toBe(before.far)
    expect(inventory.host('near')?.state).toBe('up')
    expect(inventory.guest('far~libvirt~b')).toBeUndefined()

    await far.mend()
    await expect.poll(() => inventory.guest('far~libvirt~b')?.state, { timeout: 45_000 }).toBe('running')
    expect(inventory.host('far')?.state).toBe('up')
    expect(inventory.guest('far~libvirt~a')?.state).toBe('running')
    expect(inventory.guest('far~libvirt~a')?.lastSeenAt).toBeUndefined()

    // A server that starts while the host is away lists what it knew.
    await far.cut()
    await inventory.close()
    const closedAt = Date.now()
    inventory = start(kept)
    const added = inventory.addHost({ id: 'far', ...settings, transport: 'ssh', ssh })
    expect(inventory.guests().map(({ id, state }) => `${id} ${state}`)).toEqual(['far~libvirt~a unknown', 'far~libvirt~b unknown'])
    await added
    expect(inventory.host('far')?.state).toBe('down')
    const again = inventory.guest('far~libvirt~b')
    expect(again?.warning).toMatch(/^mars does not answer: /)
    expect(again?.lastSeenAt).toBeGreaterThan(downAt)
    expect(again?.lastSeenAt).toBeLessThanOrEqual(closedAt)
    await far.mend()
    await expect.poll(() => inventory.guest('far~libvirt~b')?.state, { timeout: 45_000 }).toBe('running')
    expect(inventory.guests().filter((guest) => guest.lastSeenAt !== undefined)).toEqual([])
  } finally {
    await inventory.close()
    await rm(kept, { recursive: true })
  }
}, 120_000)
