import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { newStandin, run, type Standin } from './fixture-standin'

// Each command starts a dozen programs, and a machine that runs tests is busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

/** Guests of the stand-in are real processes; that takes root. */
const root = process.getuid?.() === 0

describe.skipIf(!root)('guests of the stand-in (needs root)', () => {
  let host: Standin
  beforeAll(async () => {
    host = await newStandin()
  })
  afterAll(() => host.remove())

  const said = async (...args: string[]) => (await host.cbsd(args)).stdout
  const row = (name: string) => host.sql('var/db/local.sqlite', `SELECT jid, status FROM jails WHERE jname='${name}'`)
  const jls = async () => (await run(`${host.workdir}/bin/jls`, ['jid', 'name'])).stdout
  const until = (hope: () => Promise<boolean>) => expect.poll(hope, { timeout: 20_000, interval: 100 }).toBe(true)

  it('a jail is a system of its own: host name, processes, files', async () => {
    await host.cbsd(['jcreate', 'jname=web', 'baserw=1'])
    await host.cbsd(['jstart', 'jname=web'])
    expect(await jls()).toMatch(/^\d+ web\n$/)
    expect(await said('jexec', 'jname=web', 'hostname')).toBe('web.my.domain\n')
    expect(await said('jexec', 'jname=web', 'cmd=ls -d /proc/[0-9]* | wc -l')).toMatch(/^\s*[1-9]\n$/)
    expect(await said('jexec', 'jname=web', 'cmd=echo mine >/root/file')).toBe('')
    expect(existsSync(`${host.workdir}/jails-data/web-data/root/file`)).toBe(true)
    expect(existsSync('/root/file')).toBe(false)
  })

  it('a snapshot keeps its files, and rollback brings them back and forgets newer ones', async () => {
    const file = () => said('jexec', 'jname=web', 'cat', '/root/file')
    await host.cbsd(['jsnapshot', 'mode=create', 'jname=web', 'snapname=first'])
    await said('jexec', 'jname=web', 'cmd=echo theirs >/root/file')
    await host.cbsd(['jsnapshot', 'mode=create', 'jname=web', 'snapname=second'])
    expect(await file()).toBe('theirs\n')
    await host.cbsd(['jstop', 'jname=web'])
    await host.cbsd(['jsnapshot', 'mode=rollback', 'jname=web', 'snapname=first'])
    await host.cbsd(['jstart', 'jname=web'])
    expect(await file()).toBe('mine\n')
    const names = (await said('jsnapshot', 'mode=list', 'jname=web', 'header=0')).split('\n').map((line) => line.split(/\s+/)[1])
    expect(names).toEqual(['first', undefined])
  })

  it('an archive holds its files', async () => {
    await host.cbsd(['jexport', 'jname=web', 'compress=1'])
    await host.cbsd(['jimport', `jname=${host.workdir}/export/web.img`, 'new_jname=again', 'new_ip4_addr=DHCP'])
    await host.cbsd(['jstart', 'jname=again'])
    expect(await said('jexec', 'jname=again', 'cat', '/root/file')).toBe('mine\n')
    await host.cbsd(['jremove', 'jname=again'])
    expect(await jls()).not.toContain('again')
    expect(existsSync(`${host.workdir}/jails-data/again-data`)).toBe(false)
  })

  it('one that dies by itself is gone for jls(8) at once, and for the database when somebody lists', async () => {
    await host.cbsd(['jexec', 'jname=web', 'poweroff'])
    await until(async () => !(await jls()).includes('web'))
    expect(await row('web')).toMatch(/\|1$/)
    await host.cbsd(['jls'])
    expect(await row('web')).toBe('0|0')
  })

  it('a shared base cannot be written', async () => {
    await host.cbsd(['jcreate', 'jname=shared'])
    await host.cbsd(['jstart', 'jname=shared'])
    const { code, stderr } = await host.cbsd(['jexec', 'jname=shared', 'touch', '/bin/x'])
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/Read-only/)
    await host.cbsd(['jremove', 'jname=shared'])
  })

  it('a VM without a kernel is a shell on its serial port, in the session that CBSD would give it', async () => {
    const tmux = (...args: string[]) => run(`${host.workdir}/bin/tmux`, args)
    await host.cbsd(['bcreate', 'jname=vm', 'vm_os_type=linux', 'vm_os_profile=cloud-Debian-x86-12', 'imgsize=5g'])
    await host.cbsd(['bstart', 'jname=vm'])
    await tmux('-L', 'cbsd-vm', 'send-keys', 'echo $((20 + 3)) here', 'Enter')
    await until(async () => (await tmux('-L', 'cbsd-vm', 'capture-pane', '-p')).stdout.includes('\n23 here'))
    const processes = await run('ps', ['-axww', '-o', 'args='])
    expect(processes.stdout).toMatch(/^bhyve: vm /m)
    expect(existsSync(`${host.workdir}/jails-system/vm/vnc_port`)).toBe(true)
    await host.cbsd(['bstop', 'jname=vm', 'noacpi=1'])
    // The file is gone; the number in the database stays.
    expect(existsSync(`${host.workdir}/jails-system/vm/vnc_port`)).toBe(false)
    expect(await said('bget', 'mode=quiet', 'jname=vm', 'vnc_port')).toMatch(/^59\d\d\n$/)
  })

  it('a VM that is being stopped is in maintenance', async () => {
    await host.cbsd(['bstart', 'jname=vm'])
    await run('touch', [`${host.workdir}/.standin/deaf`])
    const stopped = host.cbsd(['bstop', 'jname=vm', 'hard_timeout=2'])
    await until(async () => (await said('bls', 'header=0', 'display=status')).trim() === 'Maintenance:Stopping_VM')
    await stopped
    expect(await row('vm')).toBe('0|0')
  })

  it('and all of them end with their host', async () => {
    await host.cbsd(['jstart', 'jname=web'])
    await host.cbsd(['bstart', 'jname=vm'])
    await run('/bin/sh', ['e2e/hosts/make-host.sh', '--end', host.workdir])
    expect(await jls()).toBe('')
    expect((await run('ps', ['-axww', '-o', 'args='])).stdout).not.toContain(host.workdir)
  })
})
