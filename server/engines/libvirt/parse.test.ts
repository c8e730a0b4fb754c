import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parseDomstats } from './domstats'
import { parseEvent } from './events'
import { transcript } from './fixture-transcript'
import { osinfoWords, toGuest } from './guest'
import { parseBlockInfo, parseSnapshot } from './inspect'
import { parseNetworks } from './networks'
import { parseDomain } from './parse-domain'
import { accelerationOf, operationsOf, parseCapabilities, readUri, remedy } from './probe'
import { backingFile } from './qcow2'
import { parseLeases } from './reader'
import { toSample } from './sample'
import { keyValues, quote, virshWords } from './virsh'

const oddName = `lv-it's "odd" <&> $(id); --all`

describe('dumpxml', () => {
  test('tells whether the guest agent has opened its end', () => {
    const xml = transcript('dumpxml-debian-running.xml')
    expect(parseDomain(xml).agent).toBe(false)
    expect(parseDomain(xml.replace("state='disconnected'", "state='connected'")).agent).toBe(true)
    expect(parseDomain(xml.replace("org.qemu.guest_agent.0' state='disconnected'", "com.redhat.spice.0' state='connected'")).agent).toBe(
      false,
    )
  })

  test('of a running VM that Bailiwick made', () => {
    const domain = parseDomain(transcript('dumpxml-debian-running.xml'))
    expect(domain).toMatchObject({
      type: 'qemu',
      name: 'lv-deb',
      memoryBytes: 2 ** 30,
      cpus: 1,
      arch: 'x86_64',
      own: { folder: '/var/lib/bailiwick/guests/lv-deb', os: 'Debian 12', image: 'debian-12-x86_64' },
      serial: { pty: true, log: '/var/lib/bailiwick/guests/lv-deb/serial.log' },
      vnc: { listen: '127.0.0.1' },
    })
    expect(domain.vnc?.port).toBeGreaterThanOrEqual(5900)
    expect(domain.disks.map((d) => [d.target, d.device, d.format, d.readOnly])).toEqual([
      ['vda', 'disk', 'qcow2', false],
      ['sda', 'cdrom', 'raw', true],
    ])
    expect(domain.nics).toEqual([
      expect.objectContaining({ network: 'default', model: 'virtio', mac: expect.stringMatching(/^52:54:00:/) }),
    ])
  })

  test('of a foreign one with every awkward character in its name', () => {
    const domain = parseDomain(transcript('dumpxml-odd-name.xml'))
    expect(domain).toMatchObject({ name: oddName, own: null, vnc: null, cpus: 1, maxCpus: 2, memoryBytes: 2 ** 30 })
    expect(domain.disks[0]).toMatchObject({ path: "/srv/a 'b' & c.img", format: 'raw' })
    expect(domain.disks[1]).toMatchObject({ path: '', readOnly: true })
    expect(osinfoWords(domain.osinfo)).toBe('Debian 12')
  })

  test('says so when it is not a domain', () => {
    expect(() => parseDomain('<network><name>x</name></network>')).toThrow()
  })
})

describe('domstats', () => {
  const stats = parseDomstats(transcript('domstats-list.txt'))

  test('states, and names with quotes', () => {
    expect(stats.map((s) => s.name)).toContain(oddName)
    const facts = { persistent: true, autostart: false, snapshotCount: 0, leases: new Map([['52:54:00:0d:d0:01', ['192.168.122.9']]]) }
    const guest = toGuest('h', parseDomain(transcript('dumpxml-odd-name.xml')), { ...facts, stats: stats.find((s) => s.name === oddName) })
    expect(guest).toMatchObject({
      id: `h~libvirt~${oddName}`,
      state: 'stopped',
      os: 'Debian 12',
      consoles: [],
      addresses: [],
    })
    const running = toGuest('h', parseDomain(transcript('dumpxml-debian-running.xml')), {
      ...facts,
      stats: stats.find((s) => s.name === 'lv-deb'),
    })
    const mac = parseDomain(transcript('dumpxml-debian-running.xml')).nics[0]?.mac ?? ''
    const leased = toGuest('h', parseDomain(transcript('dumpxml-debian-running.xml')), {
      ...facts,
      leases: new Map([[mac, ['192.168.122.9']]]),
      stats: stats.find((s) => s.name === 'lv-deb'),
    })
    expect(leased.addresses).toEqual(['192.168.122.9'])
    expect(running).toMatchObject({ state: 'running', accel: 'tcg', consoles: ['serial', 'vnc'], os: 'Debian 12' })
  })

  test('counters', () => {
    const samples = parseDomstats(transcript('domstats-sample.txt')).map((s) => toSample(s, 5))
    expect(samples.find((s) => s?.name === 'lv-deb')).toEqual({
      name: 'lv-deb',
      at: 5,
      cpuNs: 26711754000,
      // No balloon driver has spoken yet: what QEMU holds.
      memoryUsedBytes: 591984 * 1024,
      memoryCacheBytes: undefined,
      diskReadBytes: expect.any(Number),
      diskWriteBytes: 0,
      netRxBytes: 266,
      netTxBytes: 0,
    })
  })

  test('memory as the guest tells it, cache included', () => {
    const [stats] = parseDomstats(
      "Domain: 'a'\n  balloon.available=1000\n  balloon.unused=400\n  balloon.disk_caches=100\n  balloon.rss=5000\n",
    )
    expect(stats && toSample(stats, 1)).toMatchObject({ memoryUsedBytes: 600 * 1024, memoryCacheBytes: 100 * 1024 })
  })

  test('memory before the balloon driver speaks is never more than the guest has', () => {
    const [stats] = parseDomstats(
      "Domain: 'a'\n  balloon.current=196608\n  balloon.maximum=262144\n  balloon.last-update=0\n  balloon.rss=311224\n",
    )
    expect(stats && toSample(stats, 1)).toMatchObject({ memoryUsedBytes: 196608 * 1024 })
  })

  test('the test driver has no counters: no sample', () => {
    const [stats] = parseDomstats("Domain: 'test'\n  state.state=1\n")
    expect(stats && toSample(stats, 1)).toBeNull()
  })
})

describe('events', () => {
  test('of a real run name their domains', () => {
    const events = transcript('events.txt')
      .split('\n')
      .flatMap((line) => parseEvent(line) ?? [])
    expect(events).toContainEqual({ name: 'lv-deb', what: 'lifecycle Suspended Paused', state: 'paused' })
    expect(events).toContainEqual({ name: oddName, what: 'lifecycle Defined Added' })
    expect(events).toContainEqual({ name: oddName, what: 'lifecycle Undefined Removed' })
    expect(events.some((e) => e.name === 'lv-riscv' && e.what.startsWith('metadata-change'))).toBe(true)
  })

  test('a name that cannot be told from its details asks for everything', () => {
    expect(parseEvent("t: event 'lifecycle' for domain 'a': x': Started Booted")).toEqual({ what: 'lifecycle' })
    expect(parseEvent("2026-11-23 06:06:41.744+0000: event 'reboot' for domain 'a'")).toEqual({ name: 'a', what: 'reboot', rebooted: true })
  })

  test('noise and other lines are nothing', () => {
    expect(parseEvent("t: event 'rtc-change' for domain 'a': 3")).toBeNull()
    expect(parseEvent('events received: 3')).toBeNull()
    expect(parseEvent('')).toBeNull()
  })
})

describe('probe', () => {
  const found = parseCapabilities(transcript('capabilities.xml'))
  const evidence = { kvm: 'boots', why: 'a kernel booted in 0.9 s', kernel: '6.1', qemu: '7.2.22', testedAt: 1 } as const
  const now = { kernel: '6.1', qemu: '7.2.22' }

  test('capabilities', () => {
    expect(found.hostArch).toBe('x86_64')
    expect(found.guests.map((g) => g.arch)).toEqual(expect.arrayContaining(['x86_64', 'aarch64', 'riscv64']))
    expect(found.guests.find((g) => g.arch === 'x86_64')?.types).toContain('kvm')
  })

  test('KVM only on the evidence of this kernel and this QEMU', () => {
    expect(accelerationOf('x86_64', found, evidence, now)).toMatchObject({ accel: 'kvm', why: expect.stringContaining('0.9 s') })
    expect(accelerationOf('i686', found, evidence, now).accel).toBe('kvm')
    expect(accelerationOf('x86_64', found, undefined, now)).toMatchObject({ accel: 'tcg', why: expect.stringContaining('not been tested') })
    expect(accelerationOf('x86_64', found, { ...evidence, kvm: 'fails', why: 'no output' }, now)).toMatchObject({
      accel: 'tcg',
      why: expect.not.stringContaining('no output'),
      detail: 'no output',
    })
    expect(accelerationOf('x86_64', found, evidence, { ...now, kernel: '6.2' }).accel).toBe('tcg')
    expect(accelerationOf('x86_64', found, evidence, { ...now, qemu: '8.0.0' }).accel).toBe('tcg')
    expect(accelerationOf('aarch64', found, evidence, now)).toMatchObject({ accel: 'tcg', why: expect.stringContaining('slow') })
  })

  test('addresses', () => {
    expect(readUri('qemu:///system')).toEqual({ driver: 'qemu', local: true, path: '/system' })
    expect(readUri('qemu+ssh://me@far/system')).toMatchObject({ driver: 'qemu', local: false })
    expect(readUri('qemu+unix:///system?socket=/run/x')).toMatchObject({ driver: 'qemu', local: true })
    expect(operationsOf('test:///default').start).toMatch(/forgets/)
    expect(operationsOf('test+unix:///default').start).toBeUndefined()
    expect(operationsOf('qemu+ssh://far/system').create).toMatch(/another machine/)
    expect(operationsOf('qemu:///system')).toEqual({})
  })

  test('a daemon that is not there has a cause and a remedy', () => {
    const words = virshWords(transcript('no-daemon.txt'))
    expect(words).toMatch(/Failed to connect socket to/)
    expect(words).not.toMatch(/error:/)
    expect(remedy(words)).toMatch(/libvirtd/)
    expect(remedy("Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied")).toMatch(/usermod/)
    const modular = "Failed to connect socket to '/var/run/libvirt/virtqemud-sock': No such file or directory"
    expect(remedy(modular)).toMatch(/virtqemud\.socket/)
    expect(remedy(modular)).not.toMatch(/libvirtd/)
    expect(remedy("Failed to connect socket to '/run/libvirt/virtqemud-sock': Permission denied")).toMatch(/usermod/)
  })

  // They stand beside a button that copies them: sh parses each, and none goes on in prose.
  test.each([
    'Failed to get system bus connection',
    "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied",
    "Failed to connect socket to '/var/run/libvirt/virtqemud-sock': No such file or directory",
    "Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory",
  ])('the remedy of "%s" is a command', (words) => {
    const command = remedy(words) ?? ''
    expect(command).not.toMatch(/, |: /)
    expect(spawnSync('sh', ['-n', '-c', command])).toMatchObject({ status: 0 })
    expect(command).toMatch(/^sudo /)
  })
})

test('networks, leases, block sizes, versions', () => {
  expect(parseNetworks(transcript('net-list.txt'))).toEqual([{ name: 'default', title: 'default', isDefault: true, active: true }])
  expect(parseNetworks(' my net   inactive   no   yes\n')).toEqual([{ name: 'my net', title: 'my net', isDefault: false, active: false }])
  expect(parseLeases(transcript('net-dhcp-leases.txt')).get('52:54:00:90:75:15')).toEqual(['192.168.122.242'])
  expect(parseBlockInfo(transcript('domblkinfo.txt')).get('vda')).toEqual({ sizeBytes: 8589934592, usedBytes: 290672640 })
  expect(keyValues(transcript('version.txt')).get('Running hypervisor')).toBe('QEMU 7.2.22')
})

test('a snapshot of a running VM', () => {
  expect(parseSnapshot(transcript('snapshot-dumpxml.xml'), 'lv-snap')).toMatchObject({
    name: 'lv-snap',
    state: 'running',
    memory: true,
    current: true,
    createdAt: expect.any(Number),
  })
})

test('words for virsh are quoted', () => {
  expect(quote('plain-1.2')).toBe('plain-1.2')
  expect(quote(`it's; "x" #`)).toBe(`'it'\\''s; "x" #'`)
  expect(quote('')).toBe("''")
})

test('the backing file of a qcow2 header', () => {
  const header = Buffer.alloc(200)
  header.write('QFI\u00fb', 'latin1')
  header.writeUInt32BE(3, 4)
  header.writeBigUInt64BE(112n, 8)
  header.writeUInt32BE(11, 16)
  header.write('/base.qcow2', 112)
  expect(backingFile(header)).toBe('/base.qcow2')
  header.writeUInt32BE(500, 16)
  expect(backingFile(header)).toBeNull()
  expect(backingFile(Buffer.from('raw disk of no format at all'))).toBeNull()
})
