import { describe, expect, test } from 'vitest'
import type { Operation } from '@/server/model/operation'
import type { Plan, Step } from '@/server/model/plan'
import { GiB, MiB } from '@/server/model/size'
import { bhyve, type Given, jail, knownOf, runningJail, runningQemu, runningVm, snapshots } from './fixture-known'
import { planCbsd } from './plan'

const plan = (op: Operation, given?: Given): Promise<Plan> => planCbsd(op, knownOf(given))
/** A step as a person would type it, without what every line of CBSD has. */
const line = (step: Step | undefined): string => (step && 'argv' in step ? step.argv.join(' ').replace('env NOINTER=1 NOCOLOR=1 ', '') : '')
const lines = async (op: Operation, given?: Given) => (await plan(op, given)).steps.map(line)

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
