import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import type { EngineHost } from '../types'
import { libvirt } from './index'
import { batch } from './virsh'
import { escapeXml } from './xml'

const exec = createLocalExec({})
const signal = () => AbortSignal.timeout(30_000)
const names = ['2', 'a b', "it's", '"; echo x; "', '$(id)', 'ünï-☃', '#hash', '--all', 'x'.repeat(200)]

/** A host of libvirt's own test driver: the real virsh, no daemon. Ids follow the order, so the domain named "2" has the id 1. */
const hostFile = (count: number) => {
  const domain = (name: string, i: number) =>
    `<domain type='test'><name>${escapeXml(name)}</name><uuid>00000000-0000-4000-8000-${String(i).padStart(12, '0')}</uuid>` +
    `<memory unit='MiB'>${64 + i}</memory><vcpu>2</vcpu><os><type arch='i686'>hvm</type></os>` +
    `<devices><interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/></interface></devices></domain>`
  const plain = Array.from({ length: count }, (_, i) => `vm-${String(i).padStart(4, '0')}`)
  return `<node>${[...names, ...plain].map(domain).join('\n')}<network><name>default</name></network></node>`
}

describe("libvirt's test driver", () => {
  let folder = ''
  let engine: EngineHost
  const host = (libvirtUri: string) => ({ id: 'h', name: 'h', transport: 'local' as const, libvirtUri })
  const context = { exec, images: () => [], guestsDir: '/nonexistent', become: 'none' as const }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lv-exec-'))
    const file = join(folder, 'host.xml')
    await writeFile(file, hostFile(1000))
    const status = await libvirt.probe(host(`test://${file}`), context, signal())
    if (status.state !== 'ready') throw new Error(status.cause)
    engine = libvirt.open(host(`test://${file}`), context, status.info)
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await exec.close()
  })

  test('lists a thousand domains, none missing, each with its own facts', async () => {
    for (const round of ['first', 'with what the first one kept']) {
      const guests = await engine.list(signal())
      expect(guests, round).toHaveLength(1000 + names.length)
      expect(new Set(guests.map((g) => g.name)), round).toEqual(
        new Set([...names, ...Array.from({ length: 1000 }, (_, i) => `vm-${String(i).padStart(4, '0')}`)]),
      )
      expect(guests.find((g) => g.name === 'vm-0999')?.memoryBytes, round).toBe((64 + 999 + names.length) * 2 ** 20)
      expect(
        guests.every((g) => g.state === 'running' && g.cpus === 2),
        round,
      ).toBe(true)
    }
  })

  test('a name is never taken for an id, an option or a command', async () => {
    for (const [i, name] of names.entries())
      expect(await engine.get(name, signal())).toMatchObject({ name, memoryBytes: (64 + i) * 2 ** 20 })
    expect(await engine.get('1', signal())).toBeNull()
    expect(await engine.get('00000000-0000-4000-8000-000000000001', signal())).toBeNull()
  })

  test('refuses to change what would be forgotten', async () => {
    await expect(engine.plan({ kind: 'kill', name: 'vm-0001' }, signal())).rejects.toMatchObject({ code: 'refused', message: /forgets/ })
  })

  test('virsh reads quoted words as they were', async () => {
    const words = [...names, "'", '\\', 'a\nb', '', ';', '"']
    const said = await batch(
      exec,
      'test:///default',
      words.map((word) => ['echo', '--', word]),
    )
    expect(said.map((text) => text ?? '')).toEqual(words)
  })

  test('a list that cannot be read is an error, and an empty one is not', async () => {
    const needed = (...commands: string[][]) => batch(exec, 'test:///default', commands, { needLast: true })
    await expect(needed(['echo', 'a'], ['domuuid', '--domain', 'nowhere'])).rejects.toMatchObject({
      code: 'unavailable',
      message: /nowhere/,
    })
    expect(await needed(['domuuid', '--domain', 'nowhere'], ['list', '--inactive', '--name'])).toEqual([null, null])
  })

  test('a command that fails leaves the others whole', async () => {
    const said = await batch(exec, 'test:///default', [
      ['domuuid', '--domain', 'nowhere'],
      ['echo', 'here'],
    ])
    expect(said).toEqual([null, 'here'])
  })
})

describe('probe', () => {
  const probe = (libvirtUri: string, env?: Record<string, string>) =>
    libvirt.probe(
      { id: 'h', name: 'h', transport: 'local', libvirtUri },
      { exec: env ? createLocalExec({ env }) : createLocalExec({}), images: () => [], guestsDir: '/nonexistent', become: 'none' as const },
      signal(),
    )

  test('a daemon that is not there is broken, with cause and remedy', async () => {
    expect(await probe('qemu+unix:///system?socket=/nonexistent/libvirt-sock')).toMatchObject({
      state: 'broken',
      cause: expect.stringContaining('/nonexistent/libvirt-sock'),
      remedy: expect.stringContaining('libvirtd'),
    })
  })

  test('of modular daemons the one that is missing is named', async () => {
    expect(await probe('qemu+unix:///system?mode=direct&socket=/nonexistent/virtqemud-sock')).toMatchObject({
      state: 'broken',
      cause: expect.stringContaining('/nonexistent/virtqemud-sock'),
      remedy: expect.stringMatching(/virtqemud\.socket .*virtqemud -d/),
    })
  })

  test('without virsh it is absent, with the command that installs it', async () => {
    expect(await probe('qemu:///system', { PATH: '/nonexistent' })).toMatchObject({
      state: 'absent',
      remedy: expect.stringContaining('apt-get install'),
    })
  })

  test('switched off is absent', async () => {
    expect(await probe('')).toMatchObject({ state: 'absent', cause: expect.stringContaining('Switched off') })
  })
})
