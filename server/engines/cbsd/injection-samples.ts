import type { Operation, OperationKind } from '@/server/model/operation'
import { GiB } from '@/server/model/size'
import { type FieldKey, fields } from './fields'
import { aJail, aVm, type Given } from './fixture-known'

/** An operation that passes, on a host where it does: what the injection test then spoils, field by field. */
export type Sample = { op: Operation; given?: Given }

const stopped = { guests: [aJail('web'), aVm('vm1'), aVm('vm2', 'qemu')] }
const running = { guests: [aJail('web', 'running'), aVm('vm1', 'bhyve', 'running'), aVm('vm2', 'qemu', 'running')] }
const checkpoints = { detail: { checkpoints: [{ key: 'noon' }] } }
const snapshots = [
  { name: 's1', createdAt: 1, current: false, memory: false },
  { name: 's2', createdAt: 2, current: false, memory: false },
]
const forwards = { detail: { forwards: [{ key: 'tcp/8080', proto: 'tcp' as const, hostPort: 8080, guestPort: 80 }] } }
const shares = { detail: { shares: [{ key: 'docs', path: '/srv/docs', readOnly: true }] } }
const attached = (workdir: string): Given => ({
  ...stopped,
  host: { media: [{ key: 'iso-tiny.iso', path: `${workdir}/src/iso/tiny.iso`, kind: 'iso', attachedTo: 'vm1' }] },
})

/** Every setting that there is a rule for, as if each could be changed: what a person may name reaches the rules. */
const anySetting = (name: string, given: Given): Sample => ({
  op: { kind: 'set', name, settings: { tags: 'a' } },
  given: { ...given, detail: { settings: Object.keys(fields).map((key) => ({ key, value: '', applies: 'live' })) } },
})

const jail = {
  ...{ type: 'jail' as const, name: 'new1', profile: 'default', release: '14.1', hostName: 'new1.example.org', vnet: true },
  ...{ address: '10.0.0.5/24', gateway: '10.0.0.1', network: 'auto', ownBase: false, packages: ['nginx'], autostart: true },
  ...{ sshKeys: ['ssh-ed25519 AAAA anna'], cpuPercent: 50, memoryBytes: GiB, diskBytes: GiB, start: false },
}
const vm = {
  ...{ type: 'vm' as const, name: 'new2', image: null, iso: null, arch: 'x86_64' as const, cpus: 1, memoryBytes: GiB, diskBytes: 8 * GiB },
  ...{ network: 'auto', autostart: false, start: false, access: null },
}
const account = { user: 'anna', password: 'geheim', sshKeys: ['ssh-ed25519 AAAA anna', 'ssh-rsa BBBB'] }
const cloud = { ...vm, profile: 'linux/cloud-Debian-x86-12', access: account, address: '10.0.0.5/24', gateway: '10.0.0.1' }

/** At least one for each kind of operation; `workdir` is the host's. A new kind does not compile without one. */
export const samples = (workdir: string): { [K in OperationKind]: Sample[] } => ({
  start: [
    { op: { kind: 'start', name: 'web' }, given: stopped },
    { op: { kind: 'start', name: 'vm1', checkpoint: 'noon' }, given: { ...stopped, ...checkpoints } },
  ],
  stop: [
    { op: { kind: 'stop', name: 'web' }, given: running },
    { op: { kind: 'stop', name: 'vm1' }, given: running },
  ],
  kill: [{ op: { kind: 'kill', name: 'vm2' }, given: running }],
  restart: [
    { op: { kind: 'restart', name: 'web' }, given: running },
    { op: { kind: 'restart', name: 'vm2' }, given: running },
  ],
  pause: [{ op: { kind: 'pause', name: 'vm1' }, given: running }],
  resume: [{ op: { kind: 'resume', name: 'vm1' }, given: running }],
  create: [
    { op: { kind: 'create', spec: jail }, given: stopped },
    { op: { kind: 'create', spec: { ...jail, packages: [], emulate: 'riscv64' } }, given: stopped },
    { op: { kind: 'create', spec: { ...vm, profile: 'linux/TinyCore-x86-15', hypervisor: 'qemu' } }, given: stopped },
    { op: { kind: 'create', spec: cloud }, given: stopped },
    { op: { kind: 'create', spec: { ...cloud, flavour: 'small1' } }, given: stopped },
  ],
  rename: [{ op: { kind: 'rename', name: 'web', newName: 'shop' }, given: stopped }],
  clone: [
    { op: { kind: 'clone', name: 'web', newName: 'shop' }, given: stopped },
    { op: { kind: 'clone', name: 'vm1', newName: 'shop' }, given: stopped },
  ],
  remove: [{ op: { kind: 'remove', name: 'web', disks: true }, given: stopped }],
  set: [
    {
      op: { kind: 'set', name: 'vm1', cpus: 1, memoryBytes: GiB, autostart: true, protected: true, hidden: true, order: 1 },
      given: stopped,
    },
    anySetting('web', stopped),
    anySetting('vm1', stopped),
    anySetting('vm2', stopped),
  ],
  'snapshot.create': [{ op: { kind: 'snapshot.create', name: 'web', snapshot: 's9' }, given: { ...stopped, snapshots } }],
  'snapshot.restore': [{ op: { kind: 'snapshot.restore', name: 'vm1', snapshot: 's1' }, given: { ...stopped, snapshots } }],
  'snapshot.remove': [{ op: { kind: 'snapshot.remove', name: 'web', snapshot: 's1' }, given: { ...stopped, snapshots } }],
  export: [{ op: { kind: 'export', name: 'web', compress: 0 }, given: stopped }],
  'disk.add': [{ op: { kind: 'disk.add', name: 'vm1', sizeBytes: GiB, controller: 'virtio-blk' }, given: stopped }],
  'disk.grow': [{ op: { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: 20 * GiB }, given: stopped }],
  'disk.remove': [{ op: { kind: 'disk.remove', name: 'vm1', disk: 'dsk1.vhd' }, given: stopped }],
  'share.add': [{ op: { kind: 'share.add', name: 'vm1', share: 'docs', path: '/srv/docs', readOnly: true }, given: stopped }],
  'share.remove': [{ op: { kind: 'share.remove', name: 'vm1', share: 'docs' }, given: { ...stopped, ...shares } }],
  'forward.add': [{ op: { kind: 'forward.add', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 }, given: stopped }],
  'forward.remove': [
    { op: { kind: 'forward.remove', name: 'web', proto: 'tcp', hostPort: 8080, guestPort: 80 }, given: { ...stopped, ...forwards } },
  ],
  limits: [{ op: { kind: 'limits', name: 'web', limits: { pcpu: '5' } }, given: running }],
  'checkpoint.create': [{ op: { kind: 'checkpoint.create', name: 'vm1', checkpoint: 'noon' }, given: running }],
  'checkpoint.remove': [{ op: { kind: 'checkpoint.remove', name: 'vm1' }, given: { ...stopped, ...checkpoints } }],
  'media.attach': [{ op: { kind: 'media.attach', name: 'vm1', medium: 'iso-tiny.iso' }, given: stopped }],
  'media.eject': [{ op: { kind: 'media.eject', name: 'vm1', medium: 'iso-tiny.iso' }, given: attached(workdir) }],
  migrate: [
    { op: { kind: 'migrate', name: 'web', node: 'node2.my.domain', live: false }, given: running },
    { op: { kind: 'migrate', name: 'vm1', node: 'node2.my.domain', live: true }, given: running },
  ],
  import: [{ op: { kind: 'import', path: `${workdir}/export/old.img`, newName: 'back' }, given: stopped }],
  'base.fetch': [{ op: { kind: 'base.fetch', platform: 'FreeBSD', version: '14.2', arch: 'amd64' } }],
  'base.remove': [{ op: { kind: 'base.remove', platform: 'FreeBSD', version: '14.1', arch: 'amd64' }, given: { guests: [] } }],
  'media.fetch': [{ op: { kind: 'media.fetch', profile: 'linux/cloud-Debian-x86-12', cloud: true } }],
  'media.add': [{ op: { kind: 'media.add', medium: 'own.iso', path: `${workdir}/uploads/${'a'.repeat(32)}/data` } }],
  'media.remove': [{ op: { kind: 'media.remove', medium: 'iso-tiny.iso' } }],
  'debris.remove': [{ op: { kind: 'debris.remove', debris: 'half' } }],
  'hook.install': [{ op: { kind: 'hook.install' }, given: { files: { [`${workdir}/nc.inventory`]: 'a="1"\n' } } }],
  'hook.remove': [
    {
      op: { kind: 'hook.remove' },
      given: { files: { [`${workdir}/nc.inventory`]: '# Bailiwick: from here\na="1"\n# Bailiwick: to here\n' } },
    },
  ],
})

/** Keys whose values are given as a record: each of them is a field of its own. */
export const recordKeys: Record<string, FieldKey[]> = {
  settings: Object.keys(fields).filter((key): key is FieldKey => key in fields),
  limits: ['pcpu', 'memoryuse', 'cpu', 'fsquota', 'nice', 'bw', 'openfiles'],
}
