import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { carryOut } from '@/server/engines/contract'
import { openTestConsole } from '@/server/engines/contract-console'
import type { EngineHost } from '@/server/engines/types'
import { createLocalExec } from '@/server/exec/local'
import type { Exec } from '@/server/exec/types'
import { createLink } from '@/server/inventory/link'
import type { ConsoleTarget } from '@/server/model/console'
import type { Host } from '@/server/model/host'
import { GiB, MiB } from '@/server/model/size'
import { makeStandIn, withKernel } from './fixture-host'
import { cbsd } from './index'

const signal = () => AbortSignal.timeout(120_000)
const nothing = () => {}
const quiet = { debug: nothing, info: nothing, warn: nothing }

let made: Awaited<ReturnType<typeof makeStandIn>>
let store: string
let exec: Exec
let host: Host
let engine: EngineHost
const context = () => ({ exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' }) as const

const jail = { type: 'jail', profile: 'default', release: 'native', vnet: false, address: 'DHCP', network: 'auto', ownBase: true } as const
const jailSpec = (name: string) => ({ ...jail, name, packages: [], sshKeys: [], autostart: false, start: true })
const vmSpec = (name: string, hypervisor: 'bhyve' | 'qemu') => ({
  ...({ type: 'vm', image: null, iso: null, profile: 'linux/cloud-Debian-x86-12', arch: 'x86_64', cpus: 1, network: 'auto' } as const),
  ...{ name, hypervisor, memoryBytes: 192 * MiB, diskBytes: 5 * GiB, access: null, autostart: false, start: true },
})

beforeAll(async () => {
  store = process.env.BAILIWICK_TEST_STORE ?? (await mkdtemp(join(tmpdir(), 'cbsd-store-')))
  made = await makeStandIn(await withKernel(store))
  exec = createLocalExec({ env: { PATH: made.path } })
  host = { id: 'local', name: 'test', transport: 'local', libvirtUri: '', cbsdWorkdir: made.workdir }
  const status = await cbsd.probe(host, context(), signal())
  if (status.state !== 'ready') throw new Error(status.cause)
  engine = cbsd.open(host, context(), status.info)
})
afterAll(async () => {
  await exec?.close()
  await made?.remove()
  if (!process.env.BAILIWICK_TEST_STORE) await rm(store, { recursive: true, force: true })
})

/** What a VNC server says first, and which kinds of sign-in it offers (RFC 6143 §7.1). */
async function greet(target: ConsoleTarget): Promise<{ version: string; kinds: number[] }> {
  if (target.kind !== 'tcp') throw new Error('expected an address')
  const socket = await exec.connect({ kind: 'tcp', host: target.host, port: target.port })
  try {
    let bytes = Buffer.alloc(0)
    socket.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece])
    })
    await vi.waitFor(() => expect(bytes.length).toBeGreaterThanOrEqual(12), 10_000)
    const version = bytes.subarray(0, 11).toString()
    socket.write('RFB 003.008\n')
    await vi.waitFor(() => expect(bytes.length).toBeGreaterThan(13), 10_000)
    return { version, kinds: [...bytes.subarray(13, 13 + (bytes[12] ?? 0))] }
  } finally {
    socket.destroy()
  }
}

test('two VMs have a screen each, with a password where CBSD gives one, and none once they have stopped', async () => {
  await carryOut(engine, exec, { kind: 'create', spec: vmSpec('lifeb', 'bhyve') })
  await carryOut(engine, exec, { kind: 'create', spec: vmSpec('lifeq', 'qemu') })
  const [bhyve, qemu] = await Promise.all(['lifeb', 'lifeq'].map((name) => engine.console(name, 'vnc', signal())))
  if (bhyve?.kind !== 'tcp' || qemu?.kind !== 'tcp') throw new Error('expected addresses')
  expect(bhyve.port).not.toBe(qemu.port)
  expect(bhyve.password).toBe('cbsd')
  expect(qemu.password).toBeUndefined()
  expect(await greet(bhyve)).toEqual({ version: 'RFB 003.008', kinds: [2] })
  expect(await greet(qemu)).toEqual({ version: 'RFB 003.008', kinds: [1] })

  // What CBSD shows of QEMU in its terminal is QEMU itself: a screen of tmux, whatever is on it.
  const shell = openTestConsole(exec, await engine.console('lifeq', 'serial', signal()), true)
  await shell.until(/cbsd-life/, 20_000)
  await shell.close()

  for (const name of ['lifeb', 'lifeq']) {
    await carryOut(engine, exec, { kind: 'kill', name })
    await expect(engine.console(name, 'vnc', signal())).rejects.toThrow(/not running/)
    await carryOut(engine, exec, { kind: 'remove', name, disks: true })
  }
})

/** A second stand-in, as this engine has it on the same machine. */
async function withAnother<T>(options: string[], work: (other: typeof made, engine: EngineHost, exec: Exec) => Promise<T>): Promise<T> {
  const other = await makeStandIn(options)
  const ownExec = createLocalExec({ env: { PATH: other.path } })
  try {
    const at = { host: { ...host, id: 'other', cbsdWorkdir: other.workdir }, context: { ...context(), exec: ownExec } }
    const status = await cbsd.probe(at.host, at.context, signal())
    if (status.state !== 'ready') throw new Error(status.cause)
    return await work(other, cbsd.open(at.host, at.context, status.info), ownExec)
  } finally {
    await ownExec.close()
    await other.remove()
  }
}

test('CBSD 15.0.9, which starts VMs by their name alone', async () => {
  await withAnother(['--cbsd', '15.0.9'], async (_, engine, exec) => {
    expect(engine.info.version).toBe('15.0.9')
    await carryOut(engine, exec, { kind: 'create', spec: vmSpec('lifen', 'bhyve') })
    expect(await engine.get('lifen', signal())).toMatchObject({ state: 'running' })
    await carryOut(engine, exec, { kind: 'kill', name: 'lifen' })
    await carryOut(engine, exec, { kind: 'remove', name: 'lifen', disks: true })
  })
})

test('a bhyve VM moves while it runs to a node that shares its folders, with what it holds in memory', async () => {
  const node = 'node2.my.domain'
  const kernel = await withKernel(store)
  await withAnother(['--node', node, ...kernel], async (other, there, otherExec) => {
    await exec.read(['sh', '-c', 'echo "$1 $2 192.0.2.2" >"$3/.standin/nodes"', 'sh', node, other.workdir, made.workdir])
    await exec.read(['cbsd', 'node', 'mode=add', 'node=192.0.2.2', 'pw=x'], { env: { NOINTER: '1' } })
    await carryOut(engine, exec, { kind: 'create', spec: vmSpec('lifem', 'bhyve') })
    const move = { kind: 'migrate', name: 'lifem', node, live: true } as const
    await expect(carryOut(engine, exec, move)).rejects.toThrow(/dir not shared: jails-data/)
    expect(await engine.get('lifem', signal())).toMatchObject({ state: 'running' })
    for (const folder of ['jails-data', 'jails-rcconf', 'jails-system']) {
      await rm(join(other.workdir, folder), { recursive: true })
      await symlink(join(made.workdir, folder), join(other.workdir, folder))
    }
    const before = openTestConsole(exec, await engine.console('lifem', 'serial', signal()), true)
    before.type('\r')
    await before.until(/tiny:~# $/, 120_000)
    // tmux may draw a word in two pieces.
    before.type('kept=yes; echo $((6*7))\r')
    await before.until(/4\s*2\s/, 60_000)
    await before.close()

    await carryOut(engine, exec, move)
    expect(await engine.get('lifem', signal())).toBeNull()
    // Its folders lie here all the same, and belong to the other node.
    expect((await engine.hostDetail?.(signal()))?.debris).toEqual([])
    expect(await there.get('lifem', signal())).toMatchObject({ state: 'running' })
    const after = openTestConsole(otherExec, await there.console('lifem', 'serial', signal()), true)
    after.type('echo $kept$((6*7))\r')
    await after.until(/y\s*e\s*s\s*4\s*2\s/, 60_000)
    await after.close()
    await carryOut(there, otherExec, { kind: 'kill', name: 'lifem' })
    await carryOut(there, otherExec, { kind: 'remove', name: 'lifem', disks: true })
  })
  await exec.read(['cbsd', 'node', 'mode=remove', `node=${node}`], { env: { NOINTER: '1' } })
})

test('a protected jail is not removed, and says why', async () => {
  await carryOut(engine, exec, { kind: 'create', spec: { ...jailSpec('lifep'), start: false } })
  await carryOut(engine, exec, { kind: 'set', name: 'lifep', protected: true })
  await expect(engine.plan({ kind: 'remove', name: 'lifep', disks: true }, signal())).rejects.toThrow(/protected/)
  expect(await engine.get('lifep', signal())).toMatchObject({ protected: true })
  await carryOut(engine, exec, { kind: 'set', name: 'lifep', protected: false })
  await carryOut(engine, exec, { kind: 'remove', name: 'lifep', disks: true })
})

test('a guest that dies by itself shows within 10 s, with the hook and without', async () => {
  const link = createLink({
    ...{ engine: cbsd, host, context: context(), log: quiet, publish: nothing, onStatus: nothing },
    watched: () => true,
  })
  try {
    link.release()
    await link.settled()
    for (const hook of [false, true]) {
      if (hook) await carryOut(engine, exec, { kind: 'hook.install' })
      await carryOut(engine, exec, { kind: 'create', spec: jailSpec('lifed') })
      const shown = (state: string, ms: number) =>
        vi.waitFor(() => expect(link.table.get('lifed')?.state).toBe(state), { timeout: ms, interval: 50 })
      await shown('running', 10_000)
      const [line = ''] = (await exec.read(['jls', 'jid', 'name'])).split('\n').filter((each) => each.endsWith(' lifed'))
      // Its first process: the whole jail ends with it, and no command of CBSD runs.
      process.kill(Number((await exec.read(['cat', join(made.workdir, '.standin', 'run', 'lifed')])).split(' ')[0]), 'SIGKILL')
      expect(line).not.toBe('')
      await shown('stopped', 10_000)
      expect(link.table.get('lifed')?.warning).toMatch(/by itself/)
      await carryOut(engine, exec, { kind: 'remove', name: 'lifed', disks: true })
    }
  } finally {
    await link.close()
    await carryOut(engine, exec, { kind: 'hook.remove' })
  }
})

test('with the hook a change by somebody else is told at once', async () => {
  await carryOut(engine, exec, { kind: 'hook.install' })
  await carryOut(engine, exec, { kind: 'create', spec: { ...jailSpec('lifeh'), start: false } })
  const ending = new AbortController()
  const heard: string[] = []
  const following = (async () => {
    for await (const event of engine.watch?.(ending.signal) ?? []) heard.push(`${event.name} ${event.what} ${event.state}`)
  })()
  try {
    await engine.list(signal())
    await vi.waitFor(async () => {
      await exec.run(['cbsd', 'jset', 'jname=lifeh', 'astart=1'], { env: { NOINTER: '1' } })
      await exec.run(['cbsd', 'jset', 'jname=lifeh', 'astart=0'], { env: { NOINTER: '1' } })
      expect(heard).toContain('lifeh update undefined')
    }, 15_000)
    await exec.run(['cbsd', 'jstart', 'jname=lifeh', 'inter=0'], { env: { NOINTER: '1' } })
    await vi.waitFor(() => expect(heard).toContain('lifeh jstart running'), 15_000)
    await exec.run(['cbsd', 'jstop', 'jname=lifeh', 'inter=0'], { env: { NOINTER: '1' } })
    await vi.waitFor(() => expect(heard).toContain('lifeh jstop stopped'), 15_000)
  } finally {
    ending.abort()
    await following
    await carryOut(engine, exec, { kind: 'remove', name: 'lifeh', disks: true })
    await carryOut(engine, exec, { kind: 'hook.remove' })
  }
  expect((await engine.hostDetail?.(signal()))?.hook).toBe('off')
})

test('an export can be imported under another name', async () => {
  await carryOut(engine, exec, { kind: 'create', spec: { ...jailSpec('lifee'), start: false } })
  await carryOut(engine, exec, { kind: 'export', name: 'lifee', compress: 0 })
  const [archive] = (await engine.hostDetail?.(signal()))?.archives ?? []
  expect(archive).toMatchObject({ key: join(made.workdir, 'export', 'lifee.img') })
  await carryOut(engine, exec, { kind: 'import', path: archive?.key ?? '', newName: 'lifei' })
  expect(await engine.get('lifei', signal())).toMatchObject({ type: 'jail', state: 'stopped' })
  for (const name of ['lifee', 'lifei']) await carryOut(engine, exec, { kind: 'remove', name, disks: true })
})

test("CBSD's own queue is shown, with exit codes and not what wait(2) gave", async () => {
  const id = (await exec.read(['cbsd', 'task', 'mode=new', 'cbsd', 'jget', 'jname=nosuch'], { env: { NOINTER: '1', NOCOLOR: '1' } })).trim()
  await vi.waitFor(async () => {
    const task = (await engine.hostDetail?.(signal()))?.tasks.find((each) => String(each.id) === id)
    expect(task).toMatchObject({ state: 'ended', exitCode: 1, command: expect.stringContaining('jget') })
    expect(Math.abs((task?.startedAt ?? 0) - Date.now())).toBeLessThan(10 * 60_000)
  }, 40_000)
})
