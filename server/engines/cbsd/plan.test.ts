import { describe, expect, test } from 'vitest'
import type { Operation } from '@/server/model/operation'
import type { Plan, Step } from '@/server/model/plan'
import { GiB, MiB } from '@/server/model/size'
import { aJail, aVm, type Given, knownOf } from './fixture-known'
import { planCbsd } from './plan'

const plan = (op: Operation, given?: Given): Promise<Plan> => planCbsd(op, knownOf(given))
/** A step as a person would type it, without what every line of CBSD has. */
const line = (step: Step | undefined): string => (step && 'argv' in step ? step.argv.join(' ').replace('env NOINTER=1 NOCOLOR=1 ', '') : '')
const lines = async (op: Operation, given?: Given) => (await plan(op, given)).steps.map(line)

const jail = { guests: [aJail('web')] }
const runningJail = { guests: [aJail('web', 'running')] }
const bhyve = { guests: [aVm('vm1')] }
const runningVm = { guests: [aVm('vm1', 'bhyve', 'running')] }
const runningQemu = { guests: [aVm('vm1', 'qemu', 'running')] }
const snapshots = [
  { name: 's1', createdAt: 1, current: false, memory: false },
  { name: 's2', createdAt: 2, current: false, memory: false },
]

describe('one line for each operation', () => {
  test.each<[Operation, Given, string[]]>([
    [{ kind: 'start', name: 'web' }, jail, ['cbsd jstart jname=web inter=0']],
    [{ kind: 'start', name: 'vm1' }, bhyve, ['cbsd bstart jname=vm1 inter=0']],
    [
      { kind: 'start', name: 'vm1', checkpoint: 'noon' },
      { ...bhyve, detail: { checkpoints: [{ key: 'noon' }] } },
      ['cbsd bstart jname=vm1 checkpoint=noon inter=0'],
    ],
    [{ kind: 'stop', name: 'web' }, runningJail, ['cbsd jstop jname=web inter=0']],
    [{ kind: 'stop', name: 'vm1' }, runningVm, ['cbsd bstop jname=vm1 hard_timeout=60 inter=0']],
    [{ kind: 'kill', name: 'web' }, runningJail, ['cbsd jstop jname=web fast=1 inter=0']],
    [{ kind: 'kill', name: 'vm1' }, runningQemu, ['cbsd qstop jname=vm1 noacpi=1 inter=0']],
    [{ kind: 'restart', name: 'web' }, runningJail, ['cbsd jrestart jname=web inter=0']],
    [{ kind: 'restart', name: 'vm1' }, runningQemu, ['cbsd qstop jname=vm1 hard_timeout=60 inter=0', 'cbsd qstart jname=vm1 inter=0']],
    [{ kind: 'pause', name: 'vm1' }, runningVm, ['cbsd bpause jname=vm1 mode=on']],
    [{ kind: 'resume', name: 'vm1' }, runningVm, ['cbsd bpause jname=vm1 mode=off']],
    [{ kind: 'remove', name: 'web', disks: true }, jail, ['cbsd jremove jname=web inter=0']],
    [{ kind: 'rename', name: 'web', newName: 'shop' }, jail, ['cbsd jrename old=web new=shop host_hostname=shop.my.domain']],
    [
      { kind: 'set', name: 'vm1', cpus: 2, memoryBytes: 1536 * MiB, autostart: true, protected: false, hidden: true, order: 3 },
      bhyve,
      ['cbsd bset jname=vm1 vm_cpus=2 vm_ram=1536m astart=1 protected=0 hidden=1 b_order=3'],
    ],
    [
      { kind: 'set', name: 'web', settings: { ip4_addr: '10.0.0.9/24,em0#10.0.0.10', allow_raw_sockets: '1' } },
      runningJail,
      ['cbsd jset jname=web ip4_addr=10.0.0.9/24,em0#10.0.0.10 allow_raw_sockets=1'],
    ],
    [
      { kind: 'snapshot.create', name: 'web', snapshot: 's9' },
      { ...jail, snapshots },
      ['cbsd jsnapshot mode=create jname=web snapname=s9'],
    ],
    [
      { kind: 'snapshot.restore', name: 'vm1', snapshot: 's1' },
      { ...bhyve, snapshots },
      ['cbsd bsnapshot mode=rollback jname=vm1 snapname=s1'],
    ],
    [
      { kind: 'snapshot.remove', name: 'web', snapshot: 's1' },
      { ...jail, snapshots },
      ['cbsd jsnapshot mode=destroy jname=web snapname=s1'],
    ],
    [
      { kind: 'checkpoint.create', name: 'vm1', checkpoint: 'noon' },
      runningVm,
      ['cbsd bcheckpoint mode=create jname=vm1 name=noon suspend=0'],
    ],
    [
      { kind: 'checkpoint.remove', name: 'vm1' },
      { ...bhyve, detail: { checkpoints: [{ key: 'a' }, { key: 'b' }] } },
      ['cbsd bcheckpoint mode=destroyall jname=vm1'],
    ],
    [{ kind: 'export', name: 'web', compress: 6 }, jail, ['cbsd jexport jname=web compress=6 inter=0']],
    [
      { kind: 'disk.add', name: 'vm1', sizeBytes: 2 * GiB, controller: 'ahci-hd' },
      bhyve,
      ['cbsd bhyve-dsk mode=attach dsk_controller=ahci-hd dsk_path=dsk2.vhd dsk_size=2g jname=vm1'],
    ],
    [
      { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: 20 * GiB },
      bhyve,
      ['cbsd bhyve-dsk mode=modify dsk_controller=virtio-blk dsk_path=dsk1.vhd dsk_size=20g jname=vm1'],
    ],
    [
      { kind: 'disk.remove', name: 'vm1', disk: 'dsk1.vhd' },
      bhyve,
      ['cbsd bhyve-dsk mode=delete dsk_controller=virtio-blk dsk_path=dsk1.vhd jname=vm1'],
    ],
    [
      { kind: 'share.add', name: 'vm1', share: 'docs', path: '/home/docs', readOnly: true },
      bhyve,
      ['cbsd bhyve-p9shares mode=attach jname=vm1 p9device=docs p9path=/home/docs ro=1'],
    ],
    [
      { kind: 'share.remove', name: 'vm1', share: 'docs' },
      { ...bhyve, detail: { shares: [{ key: 'docs', path: '/home/docs', readOnly: true }] } },
      ['cbsd bhyve-p9shares mode=detach jname=vm1 p9device=docs'],
    ],
    [
      { kind: 'forward.add', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 },
      jail,
      ['cbsd expose mode=add jname=web in=8080 out=80 proto=tcp'],
    ],
    [
      { kind: 'forward.remove', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 },
      { ...jail, detail: { forwards: [{ key: 'tcp/8080', proto: 'tcp', hostPort: 8080, guestPort: 80 }] } },
      ['cbsd expose mode=delete jname=web in=8080 out=80 proto=tcp'],
    ],
    [
      { kind: 'limits', name: 'web', limits: { pcpu: '50', memoryuse: '' } },
      runningJail,
      ['cbsd jrctl mode=unset jname=web', 'cbsd jrctl mode=set jname=web pcpu=50 memoryuse=0'],
    ],
    [
      { kind: 'media.attach', name: 'vm1', medium: 'iso-tiny.iso' },
      bhyve,
      [
        'cbsd media mode=attach name=iso-tiny.iso path=/usr/jails/src/iso/cbsd-iso-tiny.iso type=iso jname=vm1',
        'cbsd bset jname=vm1 vm_iso_path=iso-tiny.iso',
      ],
    ],
    [
      { kind: 'migrate', name: 'web', node: 'node2.my.domain', live: false },
      runningJail,
      ['ALWAYS_YES=1 cbsd jcoldmigrate jname=web node=node2.my.domain start=1'],
    ],
    [
      { kind: 'migrate', name: 'vm1', node: 'node2.my.domain', live: true },
      runningVm,
      ['ALWAYS_YES=1 cbsd bmigrate jname=vm1 node=node2.my.domain'],
    ],
    [
      { kind: 'base.fetch', platform: 'FreeBSD', version: '14.2', arch: 'amd64' },
      {},
      ['cbsd repo action=get sources=base ver=14.2 arch=amd64 stable=0 inter=0'],
    ],
    [
      { kind: 'base.remove', platform: 'FreeBSD', version: '14.1', arch: 'amd64' },
      { guests: [] },
      ['cbsd removebase ver=14.1 arch=amd64 stable=0'],
    ],
    [
      { kind: 'media.fetch', profile: 'linux/cloud-Debian-x86-12', cloud: true },
      {},
      ['cbsd fetch_iso name=cloud-Debian-x86-12 dstdir=default cloud=1 conv2zvol=1'],
    ],
    [
      { kind: 'media.remove', medium: 'iso-tiny.iso' },
      {},
      ['cbsd media mode=delete name=iso-tiny.iso path=/usr/jails/src/iso/cbsd-iso-tiny.iso type=iso'],
    ],
    [
      { kind: 'debris.remove', debris: 'half' },
      {},
      ['rm -rf -- /usr/jails/jails-system/half /usr/jails/jails-data/half-data /usr/jails/vm/half /usr/jails/jails-fstab/fstab.half'],
    ],
  ])('%j', async (op, given, expected) => expect(await lines(op, given)).toEqual(expected))
})

describe('who runs it', () => {
  const start: Operation = { kind: 'start', name: 'web' }
  test.each<[Given, string[]]>([
    [{}, ['env', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ cbsdWorkdir: '/zroot/jails' }, ['env', 'NOINTER=1', 'NOCOLOR=1', 'workdir=/zroot/jails', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ become: 'sudo' }, ['sudo', '-n', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ become: 'doas' }, ['env', 'NOINTER=1', 'NOCOLOR=1', 'doas', '-n', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
  ])('%j', async (given, argv) => expect((await plan(start, given)).steps[0]).toMatchObject({ argv }))
  test('CBSD 15 is asked by the name alone when it takes the key for a part of it, and older ones never are', async () => {
    const start = async (version: string, more: object = {}) => {
      const [step] = (
        await plan(
          { kind: 'start', name: 'vm1', ...more },
          { ...bhyve, node: { version }, become: 'sudo', detail: { checkpoints: [{ key: 'noon' }] } },
        )
      ).steps
      return step && 'argv' in step ? step.otherwise : undefined
    }
    expect(await start('14.1.3a')).toBeUndefined()
    expect(await start('15.0.9', { checkpoint: 'noon' })).toBeUndefined()
    expect(await start('15.0.9')).toEqual({
      said: expect.arrayContaining(['No such domain: jname=vm1']),
      argv: ['sudo', '-n', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'bstart', 'vm1'],
    })
  })
  test('removing folders is done by the same', async () => {
    const made = await plan({ kind: 'debris.remove', debris: 'half' }, { become: 'sudo' })
    expect(made.steps[0]).toMatchObject({ argv: expect.arrayContaining(['sudo', '-n', 'rm', '-rf', '--', '/usr/jails/jails-system/half']) })
  })
})

describe('what decides', () => {
  test('never the exit code of a removal: it is 0 also when nothing was removed', async () => {
    expect((await plan({ kind: 'remove', name: 'web', disks: true })).expect).toEqual({ kind: 'absent', name: 'web' })
  })
  test('settings are read back, except what CBSD replaces and what nobody may see', async () => {
    const made = await plan({ kind: 'set', name: 'vm1', settings: { vm_boot: 'cd', ip4_addr: 'DHCP', vnc_password: 'geheim1' } }, runningVm)
    const entry = { kind: 'detail', name: 'vm1', list: 'settings', present: true }
    expect(made.expect).toMatchObject({
      of: [{ kind: 'guest' }, { ...entry, key: 'vm_boot', value: 'cd' }, { ...entry, key: 'ip4_addr' }, { ...entry, key: 'vnc_password' }],
    })
    expect(JSON.stringify(made.expect)).not.toContain('geheim1')
    expect(made.steps[0]).toMatchObject({ secrets: ['geheim1'] })
    expect(made.warnings).toEqual(['Takes effect at its next start: vm_boot, vnc_password.'])
  })
  test('a rollback: newer snapshots are gone, and that is said before', async () => {
    const made = await plan({ kind: 'snapshot.restore', name: 'vm1', snapshot: 's1' }, { ...bhyve, snapshots })
    expect(made.expect).toMatchObject({ of: [{}, { snapshot: 's1', present: true }, { snapshot: 's2', present: false }] })
    expect(made.warnings.join(' ')).toMatch(/destroyed: s2\..*Only its first disk \(dsk1\.vhd\)/)
  })
  test('a start is long, shows progress, is taken back when cancelled and explains a failure', async () => {
    const [start] = (await plan({ kind: 'start', name: 'vm1' }, bhyve)).steps
    expect(start).toMatchObject({ progress: 'percent', timeoutMs: 6 * 3_600_000 })
    expect(start?.undo?.join(' ')).toContain('bstop jname=vm1 noacpi=1')
    expect(start?.explain).toContain('/usr/jails/jails-system/vm1/bhyve.log')
  })
  test.each([
    ['geheim1\n', ['geheim1']],
    ['cbsd\n', undefined],
  ])('the password of a screen, %j, is masked where CBSD prints it', async (said, secrets) => {
    const asked = ['env', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'bget', 'mode=quiet', 'jname=vm1', 'vnc_password']
    const says = (argv: readonly string[]) => (argv.join(' ') === asked.join(' ') ? said : undefined)
    expect((await plan({ kind: 'start', name: 'vm1' }, { ...bhyve, says })).steps[0]?.secrets).toEqual(secrets)
    expect((await plan({ kind: 'restart', name: 'vm1' }, { ...runningVm, says })).steps[0]?.secrets).toEqual(secrets)
  })
  test('taking limits away and setting one that fails puts back those that were', async () => {
    const made = await plan(
      { kind: 'limits', name: 'web', limits: { pcpu: '50' } },
      { ...runningJail, detail: { limits: [{ key: 'pcpu', value: '20' }] } },
    )
    expect(made.steps[0]?.undo?.join(' ')).toContain('jrctl mode=set jname=web pcpu=20')
  })
})

describe('refusals', () => {
  test.each<[string, Operation, Given, object]>([
    ['a guest that is not here', { kind: 'start', name: 'nobody' }, {}, { code: 'not-found' }],
    [
      'protected',
      { kind: 'remove', name: 'web', disks: true },
      { guests: [aJail('web', 'stopped', {}, { protected: true })] },
      { code: 'refused', message: expect.stringContaining('protected') },
    ],
    ['keeping disks', { kind: 'remove', name: 'web', disks: false }, {}, { code: 'refused', field: 'operation.disks' }],
    ['removing what runs', { kind: 'remove', name: 'web', disks: true }, runningJail, { code: 'refused' }],
    ['a copy of another node', { kind: 'start', name: 'web' }, { guests: [aJail('web', 'stopped', { status: 2 })] }, { code: 'refused' }],
    ['maintenance', { kind: 'start', name: 'web' }, { guests: [aJail('web', 'stopped', { status: '3' })] }, { code: 'refused' }],
    [
      'pausing a jail',
      { kind: 'pause', name: 'web' },
      runningJail,
      { code: 'refused', message: 'CBSD cannot pause jails: only bhyve VMs' },
    ],
    ['pausing QEMU', { kind: 'pause', name: 'vm1' }, runningQemu, { code: 'refused' }],
    ['cloning QEMU', { kind: 'clone', name: 'vm1', newName: 'x' }, { guests: [aVm('vm1', 'qemu')] }, { code: 'refused' }],
    [
      'snapshots without ZFS',
      { kind: 'snapshot.create', name: 'web', snapshot: 's' },
      { ...jail, node: { zfs: false } },
      { code: 'refused', message: expect.stringContaining('ZFS') },
    ],
    [
      'rollback of what runs',
      { kind: 'snapshot.restore', name: 'web', snapshot: 's1' },
      { ...runningJail, snapshots },
      { code: 'refused' },
    ],
    [
      'growing without ZFS',
      { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: 20 * GiB },
      { ...bhyve, node: { zfs: false } },
      { code: 'refused' },
    ],
    [
      'shrinking',
      { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: GiB },
      bhyve,
      { code: 'invalid', field: 'operation.sizeBytes' },
    ],
    [
      'limits without RACCT',
      { kind: 'limits', name: 'web', limits: { pcpu: '5' } },
      { ...jail, node: { racct: false } },
      { code: 'refused', message: expect.stringContaining('kern.racct.enable') },
    ],
    ['an unknown limit', { kind: 'limits', name: 'web', limits: { path: '5' } }, jail, { code: 'invalid', field: 'operation.limits.path' }],
    [
      'a setting that runs commands',
      { kind: 'set', name: 'web', settings: { exec_master_prestart: 'id' } },
      jail,
      { code: 'invalid', field: 'operation.settings.exec_master_prestart' },
    ],
    [
      'a setting that needs a stop',
      { kind: 'set', name: 'web', settings: { vnet: '1' } },
      runningJail,
      { code: 'refused', field: 'operation.settings.vnet' },
    ],
    ['processors of a jail', { kind: 'set', name: 'web', cpus: 2 }, jail, { code: 'refused' }],
    [
      'memory that is no whole MiB',
      { kind: 'set', name: 'vm1', memoryBytes: 100 * MiB + 1 },
      bhyve,
      { code: 'invalid', field: 'operation.memoryBytes' },
    ],
    ['nothing', { kind: 'set', name: 'web' }, jail, { code: 'invalid' }],
    ['exporting a VM that runs', { kind: 'export', name: 'vm1', compress: 0 }, runningVm, { code: 'refused' }],
    [
      'importing what is no archive',
      { kind: 'import', path: '/etc/passwd', newName: 'x' },
      {},
      { code: 'not-found', field: 'operation.path' },
    ],
    ['moving a jail live', { kind: 'migrate', name: 'web', node: 'node2.my.domain', live: true }, runningJail, { code: 'refused' }],
    ['moving to nobody', { kind: 'migrate', name: 'web', node: 'nix', live: false }, runningJail, { code: 'not-found' }],
    [
      'removing a base in use',
      { kind: 'base.remove', platform: 'FreeBSD', version: '14.1', arch: 'amd64' },
      jail,
      { code: 'refused', message: 'The jail web stands on it' },
    ],
    [
      'a file of the system as a medium',
      { kind: 'media.add', medium: 'a.iso', path: '/etc/shadow' },
      {},
      { code: 'refused', field: 'operation.path' },
    ],
    ['debris that is a guest', { kind: 'debris.remove', debris: 'half' }, { guests: [aJail('half')] }, { code: 'refused' }],
    [
      'debris elsewhere',
      { kind: 'debris.remove', debris: 'half' },
      { host: { debris: [{ key: 'half', path: '/etc/half' }] } },
      { code: 'refused' },
    ],
    [
      'what was unregistered is no debris',
      { kind: 'debris.remove', debris: 'half' },
      { files: { '/usr/jails/jails-system/half/rc.conf_half': '' } },
      { code: 'refused', message: expect.stringContaining('jregister') },
    ],
    [
      'a forward without an address',
      { kind: 'forward.add', name: 'web', proto: 'tcp', hostPort: 1, guestPort: 1 },
      { guests: [aJail('web', 'stopped', {}, { addresses: [] })] },
      { code: 'refused' },
    ],
    [
      'a medium in use',
      { kind: 'media.remove', medium: 'i' },
      { host: { media: [{ key: 'i', path: '/i', kind: 'iso', attachedTo: 'vm1' }] } },
      { code: 'refused' },
    ],
  ])('%s', async (_, op, given, error) => {
    await expect(plan(op, given)).rejects.toMatchObject(error)
  })
})
