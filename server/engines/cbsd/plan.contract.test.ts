import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { carryOut } from '@/server/engines/contract'
import { createLocalExec } from '@/server/exec/local'
import type { Exec } from '@/server/exec/types'
import { createCheck } from '@/server/jobs/check'
import { type PlanRun, runPlan } from '@/server/jobs/runner'
import type { Host } from '@/server/model/host'
import type { Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import { GiB, MiB } from '@/server/model/size'
import { guestSpec } from '@/server/model/spec'
import type { EngineHost } from '../types'
import { makeStandIn } from './fixture-host'
import { cbsd } from './index'

let workdir = ''
let exec: Exec
let engine: EngineHost
let remove: () => Promise<void>
const signal = () => AbortSignal.timeout(120_000)
const operate = (op: Operation) => carryOut(engine, exec, op)
const create = (spec: object) => ({ kind: 'create', spec: guestSpec.parse(spec) }) satisfies Operation
const sql = (file: string, text: string) => execFileSync('sqlite3', [join(workdir, file), text], { encoding: 'utf8' }).trim()
const inspect = (name: string) => engine.inspect(name, signal())
const hostDetail = async () => (await engine.hostDetail?.(signal())) ?? expect.fail('no host detail')

/** Runs a plan as a job would, and tells how it ended. */
function run(plan: Plan, stop?: AbortSignal, onStep?: (title: string) => void): Promise<PlanRun> {
  const check = createCheck({
    guest: (name, within) => engine.get(name, within),
    snapshots: (name, within) => engine.snapshots(name, within),
    detail: (name, within) => engine.inspect(name, within),
    host: hostDetail,
    stat: (path) => exec.stat(path),
  })
  return runPlan(plan, exec, {
    check,
    signal: stop,
    onSteps: (steps) => {
      const now = steps.find((step) => step.state === 'running')
      if (now) onStep?.(now.title)
    },
  })
}

/** Whatever of that name is anywhere in CBSD's folders and tables. */
function traces(name: string): string[] {
  const folders = ['jails-system', 'jails-data', 'jails', 'jails-rcconf', 'jails-fstab', 'tmp']
  const files = folders.flatMap((folder) => readdirSync(join(workdir, folder)).filter((file) => file.includes(name)))
  const rows = sql('var/db/local.sqlite', `SELECT jname FROM jails WHERE jname = '${name}'`)
  const media = sql('var/db/storage_media.sqlite', `SELECT name FROM media WHERE jname = '${name}'`)
  return [...files, rows, media].filter(Boolean)
}

const jail = { type: 'jail', name: 'web', network: 'auto', release: '14.1', start: false }
const vm = {
  type: 'vm',
  name: 'vm1',
  image: null,
  arch: 'x86_64',
  cpus: 1,
  memoryBytes: 128 * MiB,
  diskBytes: 5 * GiB,
  network: 'auto',
  start: false,
}
const cloud = { ...vm, profile: 'linux/cloud-Debian-x86-12', hypervisor: 'bhyve' }

beforeAll(async () => {
  const made = await makeStandIn(['--slow', 'cloud-Debian-x86-12=30'])
  workdir = made.workdir
  remove = made.remove
  writeFileSync(join(workdir, '.standin/upstream'), 'FreeBSD 13.2 amd64\n')
  sql('var/db/local.sqlite', 'UPDATE local SET racct = 1')
  exec = createLocalExec({ env: { PATH: made.path } })
  const host: Host = { id: 'h', name: 'h', transport: 'local', libvirtUri: '', cbsdWorkdir: workdir }
  const context = { exec, images: () => [], guestsDir: '/nonexistent', become: 'none' as const }
  const status = await cbsd.probe(host, context, signal())
  if (status.state !== 'ready') throw new Error(status.cause)
  engine = cbsd.open(host, context, { ...status.info, operations: {} })
})
afterAll(async () => {
  await exec.close()
  await remove()
})

describe('a jail', () => {
  test('is made, changed, limited, opened to the world and named anew', async () => {
    await operate(create({ ...jail, autostart: true, cpuPercent: 50, sshKeys: ['ssh-ed25519 AAAA a', 'ssh-rsa BBBB b'] }))
    expect(readFileSync(join(workdir, 'jails-data/web-data/root/.ssh/authorized_keys'), 'utf8')).toBe(
      'ssh-ed25519 AAAA a\nssh-rsa BBBB b\n',
    )
    expect(readdirSync(join(workdir, 'tmp'))).toEqual([])
    await operate({
      kind: 'set',
      name: 'web',
      autostart: false,
      protected: true,
      hidden: true,
      order: 3,
      settings: { allow_raw_sockets: '1', tags: 'a,b' },
    })
    await expect(operate({ kind: 'remove', name: 'web', disks: true })).rejects.toThrow('protected')
    await operate({ kind: 'set', name: 'web', protected: false })
    await operate({ kind: 'limits', name: 'web', limits: { pcpu: '', memoryuse: '512m', maxproc: '100' } })
    expect((await inspect('web')).limits?.map(({ key, value }) => `${key}=${value}`).sort()).toEqual(['maxproc=100', 'memoryuse=512m'])
    await operate({ kind: 'forward.add', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 })
    await operate({ kind: 'forward.remove', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 })
    await operate({ kind: 'rename', name: 'web', newName: 'shop' })
    expect((await inspect('shop')).settings?.find(({ key }) => key === 'host_hostname')?.value).toBe('shop.my.domain')
  })
  test('goes back to a snapshot, which destroys newer ones', async () => {
    const note = join(workdir, 'jails-data/shop-data/root/note')
    writeFileSync(note, 'old')
    await operate({ kind: 'snapshot.create', name: 'shop', snapshot: 'one' })
    writeFileSync(note, 'new')
    await operate({ kind: 'snapshot.create', name: 'shop', snapshot: 'two' })
    await operate({ kind: 'snapshot.create', name: 'shop', snapshot: 'three' })
    await operate({ kind: 'snapshot.remove', name: 'shop', snapshot: 'three' })
    await operate({ kind: 'snapshot.restore', name: 'shop', snapshot: 'one' })
    expect(readFileSync(note, 'utf8')).toBe('old')
    expect((await engine.snapshots('shop', signal())).map(({ name }) => name)).toEqual(['one'])
  })
  test('is copied with an address of its own, exported, imported and removed', async () => {
    await operate({ kind: 'clone', name: 'shop', newName: 'copy1' })
    const addresses = (await engine.list(signal())).map((guest) => guest.addresses[0])
    expect(new Set(addresses).size).toBe(addresses.length)
    await operate({ kind: 'export', name: 'shop', compress: 1 })
    await operate({ kind: 'import', path: join(workdir, 'export/shop.img'), newName: 'back1' })
    for (const name of ['shop', 'copy1', 'back1']) {
      await operate({ kind: 'remove', name, disks: true })
      expect(traces(name)).toEqual([])
    }
  })
})

describe('VMs', () => {
  test('disks, shares and media come and go', async () => {
    await operate(create({ ...cloud, access: { user: 'anna', password: 'geheim-genug', sshKeys: [] } }))
    await operate({ kind: 'set', name: 'vm1', cpus: 2, memoryBytes: 192 * MiB, settings: { vm_boot: 'cd', vnc_password: 'geheim1' } })
    await operate({ kind: 'disk.add', name: 'vm1', sizeBytes: GiB, controller: 'ahci-hd' })
    await operate({ kind: 'disk.grow', name: 'vm1', disk: 'dsk2.vhd', sizeBytes: 2 * GiB })
    await operate({ kind: 'disk.remove', name: 'vm1', disk: 'dsk2.vhd' })
    mkdirSync(join(workdir, 'shared'))
    await operate({ kind: 'share.add', name: 'vm1', share: 'docs', path: join(workdir, 'shared'), readOnly: true })
    await operate({ kind: 'share.remove', name: 'vm1', share: 'docs' })
    await operate({ kind: 'media.fetch', profile: 'linux/TinyCore-x86-15', cloud: false })
    const medium = (await hostDetail()).media.find((each) => each.key.includes('Tiny'))?.key ?? ''
    await operate({ kind: 'media.attach', name: 'vm1', medium })
    await expect(operate({ kind: 'media.remove', medium })).rejects.toThrow('attached to vm1')
    await operate({ kind: 'media.eject', name: 'vm1', medium })
    await operate({ kind: 'media.remove', medium })
    await operate({ kind: 'export', name: 'vm1', compress: 1 })
    await operate({ kind: 'clone', name: 'vm1', newName: 'vm3' })
    await operate({ kind: 'rename', name: 'vm3', newName: 'vm4' })
    await operate({ kind: 'remove', name: 'vm4', disks: true })
  })
  test('QEMU: what CBSD has no command for is refused, the rest works', async () => {
    await operate(create({ ...vm, name: 'q1', profile: 'linux/TinyCore-x86-15', hypervisor: 'qemu', start: true }))
    await operate({ kind: 'restart', name: 'q1' })
    await operate({ kind: 'set', name: 'q1', cpus: 2 })
    await operate({ kind: 'kill', name: 'q1' })
    await expect(operate({ kind: 'clone', name: 'q1', newName: 'q2' })).rejects.toThrow('QEMU guests')
    await operate({ kind: 'remove', name: 'q1', disks: true })
    expect(traces('q1')).toEqual([])
  })
})

describe('the host', () => {
  test('bases are fetched and removed', async () => {
    await operate({ kind: 'base.fetch', platform: 'FreeBSD', version: '13.2', arch: 'amd64' })
    await operate({ kind: 'base.remove', platform: 'FreeBSD', version: '13.2', arch: 'amd64' })
    expect(existsSync(join(workdir, 'basejail/base_amd64_amd64_13.2'))).toBe(false)
  })
  test('the hook goes without a trace', async () => {
    const files = ['nc.inventory', 'etc/cbsd_queue.conf', 'etc/bailiwick-queue.sh', 'var/db/bailiwick-events.log']
    const look = () => files.map((file) => (existsSync(join(workdir, file)) ? readFileSync(join(workdir, file), 'utf8') : null))
    const before = look()
    const names = readdirSync(join(workdir, 'etc'))
    await operate({ kind: 'hook.install' })
    await operate(create({ ...jail, name: 'told' }))
    await operate({ kind: 'remove', name: 'told', disks: true })
    expect(readFileSync(join(workdir, 'var/db/bailiwick-events.log'), 'utf8')).toMatch(
      /id=told cmd=jcreate[\s\S]*id=told cmd=jremove status=2/,
    )
    await operate({ kind: 'hook.remove' })
    expect(look()).toEqual(before)
    expect(readdirSync(join(workdir, 'etc'))).toEqual(names)
  })
})

describe('nothing is left of what fails', () => {
  test('a create that CBSD refuses half way', async () => {
    const plan = await engine.plan(create({ ...vm, name: 'half', profile: 'linux/cloud-Debian-x86-12', hypervisor: 'qemu' }), signal())
    // The profile asks for more once the plan is made: CBSD has made folders by the time it looks.
    const profile = join(workdir, 'etc/defaults/vm-linux-cloud-Debian-x86-12.conf')
    const text = readFileSync(profile, 'utf8')
    writeFileSync(profile, text.replace(/imgsize_min=.*/, 'imgsize_min="900g"'))
    const ended = await run(plan).finally(() => writeFileSync(profile, text))
    expect(ended).toMatchObject({ state: 'failed', error: expect.stringContaining('imgsize too small') })
    expect(traces('half')).toEqual([])
  })
  test('a jail whose base cannot be had', async () => {
    const ended = await run(await engine.plan(create({ ...jail, name: 'nobase', release: '12.4' }), signal()))
    expect(ended).toMatchObject({ state: 'failed', error: expect.stringContaining('No base data') })
    expect(traces('nobase')).toEqual([])
  })
  test('a first start that is cancelled while it fetches', async () => {
    const plan = await engine.plan(create({ ...cloud, name: 'late', start: true }), signal())
    const stop = new AbortController()
    const ended = await run(plan, stop.signal, (title) => title === 'Start late' && stop.abort())
    expect(ended.state).toBe('cancelled')
    expect(ended.steps.map(({ undone }) => undone?.ok)).not.toContain(false)
    expect(traces('late')).toEqual([])
  })
  test('what others left can be removed, and nothing else', async () => {
    for (const folder of ['jails-system/old1', 'jails-data/old1-data']) mkdirSync(join(workdir, folder))
    await operate({ kind: 'debris.remove', debris: 'old1' })
    expect(traces('old1')).toEqual([])
    await operate(create({ ...jail, name: 'kept' }))
    await expect(operate({ kind: 'debris.remove', debris: 'kept' })).rejects.toThrow('Nothing is left')
    expect(traces('kept')).not.toEqual([])
  })
  test('a name that somebody takes meanwhile stays theirs', async () => {
    const plan = await engine.plan(create({ ...jail, name: 'taken' }), signal())
    await operate(create({ ...jail, name: 'taken' }))
    expect((await run(plan)).state).toBe('failed')
    expect(await engine.get('taken', signal())).not.toBeNull()
  })
})
