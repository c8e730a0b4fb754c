import type { Image } from './image'

export type NetworkChoice = { name: string; title: string; isDefault: boolean; active: boolean }
export type PoolChoice = { name: string; title: string; freeBytes?: number; totalBytes?: number }

/** A ready-made choice of system for a VM. */
export type VmProfile = {
  /** "linux/cloud-Debian-x86-12": the engine's type and profile. */
  id: string
  title: string
  osType: string
  /** A ready disk with cloud-init; else an ISO to install from. */
  cloud: boolean
  /** Which of the engine's hypervisors may run it: "bhyve", "qemu". */
  hypervisors: string[]
  defaultDiskBytes?: number
  minDiskBytes?: number
}
export type JailProfile = { id: string; title: string /** Linux jails have no FreeBSD release. */; linux: boolean }
export type Release = {
  version: string
  arch: string
  platform: string /** False: fetched when first used, which takes minutes. */
  present: boolean
}
export type Flavour = { id: string; cpus: number; memoryBytes: number; diskBytes: number }

/** What an engine with profiles in place of images offers. */
export type ProfileCatalog = {
  /** Allowed hypervisors for VMs, or why not. */
  hypervisors: { id: 'bhyve' | 'qemu'; title: string; allowed: true | string }[]
  vm: VmProfile[]
  jail: JailProfile[]
  releases: Release[]
  flavours: Flavour[]
  /** Foreign instruction sets that jails may have here: "riscv64", "aarch64". */
  jailArches: string[]
  vnet: true | string
  /** The next free address of the host's pool, as a hint. */
  addressPool?: string
}

/** What the create form of one engine on one host offers. */
export type Catalog = {
  images: Image[]
  networks: NetworkChoice[]
  pools: PoolChoice[]
  profiles?: ProfileCatalog
  limits: { cpus: number; memoryBytes: number; memoryFreeBytes?: number }
}
