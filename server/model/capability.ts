import type { Acceleration, Arch, EngineKind, GuestState, GuestType } from './guest'
import type { GuestOperation, OperationKind } from './operation'

/** True, or the reason why not in words a person can act on. */
export type Allowed = true | string

/** An instruction set that a VM may have on this host. */
export type ArchSupport = {
  arch: Arch
  /** What a VM of this arch would run on now. */
  accel: Acceleration
  /** Why that one: "KVM booted a kernel on 6.1.0 with QEMU 7.2", "emulated: aarch64 on an x86_64 host, slow". */
  why: string
  /** What a program said about it, for whoever wants to know more. */
  detail?: string
}

/** What an engine refuses for some of its guests only. */
export type GuestRule = {
  operations: GuestOperation['kind'][]
  /** Only guests of these (`Guest.emulator`); absent: all. */
  emulators?: string[]
  /** In every state but these; absent: in all. */
  unless?: GuestState[]
  /** Why, in words. */
  words: string
}

/** What one engine on one host is and can do. */
export type EngineInfo = {
  kind: EngineKind
  /** The program's name as it calls itself: "libvirt", "Incus", "LXD". */
  name: string
  version: string
  /** Further versions worth showing: QEMU, the driver, the storage. */
  details: [label: string, value: string][]
  /** Per guest type: true, or why this engine cannot run it here. */
  guestTypes: Partial<Record<GuestType, Allowed>>
  arches: ArchSupport[]
  /** Per operation: true, or why this engine cannot do it at all. A missing key means true. */
  operations: Partial<Record<OperationKind, Allowed>>
  /** Narrower refusals, by what runs a guest or how it is. */
  rules?: GuestRule[]
  /** What its user lacks on the host, and the command that mends it: it works, but not all of it. */
  missing?: { words: string; remedy: string }
  /** Present when it has no network that a guest's card could be on: why, and the command that makes one. */
  noNetwork?: { words: string; remedy: string }
  /** Whether a guest can be removed without its disks; absent: yes. */
  keepsDisks?: Allowed
  /** Narrower rule for names of new guests, where the engine has one. `pattern`: a regular expression for the whole name. */
  names?: { pattern: string; words: string }
}

/** What is known about an engine kind on a host, whether or not it works. */
export type EngineStatus =
  | { kind: EngineKind; state: 'ready'; info: EngineInfo }
  /** Installed, yet not answering: the cause, and the command that mends it where one is known. */
  | { kind: EngineKind; state: 'broken'; cause: string; remedy?: string }
  | { kind: EngineKind; state: 'absent'; cause: string; remedy?: string }

/** What was seen when a kernel was booted under KVM on this host. */
export type AcceleratorEvidence = {
  kvm: 'boots' | 'fails' | 'absent'
  /** In words: "a kernel booted in 0.9 s", "no output within 10 s", "/dev/kvm is missing". */
  why: string
  kernel: string
  qemu: string
  /** ms since 1970 */
  testedAt: number
}
