import { describe, expect, it } from 'vitest'
import { cpuTime, parseAlive } from './alive'
import { activeProfiles } from './catalog'
import { parseListing } from './columns-text'
import { foundOf as found, aNode as node } from './fixture-found'
import { transcript } from './fixture-transcript'
import { addressesOf, osWords } from './guest'
import { toDetail } from './inspect'
import { parseOutput, sound } from './output'
import { parseCapabilities, parseJailProfiles, parseVmProfiles } from './profiles'
import { toNode, toParts } from './read'
import { bytes, flag, integer, text } from './row'
import { parseCheckpoints, parseSnapshots, snapshotTime, zoneMinutes } from './snapshots'

describe('cells', () => {
  it('takes what CBSD writes for nothing as nothing', () => {
    for (const value of ['0', '', '-', '(null)', null, 0]) expect(text({ a: value }, 'a')).toBeUndefined()
    expect(text({}, 'a')).toBeUndefined()
    expect(text({ a: ' x ' }, 'a')).toBe('x')
  })
  it('takes no number out of what is none', () => {
    expect(integer({ vm_ram: 'abc' }, 'vm_ram')).toBeUndefined()
    expect(integer({ vm_ram: '1073741824' }, 'vm_ram')).toBe(2 ** 30)
    expect(bytes('10g')).toBe(10 * 2 ** 30)
    expect(bytes(0)).toBeUndefined()
    expect([flag({ a: 1 }, 'a'), flag({ a: '1' }, 'a'), flag({ a: 'NO' }, 'a'), flag({}, 'a')]).toEqual([true, true, false, false])
  })
})

describe('what the scripts print', () => {
  it('splits into sections and rows, and a damaged row takes no other with it', () => {
    const output = parseOutput('@host\nworkdir=/usr/jails\nnow=1\n@whole\n[{"@":"a","x":1},\n{"@":"a","x":\n{"@":"b","y":"]"}]\n@said\n')
    expect(output.facts('host').get('workdir')).toBe('/usr/jails')
    expect(output.rows('whole')).toEqual([
      { tag: 'a', row: { '@': 'a', x: 1 } },
      { tag: 'b', row: { '@': 'b', y: ']' } },
    ])
  })
  it('names the command that mends a fault', () => {
    expect(() => sound(parseOutput('@host\nworkdir=/usr/jails\n@fault\nsqlite3\n'))).toThrow(/pkg install sqlite3/)
    expect(() => sound(parseOutput('@host\nworkdir=/usr/jails\n@fault\ndenied\n'))).toThrow(/\/usr\/jails.*groupmod cbsd/)
    expect(() => sound(parseOutput('@host\nworkdir=/usr/jails\nuid=7\n@fault\nworkdir\n'))).toThrow(/may not.*groupmod cbsd/)
    expect(() => sound(parseOutput('@host\nworkdir=/usr/jails\nuid=0\n@fault\nworkdir\n'))).toThrow(
      /no folder \/usr\/jails: .*cbsd_workdir/,
    )
  })
  it('refuses a database without its row about the node, in the words of sqlite3', () => {
    expect(() => toParts(parseOutput('@rows\n@said\nError: file is not a database\n'))).toThrow(/not a database/)
  })
  it('leaves out what another node keeps', () => {
    const rows =
      'local\t\t{"nodename":"a"}\njail\tone\t{"jname":"one","nodename":"a"}\njail\ttwo\t{"jname":"two","nodename":"b"}\njail\tsix\t{"jname":"six"}'
    expect([...toParts(parseOutput(`@rows\n${rows}\n`)).parts.keys()]).toEqual(['one', 'six'])
  })
  it('knows a node by whatever columns there are', () => {
    expect(toNode({}, new Map([['workdir', '/x']]))).toMatchObject({
      workdir: '/x',
      platform: 'FreeBSD',
      zfs: false,
      racct: false,
      root: false,
    })
  })
})

describe('what is alive', () => {
  it('reads processor time of both systems', () => {
    expect(cpuTime('12:34.56')).toBe(754_560_000_000)
    expect(cpuTime('1-02:03:04')).toBe(93_784e9)
    expect(cpuTime('00:01:52')).toBe(112e9)
  })
  it('knows bhyve by its title and QEMU by its file, and takes no other process for it', () => {
    const alive = parseAlive(
      parseOutput(
        [
          '@jails',
          ' 3 web',
          '@processes',
          '  100    50 IC   20480   0:10.50 bhyve: db (bhyve)',
          '  101    50 TC   20480   0:10.50 bhyve: held (bhyve)',
          '  102    50 S    20480   0:10.50 /usr/local/bin/qemu-system-x86_64 -name q',
          '@pids',
          '102 q',
          '100 reused',
          '999 gone',
          '',
        ].join('\n'),
      ),
    )
    expect(alive.jails.get('web')).toBe(3)
    expect(alive.machine('db', 'bhyve')).toMatchObject({ pid: 100, held: false, memoryBytes: 20_971_520 })
    expect(alive.machine('held', 'bhyve')?.held).toBe(true)
    expect(alive.machine('q', 'qemu')?.pid).toBe(102)
    expect(alive.machine('reused', 'qemu')).toBeUndefined()
    expect(alive.machine('gone', 'qemu')).toBeUndefined()
  })
})

describe('guests', () => {
  it('tells a jail by jls and not by its row', () => {
    const row = {
      jname: 'web',
      emulator: 'jail',
      status: 1,
      jid: 7,
      ver: '14.1',
      ip4_addr: '10.0.0.5/24,em0#10.0.0.6',
      astart: 1,
      protected: 1,
    }
    const dead = found(row)
    expect(dead?.guest).toMatchObject({ state: 'stopped', warning: expect.stringMatching(/by itself/), protected: true, autostart: true })
    const alive = found({ ...row, status: 0 }, {}, '@jails\n7 web\n')
    expect(alive).toMatchObject({
      kind: 'jail',
      alive: 7,
      guest: { state: 'running', os: 'FreeBSD 14.1', cpus: 4, addresses: ['10.0.0.5', '10.0.0.6'] },
    })
    expect(alive?.guest.warning).toBeUndefined()
  })
  it('tells Linux and foreign jails', () => {
    expect(found({ jname: 'd', emulator: 'jail', ver: 'bookworm', exec_start: '/bin/true' })?.guest).toMatchObject({
      os: 'Linux bookworm',
      emulator: 'Linux jail',
    })
    expect(found({ jname: 'r', emulator: 'qemu-riscv64-static', ver: '14.1', arch: 'riscv' })?.guest).toMatchObject({
      arch: 'riscv64',
      accel: 'tcg',
    })
    expect(found({ jname: 'n', emulator: 'jail', ver: 'native' })?.guest.os).toBe('FreeBSD 14.1')
  })
  it('takes limits of a jail for its size', () => {
    expect(found({ jname: 'l', emulator: 'jail', cpuset: '0-1,3' }, { limits: { memoryuse: '512m' } })?.guest).toMatchObject({
      cpus: 3,
      memoryBytes: 2 ** 29,
    })
  })
  it('takes a VM from its own settings, and says when they cannot be read', () => {
    const row = { jname: 'db', emulator: 'bhyve', status: 1 }
    const settings = { vm_ram: 2 ** 30, vm_cpus: 2, vm_os_profile: 'cloud-Debian-x86-12', ip4_addr: 'DHCP', vm_vnc_port: 0, tags: 'a,b' }
    const ps = '@processes\n 100 50 IC 20480 0:10.50 bhyve: db (bhyve)\n'
    expect(found(row, { settings, disks: [2 ** 30, 2 ** 30] }, ps)?.guest).toMatchObject({
      state: 'running',
      os: 'Debian x86 12',
      cpus: 2,
      memoryBytes: 2 ** 30,
      diskBytes: 2 ** 31,
      addresses: [],
      startedAt: 999_950,
      consoles: ['serial', 'vnc'],
      tags: ['a', 'b'],
    })
    expect(found(row, {}, ps)?.guest.warning).toMatch(/cannot be read/)
    expect(found(row, { settings: { ...settings, vm_vnc_port: 1 } })?.guest.consoles).toEqual(['serial'])
    expect(found(row, { settings: { ...settings, maintenance: 'Stopping_VM' } }, ps)?.guest.state).toBe('stopping')
  })
  it('asks the kernel where processes of others are hidden', () => {
    const hidden = '@vmm\nhidden\n/db\n'
    const row = { jname: 'db', emulator: 'bhyve', status: 0, jid: 321 }
    expect(found(row, { settings: {} }, hidden)).toMatchObject({ alive: 321, guest: { state: 'running' } })
    expect(found({ ...row, jname: 'off', status: 1 }, { settings: {} }, hidden)?.guest.state).toBe('stopped')
    expect(found({ ...row, jname: 'q', emulator: 'qemu', status: 1 }, { settings: {} }, hidden)?.guest.state).toBe('running')
    expect(found(row, { settings: {} }, '@vmm\n')?.guest.state).toBe('stopped')
  })
  it('says what CBSD does not start', () => {
    expect(found({ jname: 's', emulator: 'jail', status: 2, masterhost: 'node2' })?.guest.warning).toMatch(/master is node2/)
    expect(found({ jname: 'm', emulator: 'jail', status: 3, maintenance: 'backup' })?.guest.warning).toMatch(/maintenance: backup/)
  })
  it('leaves out an engine that it does not know', () => {
    expect(found({ jname: 'v', emulator: 'vmm' })).toBeNull()
  })
  it('knows no address in a word', () => {
    expect(addressesOf('DHCP')).toEqual([])
    expect(addressesOf('fd00::1/64')).toEqual(['fd00::1'])
    expect(osWords('FreeBSD-x64-14.1')).toBe('FreeBSD x64 14.1')
  })
})

describe("CBSD's own answers", () => {
  it('reads profiles as 14.1.3a printed them', () => {
    const active = new Map([
      ['bhyve', new Set<string>()],
      ['qemu', new Set(['linux-cloud-Debian-x86-12'])],
    ])
    const vm = parseVmProfiles(transcript('get-profiles-cloud'), true, active)
    expect(vm).toHaveLength(51)
    expect(vm[0]).toEqual({
      id: 'linux/cloud-Alma-9-x86_64',
      title: 'AlmaLinux: 9.3 (cloud)',
      osType: 'linux',
      cloud: true,
      hypervisors: ['bhyve'],
      defaultDiskBytes: 20 * 2 ** 30,
      minDiskBytes: 5 * 2 ** 30,
    })
    expect(vm.find((each) => each.id === 'linux/cloud-Debian-x86-12')?.hypervisors).toEqual(['bhyve', 'qemu'])
    const jail = parseJailProfiles(transcript('get-profiles-jail'))
    expect(jail.filter((each) => each.linux).map((each) => each.id)).toEqual(
      expect.arrayContaining(['debian_bookworm', 'rocky_9', 'ubuntu_jammy']),
    )
    expect(jail.find((each) => each.id === 'vnet')?.linux).toBe(false)
  })
  it('says so when it answers in words', () => {
    expect(() => parseVmProfiles('No such profiles\n', true, new Map())).toThrow(/No such profiles/)
  })
  it('reads which hypervisors a profile is for', () => {
    const active = activeProfiles(parseOutput('@active\nbhyve linux-a\nbhyve linux-b\n'))
    expect([...(active.get('bhyve') ?? [])]).toEqual(['linux-a', 'linux-b'])
    expect(active.get('qemu')?.size).toBe(0)
  })
  it('reads capabilities', () => {
    const can = parseCapabilities(transcript('capabilities'))
    expect([can.get('qemu'), can.get('bhyve'), can.get('jail')]).toEqual([true, false, false])
  })
  it('takes an error that was cut into columns for an error', () => {
    expect(() => parseSnapshots(transcript('jsnapshot-list-ufs'), 'jail1', 0)).toThrow(/jsnapshot: ufs not implemented/)
    expect(parseListing('JNAME  X\na  b\n', 'jname').rows).toEqual([['a', 'b']])
  })
  it('reads snapshots, oldest first, in the time of the host', () => {
    const list =
      'JNAME  SNAPNAME  CREATION           REFER\nweb    b         2024-10-05__18:22  1M\nweb    a         2024-10-04__18:22  1M\nwebx   c         2024-10-04__18:22  1M\n'
    expect(parseSnapshots(list, 'web', 120)).toEqual([
      { name: 'a', createdAt: Date.parse('2024-10-04T16:22:00Z'), current: false, memory: false },
      { name: 'b', createdAt: Date.parse('2024-10-05T16:22:00Z'), current: false, memory: false },
    ])
    expect(snapshotTime('-', 0)).toBeUndefined()
    expect([zoneMinutes('+0530\n'), zoneMinutes('-0800')]).toEqual([330, -480])
  })
  it('reads checkpoints below their title', () => {
    expect(parseCheckpoints(transcript('bcheckpoint-list'))).toEqual([])
    expect(parseCheckpoints('Created checkpoint for a:\nbefore-update\n')).toEqual([{ key: 'before-update' }])
  })
})

describe('details', () => {
  const detail = (row: Record<string, string | number>) => {
    const guest = found(row) ?? expect.fail()
    const output = parseOutput(`@whole\n[${JSON.stringify({ '@': 'jail', ...row })}]\n`)
    return toDetail({ node, found: [guest], output, at: 0 }, guest)
  }
  it('say which address of its host a jail shares, where it has no card', () => {
    const shared = { jname: 'web', emulator: 'jail', ip4_addr: '10.0.0.5/24', interface: 'em0', vnet: 0, nic_hwaddr: 0 }
    expect(detail(shared)).toMatchObject({
      nics: [],
      nicsNote: 'It shares the network of its host, with the address 10.0.0.5, on em0.',
    })
    expect(detail({ ...shared, interface: 'auto', ip4_addr: '10.0.0.5,10.0.0.6' }).nicsNote).toMatch(
      /addresses 10.0.0.5, 10.0.0.6, on the card that CBSD chooses/,
    )
    expect(detail({ ...shared, ip4_addr: '0' }).nicsNote).toMatch(/no address of its own/)
    const own = detail({ ...shared, vnet: 1, nic_hwaddr: '00:a0:98:01:02:03' })
    expect([own.nics.length, own.nicsNote]).toEqual([1, undefined])
    expect(detail({ ...shared, vnet: 1 }).nicsNote).toBeUndefined()
  })
  it('say what CBSD’s zeros mean', () => {
    const { settings = [] } = detail({ jname: 'web', emulator: 'jail', cpuset: '0', exec_timeout: '0', interface: 'auto' })
    const words = Object.fromEntries(settings.map(({ key, value, named }) => [key, named?.[value]]))
    expect(words).toEqual({ cpuset: 'all', exec_timeout: 'no limit', interface: 'chosen by CBSD' })
  })
  it('tell a jail that nothing limits from one with as much as its host', () => {
    expect(found({ jname: 'a', emulator: 'jail' })?.guest).toMatchObject({ memoryUnlimited: true, memoryBytes: 8 * 2 ** 30 })
    expect(found({ jname: 'a', emulator: 'jail' }, { limits: { memoryuse: '1g' } })?.guest.memoryUnlimited).toBeUndefined()
  })
})

it('lists Xen and VirtualBox guests by what they are, alive by their process', () => {
  const xen = found({ jname: 'x', emulator: 'xen' }, { settings: { vm_ram: 2 ** 30, vm_cpus: 2 } })
  expect(xen?.guest).toMatchObject({ type: 'vm', emulator: 'Xen', state: 'stopped', cpus: 2, memoryBytes: 2 ** 30, consoles: [] })
  const alive = '@processes\n 100 50 S 1024 0:10.50 /usr/local/lib/virtualbox/VBoxHeadless --comment box --startvm box\n'
  const box = found({ jname: 'box', emulator: 'virtualbox' }, { settings: {} }, alive)
  expect(box?.guest).toMatchObject({ emulator: 'VirtualBox', state: 'running', consoles: [] })
  expect(found({ jname: 'new', emulator: 'hyperv' })).toBeNull()
})
