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

/** What jails may emulate beyond what VMs may be. */
export type GuestArch = Arch | 'armv7' | 'ppc64' | 'mips64'

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
  arch?: GuestArch
  accel?: Acceleration
  cpus: number
  memoryBytes: number
  /** Nothing limits its memory but the host's own, which is what `memoryBytes` says. */
  memoryUnlimited?: boolean
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
  /** A VM's guest agent answers now. */
  agent?: boolean
  /** What runs it, where one engine has several: "jail", "Linux jail", "bhyve", "QEMU", "Xen", "VirtualBox". */
  emulator?: string
  /** Its engine refuses to remove it. */
  protected?: boolean
  /** Left out of the engine's own lists unless asked for. */
  hidden?: boolean
  /** Its place when the host starts its guests: lower first. */
  order?: number
  /** When the host last said anything about it, ms since 1970. Only while nobody knows how it is. */
  lastSeenAt?: number
  /** Something a person should know, in words: why it crashed, what is missing. */
  warning?: string
}

/** The console that is shown when `asked` is: else the first that it has, in the order of use: a container's shell, a VM's serial port. */
export function consoleShown({ type, consoles }: Pick<Guest, 'type' | 'consoles'>, asked?: string | null): ConsoleKind | undefined {
  const order: ConsoleKind[] = type === 'vm' ? ['serial', 'vnc', 'shell'] : ['shell', 'serial', 'vnc']
  return consoles.find((each) => each === asked) ?? order.find((kind) => consoles.includes(kind))
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
/** A value of the engine's own that can be seen, and perhaps set. */
export type GuestSetting = {
  /** The engine's own name for it. */
  key: string
  value: string
  /** When a change takes effect: at once, at the next start, or it cannot be changed here. */
  applies: 'live' | 'next-start' | 'never'
  /** A change needs the guest to be stopped. */
  needsStop?: boolean
  /** What it takes; absent: one line of text. */
  type?: 'boolean' | 'number' | { options: string[] }
  /** What it means, in a few words. */
  about?: string
  /** What single values mean, in words: "0" is often "all" or "none". */
  named?: Record<string, string>
}
/** A port of the host that leads to one of the guest. `key`: proto/hostPort. */
export type Forward = { key: string; proto: 'tcp' | 'udp'; hostPort: number; guestPort: number }
/** A folder of the host that the guest sees. `key`: the name under which it sees it. */
export type Share = { key: string; path: string; readOnly: boolean }
/** A limit of what a guest may use, by the engine's own name. `used` where it is known now. */
export type Limit = { key: string; value: string; used?: string; about?: string }
/** A CD or disk in a drive. `key`: its name in the list of media. */
export type Medium = { key: string; path: string; kind: 'iso' | 'hdd'; sizeBytes?: number; attachedTo?: string }

export type Nic = { target?: string; mac: string; network?: string; model?: string; addresses: string[] }

/** Everything the guest page shows beyond the list. `config` is the engine's own text, read-only. */
export type GuestDetail = {
  guest: Guest
  disks: Disk[]
  nics: Nic[]
  /** How it is on the network where it has no card of its own. */
  nicsNote?: string
  /** Further facts, label to value, in the order to show: firmware, machine, process, image. */
  facts: [label: string, value: string][]
  /** The following are absent where the engine has no such thing. `key`s are unique in each list. */
  settings?: GuestSetting[]
  forwards?: Forward[]
  shares?: Share[]
  limits?: Limit[]
  checkpoints?: { key: string }[]
  media?: Medium[]
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
