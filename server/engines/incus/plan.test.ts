import { describe, expect, test } from 'vitest'
import { ExecError } from '@/server/exec/error'
import type { Operation } from '@/server/model/operation'
import { GiB, MiB } from '@/server/model/size'
import type { ContainerSpec } from '@/server/model/spec'
import { answers, contextOf, engine, host, one, probe, type Replies, recorded, replay, signal, transcript } from './fixture-replay'
import { incus } from './index'

describe('catalog', () => {
  const pool =
    (df: string): Replies =>
    (argv) => {
      if (argv[0] === 'df') return df
      if (argv[2] === '/1.0/storage-pools/default/resources') return JSON.stringify({ space: { total: 1000 * GiB, used: 200 * GiB } })
      return recorded(argv)
    }
  const free = async (df: string) => (await (await engine(pool(df))).catalog(signal)).pools[0]

  test('the room of a pool in a folder is what may be written there, without the blocks kept for root', async () => {
    const df = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 1048576000 209715200 314572800 40% /\n'
    expect(await free(df)).toMatchObject({ freeBytes: 300 * GiB, totalBytes: 1000 * GiB })
    expect(await free('')).toMatchObject({ freeBytes: 800 * GiB })
  })
})

const plan = async (op: Operation) => (await engine()).plan(op, signal)
const command = async (op: Operation) => {
  const step = (await plan(op)).steps[0]
  return step && 'argv' in step ? step.argv.join(' ') : ''
}
const spec: ContainerSpec = {
  type: 'container',
  name: 'web',
  image: 'ic-debian12',
  cpus: 2,
  memoryBytes: 512 * MiB,
  network: 'incusbr0',
  autostart: true,
  start: true,
  diskBytes: null,
  access: null,
}
const create = (more: Partial<ContainerSpec>) => plan({ kind: 'create', spec: { ...spec, ...more } })

describe('create', () => {
  test('the whole of it', async () => {
    expect(await create({})).toMatchObject({
      steps: [
        {
          argv: [
            ...['incus', 'init', 'ic-debian12', 'web', '--config', 'limits.cpu=2', '--config', 'limits.memory=512MiB'],
            ...['--config', 'boot.autostart=true', '--network', 'incusbr0'],
          ],
          undo: ['incus', 'delete', '--force', 'web'],
        },
        { argv: ['incus', 'start', 'web'] },
      ],
      expect: { kind: 'guest', name: 'web', states: ['running'], fields: { cpus: 2, memoryBytes: 512 * MiB, autostart: true } },
      warnings: [],
      locks: ['guest:web'],
    })
  })
  test('an image that somebody deleted in Incus is said to be gone, with what to do', async () => {
    const status = await probe(recorded)
    if (status.state !== 'ready') throw new Error(status.cause)
    const image = { id: 'debian-13-container', host: 'local', title: 'Debian 13', kind: 'container', arch: 'x86_64' } as const
    const lost = {
      ...image,
      files: { alias: 'bailiwick-debian-13' },
      sizeBytes: 1,
      cloudInit: true,
      createdAt: 0,
      source: 'built',
    } as const
    const opened = incus.open(host, { ...contextOf(replay(recorded)), images: () => [lost] }, status.info)
    await expect(opened.plan({ kind: 'create', spec: { ...spec, image: lost.id } }, signal)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^The image Debian 13 is gone from Incus: .* build it again/),
    })
  })
  test('no network, not started', async () => {
    const made = await create({ network: null, start: false })
    expect(made.steps).toHaveLength(1)
    expect(made.steps[0]).toMatchObject({ stdin: 'devices:\n  eth0:\n    type: none\n' })
    expect(made.expect).toMatchObject({ states: ['stopped'] })
  })
  test('a password is in no argument and goes in as a hash; both are secrets; nothing breaks out of the YAML', async () => {
    const key = 'ssh-ed25519 AAAA "x": y'
    const made = await create({ access: { user: 'anna', password: 'geheim-genug', sshKeys: [key] } })
    const step = made.steps[0]
    if (!step || !('argv' in step)) throw new Error('not a command')
    expect(JSON.stringify(made.steps.map((each) => ({ ...each, secrets: [] })))).not.toContain('geheim-genug')
    expect(step.argv.join(' ')).not.toContain('$6$')
    const hash = /passwd: "(\$6\$[^"]+)"/.exec(step.stdin ?? '')?.[1]
    expect(step.secrets).toEqual(['geheim-genug', hash])
    expect(step.stdin).toMatch(/^config:\n {2}cloud-init.user-data: \|\n {4}#cloud-config\n {4}users:\n/)
    expect(step.stdin).toContain(`          - ${JSON.stringify(key)}`)
    for (const line of step.stdin?.split('\n').slice(2) ?? []) expect(line === '' || line.startsWith('    ')).toBe(true)
  })
  test('a directory pool cannot limit the disk, and says so; another pool does', async () => {
    expect((await create({ diskBytes: 4 * GiB })).warnings).toEqual([
      'The disk is not limited to 4 GiB: the pool default is a plain directory.',
    ])
    const btrfs: Replies = (argv) =>
      argv[2]?.startsWith('/1.0/storage-pools') ? transcript('pools.json').replace('"dir"', '"btrfs"') : recorded(argv)
    const made = await (await engine(btrfs)).plan({ kind: 'create', spec: { ...spec, diskBytes: 4 * GiB } }, signal)
    expect(made.steps[0]).toMatchObject({ argv: expect.arrayContaining(['--device', 'root,size=4GiB']) })
    expect(made.warnings).toEqual([])
  })
  test('more than the host has is a warning', async () => {
    expect((await create({ cpus: 64, memoryBytes: 512 * GiB })).warnings).toEqual([
      'The host has only 2 processors.',
      'The host has only 24 GiB of memory.',
    ])
  })
  test.each<[string, Partial<ContainerSpec>, object]>([
    ['image', { image: 'nope' }, { code: 'invalid', field: 'operation.spec.image' }],
    ['network', { network: 'nope' }, { code: 'invalid', field: 'operation.spec.network' }],
    ['name', { name: 'ic-web' }, { code: 'conflict', field: 'operation.spec.name' }],
  ])('an unknown or taken %s names its field', async (_, more, error) => {
    await expect(create(more)).rejects.toMatchObject(error)
  })
  test('a VM is refused with the daemon’s reason', async () => {
    const vm = { ...spec, type: 'vm', iso: null, arch: 'x86_64' } as const
    await expect(plan({ kind: 'create', spec: vm })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('vhost_vsock'),
    })
  })
})

describe('operations', () => {
  test.each<[Operation, string]>([
    [{ kind: 'start', name: 'ic-web' }, 'incus start ic-web'],
    [{ kind: 'stop', name: 'ic-run' }, 'incus stop ic-run --timeout 60'],
    [{ kind: 'kill', name: 'ic-run' }, 'incus stop ic-run --force'],
    [{ kind: 'restart', name: 'ic-run' }, 'incus restart ic-run --timeout 60'],
    [{ kind: 'pause', name: 'ic-run' }, 'incus pause ic-run'],
    [{ kind: 'resume', name: 'ic-ice' }, 'incus resume ic-ice'],
    [{ kind: 'rename', name: 'ic-web', newName: 'b' }, 'incus rename ic-web b'],
    [{ kind: 'clone', name: 'ic-web', newName: 'b' }, 'incus copy ic-web b --instance-only'],
    [{ kind: 'remove', name: 'ic-web', disks: true }, 'incus delete ic-web'],
    [
      { kind: 'set', name: 'ic-run', cpus: 2, memoryBytes: GiB, autostart: false },
      'incus config set ic-run limits.cpu=2 limits.memory=1GiB boot.autostart=false',
    ],
    [{ kind: 'snapshot.create', name: 'ic-run', snapshot: 's9' }, 'incus snapshot create ic-run s9'],
    [{ kind: 'snapshot.restore', name: 'ic-web', snapshot: 's1' }, 'incus snapshot restore ic-web s1'],
    [{ kind: 'snapshot.remove', name: 'ic-web', snapshot: 's1' }, 'incus snapshot delete ic-web s1'],
  ])('%j', async (op, argv) => expect(await command(op)).toBe(argv))

  test.each<[Operation, string, RegExp]>([
    [{ kind: 'start', name: 'nobody' }, 'not-found', /no guest nobody/],
    [{ kind: 'start', name: 'a;reboot' }, 'not-found', /no guest/],
    [{ kind: 'start', name: '../../x' }, 'not-found', /no guest/],
    [{ kind: 'remove', name: 'ic-web', disks: false }, 'refused', /together with its disk/],
    [{ kind: 'clone', name: 'ic-web', newName: 'ic-run' }, 'conflict', /already a guest ic-run/],
    [{ kind: 'set', name: 'ic-web' }, 'invalid', /Nothing/],
    [{ kind: 'snapshot.create', name: 'ic-web', snapshot: 's1' }, 'conflict', /already/],
    [{ kind: 'snapshot.restore', name: 'ic-web', snapshot: 's2' }, 'not-found', /no snapshot s2/],
  ])('%j is refused', async (op, code, words) => {
    await expect(plan(op)).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
  })
  test('both names are locked by a clone, and what goes with a removal is said', async () => {
    expect((await plan({ kind: 'clone', name: 'ic-web', newName: 'b' })).locks).toEqual(['guest:ic-web', 'guest:b'])
    expect((await plan({ kind: 'remove', name: 'ic-web', disks: true })).warnings).toEqual(['Its snapshot goes with it.'])
  })
})

test('consoles: a constant shell, a serial line, no screen', async () => {
  const opened = await engine()
  const shell = await opened.console('ic-run', 'shell', signal)
  expect(shell).toMatchObject({ kind: 'pty', argv: expect.arrayContaining(['incus', 'exec', 'ic-run', '--', '/bin/sh', '-c']) })
  expect(await opened.console('ic-run', 'serial', signal)).toMatchObject({ argv: ['incus', 'console', 'ic-run', '--force'] })
  await expect(opened.console('ic-run', 'vnc', signal)).rejects.toMatchObject({ code: 'refused' })
  await expect(opened.console('ic-web', 'shell', signal)).rejects.toThrow('ic-web is stopped: start it')
})

describe('reading while guests start and stop', () => {
  const stumbling = (times: number): Replies => {
    let left = times
    return (argv) => {
      if (!argv[2]?.startsWith('/1.0/instances') || !argv[2].includes('recursion=') || left-- <= 0) return recorded(argv)
      return new ExecError("incus query failed with code 1: Error: Invalid PID '\ufffd'", { reason: 'exit', argv })
    }
  }
  test('the daemon’s stumble over one guest loses none', async () => {
    const list = await (await engine(stumbling(2))).list(signal)
    expect(list.map((guest) => guest.name).sort()).toEqual(['ic-run', 'ic-web'])
    expect((await (await engine(stumbling(2))).get('ic-run', signal))?.addresses).toEqual(['10.92.0.77'])
  })
  test('a daemon that keeps stumbling is read without states', async () => {
    answers['/1.0/instances?recursion=1'] = JSON.stringify(
      JSON.parse(transcript('instances.json')).map((each: object) => ({ ...each, state: undefined })),
    )
    const list = await (await engine(stumbling(6))).list(signal)
    expect(list.map((guest) => guest.state).sort()).toEqual(['running', 'stopped'])
  })
  test('a husk is asked for by itself: gone, or broken and kept', async () => {
    const husk = { ...JSON.parse(one('ic-web')), status: 'Error', config: null, expanded_config: null, expanded_devices: null, state: null }
    const withHusks: Replies = (argv) => {
      if (argv[2] === '/1.0/instances?recursion=2')
        return JSON.stringify([
          { ...husk, name: 'gone' },
          { ...husk, name: 'broken' },
          { ...husk, name: 'ic-run' },
        ])
      return argv[2]?.startsWith('/1.0/instances/broken') ? new ExecError('its pool is missing', { reason: 'exit', argv }) : recorded(argv)
    }
    const list = await (await engine(withHusks)).list(signal)
    expect(list.map((guest) => [guest.name, guest.state])).toEqual([
      ['broken', 'unknown'],
      ['ic-run', 'running'],
    ])
  })
  test('any other failure is not hidden', async () => {
    const failing: Replies = (argv) =>
      argv[2]?.startsWith('/1.0/instances')
        ? new ExecError('incus query failed: database is locked', { reason: 'exit', argv })
        : recorded(argv)
    await expect((await engine(failing)).list(signal)).rejects.toThrow('database is locked')
  })
})
