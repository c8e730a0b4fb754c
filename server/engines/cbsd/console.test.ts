import { describe, expect, it } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import type { Become } from '@/server/model/host'
import { parseAlive } from './alive'
import type { Caller } from './argv'
import { asRootQuestion, guestQuestion, question } from './ask'
import { consoleTarget } from './console'
import { toFound } from './guest'
import { parseOutput } from './output'
import { operationsOf } from './probe'
import type { Found, Node, Row } from './types'

const exec = createLocalExec({})
const caller = (become: Become = 'none', cbsdWorkdir?: string): Caller => ({
  host: { id: 'h', name: 'h', transport: 'local', libvirtUri: '', cbsdWorkdir },
  context: { exec, images: () => [], guestsDir: '/nonexistent', become },
})
const node: Node = {
  workdir: '/usr/jails',
  nodename: 'n',
  version: '14.1',
  platform: 'FreeBSD',
  root: true,
  zfs: true,
  racct: false,
  local: {},
}
const processes =
  '@jails\n3 web\n@processes\n 100 5 IC 1 0:01.00 bhyve: db (bhyve)\n 101 5 S 1 0:01.00 qemu-system-x86_64\n@pids\n101 q.1\n'

function guest(name: string, emulator: string, settings?: Row, output = processes): Found {
  const found = toFound(
    node,
    'h',
    name,
    { row: { jname: name, emulator }, settings, disks: [], limits: {} },
    parseAlive(parseOutput(output)),
    () => 1,
  )
  return found ?? expect.fail()
}
const argvOf = (found: Found, kind: 'serial' | 'shell', become: Become = 'none') => {
  const target = consoleTarget(caller(become), found, kind)
  return target.kind === 'pty' ? target.argv.join(' ') : target.kind
}

describe('consoles', () => {
  const vnc = { vnc_port: 5901, bhyve_vnc_tcp_bind: '0.0.0.0', vnc_password: 'topsecret' }
  it('are sessions of tmux: of a server of its own for bhyve, exactly one of the common one for QEMU', () => {
    expect(argvOf(guest('db', 'bhyve', {}), 'serial')).toBe('tmux -u -L cbsd-db attach-session')
    expect(argvOf(guest('q.1', 'qemu', {}), 'serial', 'sudo')).toBe('sudo -n tmux -u attach-session -t =cbsd-q_1')
  })
  it('begin with what has left the screen of that session', () => {
    const past = (name: string, emulator: string) => {
      const target = consoleTarget(caller(), guest(name, emulator, {}), 'serial')
      return target.kind === 'pty' && target.history && 'argv' in target.history ? target.history.argv.join(' ') : null
    }
    expect(past('db', 'bhyve')).toBe('tmux -u -L cbsd-db capture-pane -p -e -S - -E -1')
    expect(past('q.1', 'qemu')).toBe('tmux -u capture-pane -p -e -S - -E -1 -t =cbsd-q_1:')
  })
  it('are a login shell for jails, with the rights of root', () => {
    expect(argvOf(guest('web', 'jail'), 'shell')).toBe('env NOINTER=1 NOCOLOR=1 cbsd jlogin jname=web')
    expect(argvOf(guest('web', 'jail'), 'shell', 'sudo')).toBe('sudo -n NOINTER=1 NOCOLOR=1 cbsd jlogin jname=web')
    expect(argvOf(guest('web', 'jail'), 'shell', 'doas')).toBe('env NOINTER=1 NOCOLOR=1 doas -n cbsd jlogin jname=web')
  })
  it('reach a screen from this host only, with the password that bhyve has', () => {
    expect(consoleTarget(caller(), guest('db', 'bhyve', vnc), 'vnc')).toEqual({
      kind: 'tcp',
      host: '127.0.0.1',
      port: 5901,
      password: 'topsecret',
    })
    expect(
      consoleTarget(caller(), guest('q.1', 'qemu', { vnc_port: '5900', qemu_vnc_tcp_bind: '192.0.2.1', vnc_password: 'cbsd' }), 'vnc'),
    ).toEqual({
      kind: 'tcp',
      host: '192.0.2.1',
      port: 5900,
    })
  })
  it('are not there for what does not run, whatever port the database kept', () => {
    expect(() => consoleTarget(caller(), guest('off', 'bhyve', vnc), 'vnc')).toThrow(/not running/)
    expect(() => consoleTarget(caller(), guest('db', 'bhyve', { vnc_port: 0 }), 'vnc')).toThrow(/not open yet/)
    expect(() => consoleTarget(caller(), guest('db', 'bhyve', { vnc_port: 5900, vm_vnc_port: 1 }), 'vnc')).toThrow(/no screen/)
    expect(() => consoleTarget(caller(), guest('web', 'jail'), 'serial')).toThrow(/no screen or serial/)
  })
})

describe('questions', () => {
  it('name the folder where the host has one of its own', () => {
    expect(question(caller('sudo', '/tank/jails'), 'capabilities').join(' ')).toBe(
      'env NOINTER=1 NOCOLOR=1 workdir=/tank/jails cbsd capabilities json=1',
    )
    expect(asRootQuestion(caller('sudo', '/tank/jails'), 'version').join(' ')).toBe(
      'sudo -n NOINTER=1 NOCOLOR=1 workdir=/tank/jails cbsd version',
    )
  })
  it('take no name that CBSD would run or take for many', () => {
    for (const name of ['$(id)', '`id`', 'a*', 'a b', '"', 'a;b', '~', '-x', ''])
      expect(() => guestQuestion(caller(), 'login', name), name).toThrow(/jname/)
  })
})

describe('what the whole engine refuses', () => {
  const can = (...names: string[]) => new Map(names.map((name) => [name, true]))
  it('is all of it without root, with the reason', () => {
    const operations = operationsOf(node, 'set this host to sudo', true, can('bhyve'))
    for (const kind of ['create', 'start', 'remove', 'snapshot.create', 'hook.install', 'debris.remove'] as const)
      expect(operations[kind]).toBe('set this host to sudo')
  })
  it('is what the file system or the hypervisor cannot', () => {
    expect(operationsOf({ ...node, racct: true }, true, true, can('bhyve'))).toEqual({})
    expect(operationsOf({ ...node, zfs: false }, true, true, can('bhyve'))).toMatchObject({
      'snapshot.create': expect.stringMatching(/ZFS/),
      'disk.grow': expect.stringMatching(/ZFS/),
    })
    expect(operationsOf(node, true, false, can('bhyve'))['checkpoint.create']).toMatch(/BHYVE_SNAPSHOT/)
    expect(operationsOf(node, true, false, can('jail')).pause).toMatch(/no bhyve/)
  })
})
