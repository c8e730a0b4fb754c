/** A guest: a VM, a jail or a container, as an engine on a host reports it. */

export const engineKinds = ['libvirt', 'incus', 'cbsd'] as const
export type EngineKind = (typeof engineKinds)[number]

export const guestTypes = ['vm', 'jail', 'container'] as const
export type GuestType = (typeof guestTypes)[number]

export const guestStates = ['running', 'stopped', 'paused', 'starting', 'stopping', 'crashed', 'unknown'] as const
export type GuestState = (typeof guestStates)[number]

export const consoleKinds = ['serial', 'shell', 'vnc'] as const
export type ConsoleKind = (typeof consoleKinds)[number]

export const arches = ['x86_64', 'aarch64', 'riscv64', 'i686'] as const
export type Arch = (typeof arches)[number]

/** `kvm`: hardware; `tcg`: emulated by QEMU; `native`: shares the host's kernel (containers, jails). */
export type Acceleration = 'kvm' | 'tcg' | 'native'

export type Guest = {
  id: string // host~engine~name
  host: string
  engine: EngineKind
  name: string
  /** The engine's own lasting name for it (a UUID), which a new guest of the same name does not share. */
  identity?: string
  type: GuestType
  state: GuestState
  /** What it runs, in words: "Debian 12", "Tiny Linux". Absent when the engine cannot tell. */
  os?: string
  arch?: Arch
  accel?: Acceleration
  cpus: number
  memoryBytes: number
  diskBytes?: number
  addresses: string[]
  /** The account that was asked for when it was made. */
  user?: string
  autostart: boolean
  /** False for a libvirt domain that vanishes when it stops. */
  persistent: boolean
  /** When it was started, ms since 1970. Absent when stopped or when the engine cannot tell. */
  startedAt?: number
  tags: string[]
  /** The consoles that exist for this guest, whether or not it runs now. */
  consoles: ConsoleKind[]
  snapshotCount?: number
  /** Something a person should know, in words: why it crashed, what is missing. */
  warning?: string
}

export type Disk = {
  target: string
  path: string
  sizeBytes?: number
  usedBytes?: number
  format?: string
  bus?: string
  readOnly: boolean
}
export type Nic = { target?: string; mac: string; network?: string; model?: string; addresses: string[] }

/** Everything the guest page shows beyond the list. `config` is the engine's own text, read-only. */
export type GuestDetail = {
  guest: Guest
  disks: Disk[]
  nics: Nic[]
  /** Further facts, label to value, in the order to show: firmware, machine, process, image. */
  facts: [label: string, value: string][]
  config: { language: 'xml' | 'yaml' | 'text'; text: string }
}

export type Snapshot = {
  name: string
  createdAt?: number
  state?: string
  current: boolean
  parent?: string
  memory: boolean
  description?: string
}

export const guestId = (host: string, engine: EngineKind, name: string): string => `${host}~${engine}~${name}`

export type GuestRef = { host: string; engine: EngineKind; name: string }

/** The parts of a guest id, or null when it is not one. Names may hold `~`; hosts may not. */
export function parseGuestId(id: string): GuestRef | null {
  const [host, engine, ...rest] = id.split('~')
  const kind = engineKinds.find((k) => k === engine)
  const name = rest.join('~')
  return host && kind && name ? { host, engine: kind, name } : null
}
