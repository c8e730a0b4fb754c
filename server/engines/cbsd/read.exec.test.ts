import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import type { Exec } from '@/server/exec/types'
import type { Host } from '@/server/model/host'
import { toHostDetail } from './host-detail'
import { toDetail } from './inspect'
import { probe } from './probe'
import { createReader, nodeOf, type Reader } from './read'
import * as scripts from './scripts'

let folder: string
let exec: Exec
const signal = () => AbortSignal.timeout(30_000)

const sql = (file: string, text: string) => execFileSync('sqlite3', [file], { input: text })
const hostOf = (workdir: string): Host => ({ id: 'h', name: 'h', transport: 'local', libvirtUri: '', cbsdWorkdir: workdir })
const contextOf = (use: Exec) => ({ exec: use, images: () => [], guestsDir: '/nonexistent', become: 'none' }) as const

/** Counts what is run. */
function counting(): { exec: Exec; ran: string[][] } {
  const ran: string[][] = []
  const read: Exec['read'] = (argv, options) => {
    ran.push([...argv])
    return exec.read(argv, options)
  }
  return { exec: { ...exec, read }, ran }
}

async function workdir(name: string, tables: string): Promise<string> {
  const at = join(folder, name)
  await mkdir(join(at, 'var', 'db'), { recursive: true })
  await mkdir(join(at, 'jails-system'))
  sql(join(at, 'var', 'db', 'inv.n1.sqlite'), `PRAGMA journal_mode=WAL; ${tables}`)
  await symlink('inv.n1.sqlite', join(at, 'var', 'db', 'local.sqlite'))
  return at
}
async function vm(at: string, name: string, settings: string): Promise<void> {
  await mkdir(join(at, 'jails-system', name), { recursive: true })
  sql(join(at, 'jails-system', name, 'local.sqlite'), settings)
}
const reader = (at: string, use = exec): Reader => createReader(hostOf(at), contextOf(use))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cbsd-read-'))
  exec = createLocalExec({})
})
afterAll(async () => {
  await exec.close()
  await rm(folder, { recursive: true, force: true })
})

const local =
  "CREATE TABLE local (nodename TEXT, cbsdver TEXT, ncpu INTEGER, physmem INTEGER, zfsfeat INTEGER); INSERT INTO local VALUES ('n1','14.1.3a',4,1024,1);"
const jails = 'CREATE TABLE jails (jname TEXT PRIMARY KEY, emulator TEXT, ip4_addr TEXT, protected INTEGER, status INTEGER, ver TEXT);'

describe('reading a host', () => {
  it('is one command for 300 guests, and finds each', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `g${i}`)
    const at = await workdir(
      'many',
      `${local} ${jails} ${names.map((n, i) => `INSERT INTO jails VALUES ('${n}','${i % 2 ? 'jail' : 'bhyve'}','10.0.0.1',0,0,'14.1');`).join('\n')}`,
    )
    const table = 'CREATE TABLE settings (vm_ram INTEGER, vm_cpus INTEGER); INSERT INTO settings VALUES'
    await vm(at, 'g0', `${table} (${2 ** 20}, 2);`)
    for (const [i, name] of names.entries())
      if (i % 2 === 0 && i > 2) await cp(join(at, 'jails-system', 'g0'), join(at, 'jails-system', name), { recursive: true })
    await vm(at, 'g2', `${table} (${3 * 2 ** 20}, 2);`)
    const { exec: counted, ran } = counting()
    const { found } = await reader(at, counted).all(signal())
    expect(ran).toHaveLength(1)
    expect(found.map((each) => each.name)).toEqual(names.toSorted())
    const guest = (name: string) => found.find((each) => each.name === name)?.guest
    expect(guest('g2')).toMatchObject({ type: 'vm', memoryBytes: 3 * 2 ** 20, cpus: 2 })
    expect(guest('g3')).toMatchObject({ type: 'jail', cpus: 4 })
  })

  it('does without columns that this version has not, and with ones that it never saw', async () => {
    const at = await workdir(
      'old',
      "CREATE TABLE local (nodename TEXT, version_of_it TEXT); INSERT INTO local VALUES ('n1','x'); CREATE TABLE jails (jname TEXT PRIMARY KEY, emulator TEXT, address TEXT, extra TEXT); INSERT INTO jails VALUES ('a','jail','10.0.0.1','?'); INSERT INTO jails VALUES ('b','bhyve','','?');",
    )
    await vm(at, 'b', 'CREATE TABLE settings (memory INTEGER, vm_cpus INTEGER); INSERT INTO settings VALUES (5, 3);')
    const { found, node } = await reader(at).all(signal())
    expect(node).toMatchObject({ nodename: 'n1', version: '', zfs: false })
    expect(found.map(({ guest }) => guest)).toMatchObject([
      { name: 'a', addresses: [], state: 'stopped' },
      { name: 'b', cpus: 3, memoryBytes: 0 },
    ])
    const detail = toDetail(await reader(at).with(scripts.readGuest, 'b', signal()), found[1] ?? expect.fail())
    expect(detail.disks).toEqual([])
    expect(detail.config.text).toContain('extra: ?')
  })

  it('lists the others when the database of one VM is broken', async () => {
    const at = await workdir(
      'broken',
      `${local} ${jails} INSERT INTO jails VALUES ('bad','bhyve','',0,0,''); INSERT INTO jails VALUES ('good','bhyve','',0,0,'');`,
    )
    await mkdir(join(at, 'jails-system', 'bad'))
    await writeFile(join(at, 'jails-system', 'bad', 'local.sqlite'), 'this is no database, and long enough to look at')
    await vm(at, 'good', 'CREATE TABLE settings (vm_ram INTEGER); INSERT INTO settings VALUES (7);')
    const { found } = await reader(at).all(signal())
    expect(found.map(({ guest }) => [guest.name, guest.memoryBytes, guest.warning])).toEqual([
      ['bad', 0, expect.stringMatching(/cannot be read/)],
      ['good', 7, undefined],
    ])
  })

  it('runs nothing that stands in the database or in a name', async () => {
    const touched = join(folder, 'touched')
    const names = [`$(touch ${touched})`, `a';SELECT 1;--`, `\`touch ${touched}\``, '../../etc', '-x', `a\nb`, 'ok']
    const at = await workdir(
      'hostile',
      `${local} ${jails} ${names.map((name) => `INSERT INTO jails VALUES ('${name.replaceAll("'", "''")}','bhyve','$(touch ${touched})',0,0,'');`).join('\n')}`,
    )
    await vm(at, 'ok', `CREATE TABLE settings (vm_os_profile TEXT); INSERT INTO settings VALUES ('$(touch ${touched})');`)
    const { found } = await reader(at).all(signal())
    expect(found.map((each) => each.name)).toContain('ok')
    for (const name of names.slice(0, 4)) await expect(reader(at).one(name, signal())).rejects.toThrow(/no guest/)
    await expect(exec.read(['/bin/sh', '-s', '--', `/tmp;touch ${touched}`, ''], { stdin: scripts.readHost })).resolves.toContain(
      '@fault\nname',
    )
    await expect(exec.read(['/bin/sh', '-s', '--', at, `x';touch ${touched};'`], { stdin: scripts.readHost })).resolves.toContain(
      '@fault\nname',
    )
    expect(existsSync(touched)).toBe(false)
  })

  it('leaves the folder as it was', async () => {
    const at = await workdir('clean', `${local} ${jails} INSERT INTO jails VALUES ('a','bhyve','',0,1,'');`)
    await vm(at, 'a', 'CREATE TABLE settings (vm_ram INTEGER); INSERT INTO settings VALUES (7);')
    // A reader of a database in WAL mode may leave the two files that every writer keeps beside it.
    const files = async () => (await readdir(at, { recursive: true })).filter((name) => !/-(wal|shm)$/.test(name)).sort()
    const before = await files()
    for (const script of [scripts.readHost, scripts.readFigures, scripts.readNode, scripts.readProbe])
      await reader(at).output(script, signal())
    await reader(at).with(scripts.readGuest, 'a', signal())
    expect(await files()).toEqual(before)
    expect(execFileSync('sqlite3', [join(at, 'var', 'db', 'local.sqlite'), 'SELECT status FROM jails'], { encoding: 'utf8' }).trim()).toBe(
      '1',
    )
  })

  it('takes for debris what nobody knows, and not the accounting of the node', async () => {
    const at = await workdir('debris', `${local} ${jails} INSERT INTO jails VALUES ('a','jail','',0,1,'');`)
    for (const name of ['a', 'left', 'n1.org', 'parked']) await mkdir(join(at, 'jails-system', name))
    await writeFile(join(at, 'jails-system', 'n1.org', 'racct.sqlite'), '')
    await mkdir(join(at, 'jails-rcconf'))
    await writeFile(join(at, 'jails-rcconf', 'rc.conf_parked'), '')
    const output = await reader(at).output(scripts.readNode, signal())
    expect(toHostDetail(output, nodeOf(output), null, 0)).toMatchObject({
      debris: [{ key: 'left', path: join(at, 'jails-system', 'left') }],
      facts: expect.arrayContaining([['Not registered', 'parked']]),
      hook: 'off',
    })
  })

  it('shows no password', async () => {
    const at = await workdir('secret', `${local} ${jails} INSERT INTO jails VALUES ('a','bhyve','',0,1,'');`)
    await vm(
      at,
      'a',
      "CREATE TABLE settings (vm_ram INTEGER, vnc_password TEXT, bhyve_vnc_tcp_bind TEXT); INSERT INTO settings VALUES (7,'topsecret','127.0.0.1');",
    )
    const reading = await reader(at).with(scripts.readGuest, 'a', signal())
    const found = reading.found[0] ?? expect.fail()
    expect(JSON.stringify(toDetail(reading, found))).not.toContain('topsecret')
  })
})

describe('what is missing', () => {
  const withPath = (path: string) => createLocalExec({ env: { PATH: path } })
  const script = async (at: string, name: string, text: string) => {
    await mkdir(at, { recursive: true })
    await writeFile(join(at, name), text)
    await chmod(join(at, name), 0o755)
  }
  const status = async (at: string, use: Exec) => {
    try {
      return await probe(hostOf(at), contextOf(use), signal())
    } finally {
      await use.close()
    }
  }
  const system = '/usr/sbin:/usr/bin:/sbin:/bin'
  const cbsd = '#!/bin/sh\necho \'[{"name":"jail","available":1}]\'\n'

  it('says that CBSD is not here', async () => {
    expect(await status('/nonexistent', withPath(system))).toMatchObject({ state: 'absent', cause: expect.stringMatching(/not installed/) })
  })
  it('says that this user may not run it', async () => {
    const tools = join(folder, 'tools4')
    await script(tools, 'cbsd', cbsd)
    await chmod(join(tools, 'cbsd'), 0o440)
    const at = await workdir('closed', local)
    expect(await status(at, withPath(`${tools}:${system}`))).toMatchObject({
      state: 'broken',
      cause: expect.stringMatching(/may not run .*cbsd/),
      remedy: expect.stringMatching(/groupmod cbsd/),
    })
  })
  it('is switched off by an empty folder', async () => {
    expect(await status('', withPath(system))).toMatchObject({ state: 'absent', cause: expect.stringMatching(/off/i) })
  })
  it('says that sqlite3 is missing, and how to get it', async () => {
    const tools = join(folder, 'tools')
    await script(tools, 'cbsd', cbsd)
    for (const name of ['id', 'date', 'sed', 'tail', 'uname', 'cat', 'grep'])
      await symlink(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(tools, name))
    const at = await workdir('bare', local)
    expect(await status(at, withPath(tools))).toMatchObject({ state: 'broken', remedy: 'pkg install sqlite3' })
  })
  it('says that the folder is no CBSD', async () => {
    const tools = join(folder, 'tools2')
    await script(tools, 'cbsd', cbsd)
    await mkdir(join(folder, 'empty'))
    expect(await status(join(folder, 'empty'), withPath(`${tools}:${system}`))).toMatchObject({
      state: 'broken',
      cause: expect.stringMatching(/no CBSD in/),
    })
    expect(await status(join(folder, 'gone'), withPath(`${tools}:${system}`))).toMatchObject({
      state: 'broken',
      // Root may enter all there is.
      cause: expect.stringMatching(process.getuid?.() === 0 ? /There is no folder .*gone/ : /gone cannot be entered/),
    })
  })
  it('is ready where all is there', async () => {
    const tools = join(folder, 'tools3')
    await script(tools, 'cbsd', cbsd)
    const at = await workdir('fine', `${local} ${jails}`)
    expect(await status(at, withPath(`${tools}:${system}`))).toMatchObject({
      state: 'ready',
      info: { version: '14.1.3a', guestTypes: { jail: true, vm: expect.stringMatching(/hypervisor/) } },
    })
  })
})
