import { type Arch, arches, type ConsoleKind, type Guest, type GuestArch, type GuestState, guestId } from '@/server/model/guest'
import { parseSize } from '@/server/model/size'
import type { Alive } from './alive'
import { emulators } from './guest-rules'
import { flag, instant, integer, text } from './row'
import { type Found, type Hypervisor, hypervisors, type Jail, type Node, type Row } from './types'

/** What one guest's rows and the system say, before it is a guest. */
export type Parts = {
  row: Row
  settings?: Row
  /** The sizes in its table of disks, as they stand there. */
  disks: number[]
  /** Limits by their names. */
  limits: Row
}

const archNames: Record<string, GuestArch> = {
  amd64: 'x86_64',
  x86_64: 'x86_64',
  i386: 'i686',
  i686: 'i686',
  arm64: 'aarch64',
  aarch64: 'aarch64',
  arm: 'armv7',
  armv6: 'armv7',
  armv7: 'armv7',
  riscv: 'riscv64',
  riscv64: 'riscv64',
  powerpc64: 'ppc64',
  ppc64: 'ppc64',
  mips64: 'mips64',
}

/** FreeBSD's and QEMU's words for an instruction set. */
export const archOf = (word: string | undefined): GuestArch | undefined => archNames[word?.toLowerCase() ?? '']
export const hostArch = (node: Node): Arch | undefined => arches.find((each) => each === archOf(text(node.local, 'hostarch')))

/** "10.0.0.1/24,em0#10.0.0.2" → the addresses alone. Words such as DHCP are none. */
export const addressesOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(/[,\s]+/)
    .map((each) => each.replace(/^.*[#|]/, '').replace(/\/\d+$/, ''))
    .filter((each) => /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)$/i.test(each))

const tagsOf = (row: Row): string[] => (text(row, 'tags') ?? '').split(/[\s,]+/).filter((tag) => tag !== '')

/** "cloud-Debian-x86-12" → "Debian x86 12". */
export const osWords = (profile: string | undefined): string | undefined => profile?.replace(/^cloud-/, '').replaceAll('-', ' ')

function flavourOf(row: Row): Jail['flavour'] {
  if (/^qemu-.*-static$/.test(text(row, 'emulator') ?? '')) return 'foreign'
  const version = text(row, 'ver') ?? ''
  // Linux profiles run no rc and have a code name or a bare major number for a version.
  const linux = /^\/(usr\/)?bin\/true$/.test(text(row, 'exec_start') ?? '') || /^(?!native$|empty$)[a-z]/.test(version)
  return linux ? 'Linux' : 'FreeBSD'
}

function jailOs(row: Row, flavour: Jail['flavour'], node: Node): string | undefined {
  const version = text(row, 'ver')
  if (version === 'empty') return undefined
  if (flavour === 'Linux') return version && version !== 'native' ? `Linux ${version}` : 'Linux'
  const own = version === undefined || version === 'native' ? text(node.local, 'osrelease')?.replace(/-.*$/, '') : version
  return own ? `FreeBSD ${own}` : 'FreeBSD'
}

/** What CBSD's words about a guest mean beside whether it is alive. */
function standing(row: Row, settings: Row, alive: boolean): { state: GuestState; warning?: string } {
  const status = integer(row, 'status')
  const maintenance = text(settings, 'maintenance') ?? text(row, 'maintenance')
  if (maintenance && /^stopping/i.test(maintenance)) return { state: alive ? 'stopping' : 'stopped' }
  const state = alive ? 'running' : 'stopped'
  if (status === 2) {
    const master = text(row, 'masterhost')
    return { state, warning: `A copy: its master is ${master ?? 'another node'}. CBSD does not start it` }
  }
  if (status === 3 || maintenance)
    return {
      state,
      warning: `Under maintenance${maintenance && maintenance !== '1' ? `: ${maintenance}` : ''}. CBSD does not start it`,
    }
  if (status === 1 && !alive) return { state, warning: 'It ended by itself: CBSD still takes it for running' }
  return { state }
}

/** How many processors "0-3,6" names; undefined for none. */
function countSet(list: string | undefined): number | undefined {
  if (!list || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return undefined
  return list.split(',').reduce((sum, part) => {
    const [from = 0, to = from] = part.split('-').map(Number)
    return sum + Math.max(0, to - from + 1)
  }, 0)
}

const common = (host: string, name: string, parts: Parts) => {
  const own = parts.settings ?? {}
  return {
    id: guestId(host, 'cbsd', name),
    host,
    engine: 'cbsd' as const,
    name,
    autostart: flag(own, 'astart') || (own.astart === undefined && flag(parts.row, 'astart')),
    persistent: true,
    protected: flag(parts.row, 'protected') || flag(own, 'protected') || undefined,
    hidden: flag(parts.row, 'hidden') || flag(own, 'hidden') || undefined,
    order: integer(parts.row, 'b_order'),
    tags: [...new Set([...tagsOf(parts.row), ...tagsOf(own)])],
  }
}

function vmConsoles(engine: Hypervisor, settings: Row): ConsoleKind[] {
  if (engine !== 'bhyve' && engine !== 'qemu') return []
  // vm_vnc_port 1: no screen at all.
  return integer(settings, 'vm_vnc_port') === 1 ? ['serial'] : ['serial', 'vnc']
}

/** The process of a VM whose process we may not see, as CBSD noted it; 0 when it does not run. */
function hiddenId({ hidden }: Alive, engine: Hypervisor, name: string, row: Row): number {
  if (!hidden) return 0
  // The kernel names bhyves; of others only CBSD's last look is known.
  const runs = engine === 'bhyve' ? hidden.has(name) : integer(row, 'status') === 1
  return runs ? Math.max(1, integer(row, 'jid') ?? 1) : 0
}

function vmOf(
  engine: Hypervisor,
  node: Node,
  host: string,
  name: string,
  parts: Parts,
  lives: Alive,
  since: (pid: number, age: number) => number,
): Found {
  const { row, settings = {}, disks } = parts
  const machine = lives.machine(name, engine)
  const shared = common(host, name, parts)
  const alive = machine?.pid ?? hiddenId(lives, engine, name, row)
  const { state, warning } = standing(row, settings, alive > 0)
  const accel = text(settings, 'machine_accel')
  const arch = engine === 'qemu' ? archOf(text(settings, 'arch')) : undefined
  const guest: Guest = {
    ...shared,
    identity: text(settings, 'uuid'),
    type: 'vm',
    emulator: emulators[engine],
    state: machine?.held ? 'paused' : state,
    os: osWords(text(settings, 'vm_os_profile')),
    arch: arch ?? hostArch(node),
    accel: accel === 'kvm' || accel === 'tcg' ? accel : undefined,
    cpus: Math.max(1, integer(settings, 'vm_cpus') ?? 1),
    memoryBytes: Math.max(0, integer(settings, 'vm_ram') ?? 0),
    diskBytes: disks.length > 0 ? disks.reduce((sum, each) => sum + each, 0) : undefined,
    addresses: addressesOf(text(settings, 'ip4_addr') ?? text(row, 'ip4_addr')),
    startedAt: machine ? since(machine.pid, machine.age) : undefined,
    consoles: vmConsoles(engine, settings),
    warning: parts.settings ? warning : 'Its own database cannot be read: its size is not known',
  }
  return { kind: 'vm', engine, name, row, settings, alive, guest }
}

function jailOf(node: Node, host: string, name: string, parts: Parts, alive: Alive): Found {
  const { row, limits } = parts
  // jail(8) may know it by another name.
  const jid = alive.jails.get(text(row, 'name') ?? name) ?? alive.jails.get(name) ?? 0
  const flavour = flavourOf(row)
  const shared = common(host, name, parts)
  const { state, warning } = standing(row, {}, jid > 0)
  const memory = text(limits, 'memoryuse') ?? text(limits, 'vmemoryuse')
  const size = text(limits, 'fsquota')
  const guest: Guest = {
    ...shared,
    type: 'jail',
    emulator: flavour === 'Linux' ? 'Linux jail' : 'jail',
    state,
    os: jailOs(row, flavour, node),
    arch:
      flavour === 'foreign'
        ? archOf(/^qemu-(.*)-static$/.exec(text(row, 'emulator') ?? '')?.[1])
        : (archOf(text(row, 'arch')) ?? hostArch(node)),
    accel: flavour === 'foreign' ? 'tcg' : 'native',
    // A jail without a set of processors or a limit has what the host has.
    cpus: countSet(text(row, 'cpuset')) ?? Math.max(1, integer(node.local, 'ncpu') ?? 1),
    memoryBytes: (memory ? parseSize(memory) : null) ?? Math.max(0, integer(node.local, 'physmem') ?? 0),
    memoryUnlimited: memory ? undefined : true,
    diskBytes: (size ? parseSize(size) : null) ?? undefined,
    addresses: addressesOf(text(row, 'ip4_addr')),
    startedAt: jid > 0 ? instant(row, 'state_time') : undefined,
    consoles: ['shell'],
    warning,
  }
  return { kind: 'jail', flavour, name, row, alive: jid, guest }
}

/** A guest out of its rows, or null for what no engine here knows: its emulator's word is new. */
export function toFound(
  node: Node,
  host: string,
  name: string,
  parts: Parts,
  alive: Alive,
  /** When a process began, ms since 1970, the same at every reading. */
  since: (pid: number, age: number) => number,
): Found | null {
  const emulator = text(parts.row, 'emulator') ?? 'jail'
  if (emulator === 'jail' || /^qemu-.*-static$/.test(emulator)) return jailOf(node, host, name, parts, alive)
  const engine = hypervisors.find((each) => each === emulator)
  return engine ? vmOf(engine, node, host, name, parts, alive, since) : null
}
