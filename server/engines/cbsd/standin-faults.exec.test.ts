import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { newStandin, run, type Standin } from './fixture-standin'

/*
 * The stand-in is of use only when it is as dangerous as what it stands for. These are the sharp edges that the adapter has to
 * keep people away from; were the stand-in kinder, tests of the adapter would pass for nothing.
 */

// Each command starts a dozen programs, and a machine that runs tests is busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let host: Standin
beforeAll(async () => {
  host = await newStandin()
})
afterAll(() => host.remove())

const said = async (...args: string[]) => (await host.cbsd(args)).stdout
const list = (...args: string[]) => said(...args, 'header=0')

describe('arguments', () => {
  it.each([
    ['a reading command', (mark: string) => ['jls', `display=jname,$(touch ${mark})`]],
    ['backticks', (mark: string) => ['jget', `jname=\`touch ${mark}\``]],
    ['a quote and a semicolon', (mark: string) => ['jset', 'jname=x', `tags=a";touch ${mark};"`]],
    ['a key nobody knows', (mark: string) => ['jset', 'jname=x', `nosuch=$(touch ${mark})`]],
  ])('are run as shell text: %s', async (_title, argv) => {
    const mark = `${host.workdir}/tmp/mark`
    await host.cbsd(argv(mark))
    expect(existsSync(mark)).toBe(true)
    await run('rm', ['-f', mark])
  })

  it('end at a ~ and lose their quotes', async () => {
    await host.cbsd(['jcreate', 'jname=chars', 'ver=empty'])
    await host.cbsd(['jset', 'jname=chars', 'tags=one~two'])
    expect(await said('jget', 'jname=chars', 'tags')).toBe('tags: one\n')
    await host.cbsd(['jset', 'jname=chars', 'tags=a"b"c'])
    expect(await said('jget', 'jname=chars', 'tags')).toBe('tags: abc\n')
    // A column's separator within a value makes every column behind it wrong.
    await host.cbsd(['jset', 'jname=chars', 'host_hostname=a|b'])
    expect(await list('jls', 'jname=chars', 'display=jname,host_hostname,ip4_addr')).toMatch(/^chars +a +b/)
    await host.cbsd(['jremove', 'jname=chars'])
  })

  it('without a key are lost where nobody may be asked', async () => {
    const { code, stdout } = await host.cbsd(['jremove', 'chars'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Give me jname\n' })
  })

  it('need a working directory', async () => {
    const bare = await run('/bin/sh', ['e2e/hosts/bin/cbsd', 'version'])
    expect(bare).toEqual({ code: 1, stdout: '', stderr: 'cbsd: no workdir defined\n' })
  })
})

it('a question without an answer fills the output for ever, and TERM does not end it', async () => {
  await host.cbsd(['qcreate', 'jname=asks', 'vm_os_type=linux', 'vm_os_profile=TinyCore-x86-15', 'imgsize=1g'])
  const child = spawn(`${host.workdir}/bin/cbsd`, ['qlogin', 'asks'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  let bytes = 0
  const more = (wanted: number) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        bytes += data.length
        if (bytes > wanted) resolve()
      })
    })
  await more(100_000)
  child.kill('SIGTERM')
  await more(bytes + 1_000_000)
  expect(child.exitCode).toBeNull()
  const gone = new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)))
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  expect(await gone).toBe('SIGKILL')
  await host.cbsd(['qremove', 'jname=asks'])
})

describe('what it does and says', () => {
  it('takes a bare number as megabytes in bset, and as bytes in bcreate', async () => {
    await host.cbsd(['bcreate', 'jname=units', 'vm_os_type=linux', 'vm_os_profile=cloud-Debian-x86-12', 'vm_ram=268435456', 'imgsize=5g'])
    const ram = () => said('bget', 'mode=quiet', 'jname=units', 'vm_ram')
    expect(await ram()).toBe('268435456\n')
    await host.cbsd(['bset', 'jname=units', 'vm_ram=512'])
    expect(await ram()).toBe(`${512 * 1024 * 1024}\n`)
    await host.cbsd(['bremove', 'jname=units'])
  })

  it('leaves what a refused create has made', async () => {
    const { code } = await host.cbsd(['qcreate', 'jname=left', 'vm_os_type=linux', 'vm_os_profile=cloud-Debian-x86-12', 'imgsize=1g'])
    expect(code).toBe(1)
    expect(existsSync(`${host.workdir}/jails-system/left`)).toBe(true)
    expect(await list('qls')).toBe('')
    await run('rm', ['-rf', `${host.workdir}/jails-system/left`, `${host.workdir}/jails-data/left-data`])
  })

  it('gives a clone the address of its original', async () => {
    await host.cbsd(['jcreate', 'jname=one', 'ver=empty'])
    await host.cbsd(['jclone', 'old=one', 'new=two', 'host_hostname=two.my.domain'])
    const rows = (await list('jls', 'display=ip4_addr')).trim().split('\n')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBe(rows[1])
    for (const name of ['one', 'two']) await host.cbsd(['jremove', `jname=${name}`])
  })

  it('has other columns when accounting is on, or when there is another node', async () => {
    const header = async () => (await said('bls')).split(/\s+/).filter(Boolean)
    expect(await header()).not.toContain('VM_CURMEM')
    await host.sql('var/db/local.sqlite', 'UPDATE local SET racct=1')
    expect(await header()).toContain('VM_CURMEM')
    await host.sql('var/db/nodes.sqlite', "INSERT INTO nodelist (nodename) VALUES ('far.my.domain')")
    expect((await header())[0]).toBe('NODENAME')
    // Nothing was fetched of that node: an error stands where its guests would.
    expect(await list('jls')).toMatch(/^far\.my\.domain +cbsdsql: .* Unknown/)
    await host.sql('var/db/nodes.sqlite', 'DELETE FROM nodelist')
    await host.sql('var/db/local.sqlite', 'UPDATE local SET racct=0')
  })

  it('calls the queue hook at the begin and end of a command', async () => {
    const log = `${host.workdir}/tmp/queue.log`
    await run('/bin/sh', [
      '-c',
      'printf \'#!/bin/sh\\necho "$*" >>%s\\n\' "$1" >"$2" && chmod +x "$2"',
      'sh',
      log,
      `${host.workdir}/etc/q.sh`,
    ])
    const config = `cbsd_queue_backend="${host.workdir}/etc/q.sh"\ncbsd_jail_queue_name="ev_jail"\n`
    await run('/bin/sh', ['-c', 'printf "%s" "$1" >"$2"', 'sh', config, `${host.workdir}/etc/cbsd_queue.conf`])
    await run('/bin/sh', ['-c', 'echo \'mod_cbsd_queue_enabled="YES"\' >>"$1"', 'sh', `${host.workdir}/nc.inventory`])
    await host.cbsd(['jcreate', 'jname=ev1', 'ver=empty', 'ip4_addr=10.0.0.4'])
    await host.cbsd(['jremove', 'jname=ev1'])
    expect(readFileSync(log, 'utf8').split('\n')).toEqual([
      'cbsd_queue_name=ev_jail id=ev1 cmd=jcreate ip4_addr=10.0.0.4 protected= vnc_port=0 status=1',
      'cbsd_queue_name=ev_jail id=ev1 cmd=update ip4_addr=10.0.0.4 vnc_port=0 status=1',
      'cbsd_queue_name=ev_jail id=ev1 cmd=jcreate status=2 data_status=0',
      'cbsd_queue_name=ev_jail id=ev1 cmd=jremove status=1',
      'cbsd_queue_name=ev_jail id=ev1 cmd=jremove status=2',
      '',
    ])
    await run('rm', ['-f', `${host.workdir}/etc/cbsd_queue.conf`])
  })

  it('shows progress while it fetches an image, on standard error', async () => {
    await run('/bin/sh', ['-c', 'echo "Alpine-standart-3 1" >>"$1"', 'sh', `${host.workdir}/.standin/slow`])
    const { stdout, stderr } = await host.cbsd(['fetch_iso', 'name=Alpine-standart-3', 'dstdir=default'])
    expect(stdout).toMatch(/^Download to: /)
    expect(stderr).toMatch(/% Total[\s\S]*\r 0|\r100 /)
  })
})
