import { ExecError } from '@/server/exec/error'
import type { Exec } from '@/server/exec/types'
import type { Catalog } from '@/server/model/catalog'
import { aGuest } from '@/server/model/fixture-guest'
import type { Guest, GuestDetail, GuestState, Snapshot } from '@/server/model/guest'
import type { Become, Host } from '@/server/model/host'
import type { EngineHostDetail } from '@/server/model/host-detail'
import type { Argv } from '@/server/model/plan'
import { GiB } from '@/server/model/size'
import { emulators } from './guest-rules'
import type { CbsdHost, Found, Hypervisor, Known, Row } from './types'

/** A host with CBSD as planning sees it, for tests: what was read is given, and nothing can be run. */
export type Given = {
  become?: Become
  workdir?: string
  /** As the host's own setting says it, where it does. */
  cbsdWorkdir?: string
  node?: Partial<CbsdHost['node']>
  guests?: Found[]
  detail?: Partial<GuestDetail>
  snapshots?: Snapshot[]
  catalog?: Partial<NonNullable<Catalog['profiles']>>
  host?: Partial<EngineHostDetail>
  /** Files by their paths. */
  files?: Record<string, string>
  /** What a command prints; others fail. */
  says?: (argv: Argv) => string | undefined
}

const guest = (name: string, state: GuestState, more: Partial<Guest>): Guest =>
  aGuest(name, { host: 'h', engine: 'cbsd', type: 'jail', emulator: 'jail', state, memoryBytes: GiB, addresses: ['10.0.0.7'], ...more })

export function aJail(name: string, state: GuestState = 'stopped', row: Row = {}, more: Partial<Guest> = {}): Found {
  const columns: Row = {
    jname: name,
    host_hostname: `${name}.my.domain`,
    ip4_addr: '10.0.0.7',
    status: state === 'running' ? 1 : 0,
    ver: '14.1',
    arch: 'amd64',
    ...row,
  }
  return { kind: 'jail', flavour: 'FreeBSD', name, row: columns, alive: state === 'running' ? 7 : 0, guest: guest(name, state, more) }
}

export function aVm(name: string, engine: Hypervisor = 'bhyve', state: GuestState = 'stopped', more: Partial<Guest> = {}): Found {
  const row: Row = { jname: name, host_hostname: `${name}.my.domain`, status: state === 'running' ? 1 : 0 }
  const settings: Row = { vm_ram: GiB, vm_cpus: 1, vm_boot: 'hdd', ip4_addr: '10.0.0.7' }
  return {
    kind: 'vm',
    engine,
    name,
    row,
    settings,
    alive: state === 'running' ? 4711 : 0,
    guest: guest(name, state, { type: 'vm', emulator: emulators[engine], ...more }),
  }
}

/** An Exec that has only these files. */
function onlyFiles({ files = {}, says }: Given): Exec {
  const unused = () => {
    throw new Error('planning must not do this')
  }
  return {
    async readFile(path) {
      const text = files[path]
      if (text === undefined) throw new ExecError(`${path} is not there`, { reason: 'exit', argv: ['cat', path] })
      return Buffer.from(text)
    },
    stat: async (path) => (path in files ? { size: 1, mtimeMs: 1, isDirectory: false } : null),
    async read(argv) {
      const said = says?.(argv)
      if (said === undefined) throw new ExecError('it failed', { reason: 'exit', argv })
      return said
    },
    run: unused,
    lines: unused,
    stream: unused,
    pty: unused,
    connect: unused,
    writeFile: unused,
    follow: unused,
    readDir: unused,
    close: unused,
  }
}

const setting = (key: string, value: string, applies: 'live' | 'next-start', needsStop?: true) => ({
  key,
  value,
  applies,
  ...(needsStop && { needsStop }),
})

const settings = [
  setting('ip4_addr', '10.0.0.7', 'live'),
  setting('allow_raw_sockets', '0', 'live'),
  setting('tags', '', 'live'),
  setting('vnet', '0', 'next-start', true),
  setting('host_hostname', 'web.my.domain', 'next-start', true),
  setting('vm_boot', 'hdd', 'next-start'),
  setting('vnc_password', '', 'next-start'),
  setting('cd_vnc_wait', '1', 'next-start'),
]

const vm = (id: string, cloud: boolean, hypervisors: string[], defaultDiskBytes: number, minDiskBytes: number) => ({
  id,
  title: id.split('/')[1] ?? id,
  osType: id.split('/')[0] ?? '',
  cloud,
  hypervisors,
  defaultDiskBytes,
  minDiskBytes,
})

const profiles: NonNullable<Catalog['profiles']> = {
  hypervisors: [
    { id: 'bhyve', title: 'bhyve', allowed: true },
    { id: 'qemu', title: 'QEMU', allowed: true },
  ],
  vm: [
    vm('linux/cloud-Debian-x86-12', true, ['bhyve', 'qemu'], 10 * GiB, 4 * GiB),
    vm('linux/TinyCore-x86-15', false, ['bhyve', 'qemu'], 2 * GiB, GiB),
  ],
  jail: [
    { id: 'default', title: 'FreeBSD', linux: false },
    { id: 'debian_bookworm', title: 'Debian 12', linux: true },
  ],
  releases: [{ version: '14.1', arch: 'amd64', platform: 'FreeBSD', present: true }],
  flavours: [{ id: 'small1', cpus: 1, memoryBytes: GiB, diskBytes: 10 * GiB }],
  jailArches: ['riscv64', 'aarch64'],
  vnet: true,
}

/** What planning knows of such a host. */
export function knownOf(given: Given = {}): Known {
  const workdir = given.workdir ?? '/usr/jails'
  const host: Host = { id: 'h', name: 'h', transport: 'local', libvirtUri: '', cbsdWorkdir: given.cbsdWorkdir }
  const guests = given.guests ?? [aJail('web')]
  const detail = (found: Found): GuestDetail => ({
    guest: found.guest,
    disks: [
      {
        target: 'dsk1.vhd',
        path: `${workdir}/jails-data/${found.name}-data/dsk1.vhd`,
        sizeBytes: 10 * GiB,
        bus: 'virtio-blk',
        readOnly: false,
      },
    ],
    nics: [],
    facts: [],
    settings,
    forwards: [],
    shares: [],
    limits: [],
    checkpoints: [],
    media: [],
    config: { language: 'text', text: '' },
    ...given.detail,
  })
  const iso = `${workdir}/src/iso/cbsd-iso-tiny.iso`
  const hostDetail: EngineHostDetail = {
    facts: [],
    bases: [{ key: 'FreeBSD/14.1/amd64', platform: 'FreeBSD', version: '14.1', arch: 'amd64', present: true }],
    media: [{ key: 'iso-tiny.iso', path: iso, kind: 'iso' }],
    profiles: [],
    tasks: [],
    nodes: [{ key: 'node2.my.domain', address: '10.0.0.2', online: true }],
    archives: [{ key: `${workdir}/export/old.img`, sizeBytes: 1 }],
    debris: [{ key: 'half', path: `${workdir}/jails-system/half` }],
    accounting: true,
    hook: 'off',
    ...given.host,
  }
  return {
    cbsd: {
      host,
      context: { exec: onlyFiles(given), images: () => [], guestsDir: '/g', become: given.become ?? 'none' },
      info: {
        kind: 'cbsd',
        name: 'CBSD',
        version: '14.1.3a',
        details: [],
        guestTypes: {},
        arches: [{ arch: 'x86_64', accel: 'native', why: '' }],
        operations: {},
      },
      node: {
        workdir,
        nodename: 'node1.my.domain',
        version: '14.1.3a',
        platform: 'FreeBSD',
        root: true,
        zfs: true,
        racct: true,
        local: { domain: 'my.domain', physmem: 8 * GiB },
        ...given.node,
      },
    },
    guests,
    async detail(name) {
      const found = guests.find((each) => each.name === name)
      if (!found) throw new Error(`no ${name}`)
      return detail(found)
    },
    snapshots: async () => given.snapshots ?? [],
    catalog: async () => ({
      images: [],
      networks: [{ name: 'auto', title: 'The uplink', isDefault: true, active: true }],
      pools: [],
      limits: { cpus: 8, memoryBytes: 16 * GiB },
      profiles: { ...profiles, ...given.catalog },
    }),
    hostDetail: async () => hostDetail,
  }
}

/** Hosts with one guest each, for tests. */
export const jail = { guests: [aJail('web')] }
export const runningJail = { guests: [aJail('web', 'running')] }
export const bhyve = { guests: [aVm('vm1')] }
export const runningVm = { guests: [aVm('vm1', 'bhyve', 'running')] }
export const runningQemu = { guests: [aVm('vm1', 'qemu', 'running')] }
export const snapshots = [
  { name: 's1', createdAt: 1, current: false, memory: false },
  { name: 's2', createdAt: 2, current: false, memory: false },
]
