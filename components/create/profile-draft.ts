import type { EngineInfo } from '@/server/model/capability'
import type { Catalog, Flavour, JailProfile, ProfileCatalog, Release, VmProfile } from '@/server/model/catalog'
import { type Arch, arches } from '@/server/model/guest'
import { formatBytes, GiB, MiB, parseSize } from '@/server/model/size'
import type { JailSpec, VmSpec } from '@/server/model/spec'
import { invalid, keyLines, wholeNumber } from './typed'

/** What was typed or chosen for a guest made from a profile. Absent: the default of what was chosen before it. */
export type ProfileDraft = {
  hypervisor?: 'bhyve' | 'qemu'
  profile?: string
  flavour?: string
  fixed?: boolean
  address?: string
  gateway?: string
  jailProfile?: string
  release?: string
  emulate?: JailSpec['emulate']
  vnet?: boolean
  ownBase?: boolean
  hostName?: string
  packages?: string
  cpuPercent?: string
  jailMemory?: string
  jailDisk?: string
}
/** The part of the form that all kinds of guests share. */
export type Shared = {
  name: string
  cpus?: string
  memory?: string
  disk?: string
  user?: string
  password: string
  key: string
  autostart: boolean
}
export type Chosen = { network: string; start: boolean }

/** A profile that most people would take: a cloud image of Debian, else any cloud image, else the first. */
export function usualProfile(list: readonly VmProfile[]): VmProfile | undefined {
  const cloud = list.filter((each) => each.cloud)
  const newest = cloud
    .filter((each) => /^debian\W+\d/i.test(each.title))
    .sort((a, b) => b.title.localeCompare(a.title, 'en', { numeric: true }))
  return newest[0] ?? cloud[0] ?? list[0]
}

/** The account that a cloud image is likely to make: "Debian: 12 (cloud)" makes debian. */
export const usualUser = (profile: VmProfile | undefined): string => /^[a-z]+/.exec(profile?.title.toLowerCase() ?? '')?.[0] ?? 'admin'

export type VmChoice = {
  hypervisor: ProfileCatalog['hypervisors'][number] | undefined
  list: VmProfile[]
  profile: VmProfile | undefined
  flavour: Flavour | undefined
  texts: { cpus: string; memory: string; disk: string }
  cpus: number | null
  memoryBytes: number | null
  diskBytes: number | null
}

/** What the draft comes to for a VM: what was chosen where it still fits, else what suits. */
export function chooseVm(draft: ProfileDraft & Shared, profiles: ProfileCatalog, limits: Catalog['limits']): VmChoice {
  const able = profiles.hypervisors.filter((each) => each.allowed === true)
  const hypervisor = able.find((each) => each.id === draft.hypervisor) ?? able[0]
  const list = hypervisor ? profiles.vm.filter((each) => each.hypervisors.includes(hypervisor.id)) : []
  const profile = list.find((each) => each.id === draft.profile) ?? usualProfile(list)
  const flavour = profiles.flavours.find((each) => each.id === draft.flavour)
  const room = limits.memoryFreeBytes ?? limits.memoryBytes
  const usual = {
    cpus: Math.max(1, Math.min(2, limits.cpus)),
    memoryBytes: Math.max(256 * MiB, Math.min(GiB, Math.floor(room / 2 / MiB) * MiB || GiB)),
    diskBytes: Math.max(profile?.minDiskBytes ?? 0, profile?.defaultDiskBytes || 10 * GiB),
  }
  return {
    hypervisor,
    list,
    profile,
    flavour,
    texts: {
      cpus: flavour ? String(flavour.cpus) : (draft.cpus ?? String(usual.cpus)),
      memory: flavour ? formatBytes(flavour.memoryBytes) : (draft.memory ?? formatBytes(usual.memoryBytes)),
      disk: flavour ? formatBytes(flavour.diskBytes) : (draft.disk ?? formatBytes(usual.diskBytes)),
    },
    // A default is kept to the byte; only what was typed is parsed.
    cpus: flavour?.cpus ?? (draft.cpus === undefined ? usual.cpus : wholeNumber(draft.cpus)),
    memoryBytes: flavour?.memoryBytes ?? (draft.memory === undefined ? usual.memoryBytes : parseSize(draft.memory)),
    diskBytes: flavour?.diskBytes ?? (draft.disk === undefined ? usual.diskBytes : parseSize(draft.disk)),
  }
}

/** The VM that the form describes. What could not be read as a number is sent as one that is refused, so that all faults are named at once. */
export function vmSpecOf(draft: ProfileDraft & Shared, choice: VmChoice, arch: Arch, { network, start }: Chosen): VmSpec {
  const cloud = choice.profile?.cloud ?? false
  const sshKeys = keyLines(draft.key)
  const user = draft.user || usualUser(choice.profile)
  return {
    type: 'vm',
    name: draft.name,
    hypervisor: choice.hypervisor?.id,
    profile: choice.profile?.id,
    flavour: choice.flavour?.id,
    image: null,
    iso: null,
    arch,
    cpus: choice.cpus ?? invalid,
    memoryBytes: choice.memoryBytes ?? invalid,
    diskBytes: choice.diskBytes ?? invalid,
    network: network || null,
    access: cloud && (draft.user || draft.password || sshKeys.length) ? { user, password: draft.password || undefined, sshKeys } : null,
    ...(cloud ? { address: addressOf(draft), gateway: (draft.fixed && draft.gateway?.trim()) || undefined } : {}),
    autostart: draft.autostart,
    start,
  }
}

/** "DHCP": the host gives one. A fixed one that is still empty is sent as it is, to be refused by name. */
const addressOf = (draft: ProfileDraft): string => (draft.fixed ? (draft.address ?? '').trim() : 'DHCP')

export type JailChoice = { profile: JailProfile | undefined; release: string; known: Release | undefined; releases: Release[] }

/** The names that FreeBSD gives to instruction sets. */
const sameArch = (a: string, b: string): boolean => plainArch(a) === plainArch(b)
const plainArch = (name: string): string => ({ amd64: 'x86_64', arm64: 'aarch64', riscv: 'riscv64', arm: 'armv7' })[name] ?? name

/** What the draft comes to for a jail. Releases are those of the instruction set chosen. */
export function chooseJail(draft: ProfileDraft, profiles: ProfileCatalog, hostArch: string): JailChoice {
  const profile =
    profiles.jail.find((each) => each.id === draft.jailProfile) ??
    profiles.jail.find((each) => each.id === 'default') ??
    profiles.jail.find((each) => !each.linux) ??
    profiles.jail[0]
  const arch = (!profile?.linux && draft.emulate) || hostArch
  const releases = profiles.releases.filter((each) => !/linux/i.test(each.platform) && (!arch || sameArch(each.arch, arch)))
  const release = profile?.linux ? 'native' : (draft.release ?? 'native')
  return { profile, release, known: releases.find((each) => each.version === release), releases }
}

/** The jail that the form describes. */
export function jailSpecOf(
  draft: ProfileDraft & Shared,
  { profile, release }: JailChoice,
  may: { vnet: boolean; limits: boolean },
  { network, start }: Chosen,
): JailSpec {
  const vnet = may.vnet && (draft.vnet ?? false)
  const limit = (text: string | undefined, read: (text: string) => number | null) =>
    may.limits && text?.trim() ? (read(text) ?? invalid) : undefined
  return {
    type: 'jail',
    name: draft.name,
    profile: profile?.id ?? '',
    release,
    emulate: profile?.linux ? undefined : draft.emulate,
    hostName: draft.hostName?.trim() || undefined,
    vnet,
    address: addressOf(draft),
    gateway: (vnet && draft.fixed && draft.gateway?.trim()) || undefined,
    network: network || null,
    // A Linux profile knows no shared base.
    ownBase: profile?.linux || (draft.ownBase ?? false),
    packages: (draft.packages ?? '').split(/[\s,]+/).filter(Boolean),
    sshKeys: keyLines(draft.key),
    cpuPercent: limit(draft.cpuPercent, wholeNumber),
    memoryBytes: limit(draft.jailMemory, parseSize),
    diskBytes: limit(draft.jailDisk, parseSize),
    autostart: draft.autostart,
    start,
  }
}

/** The host's own instruction set by the name that guests have; the first that its engine offers where it does not offer that one. */
export function ownArch(hostArch: string | undefined, info: EngineInfo | undefined): Arch {
  const own = arches.find((arch) => arch === plainArch(hostArch ?? ''))
  const offered = info?.arches.map((each) => each.arch) ?? []
  return own && (offered.length === 0 || offered.includes(own)) ? own : (offered[0] ?? 'x86_64')
}
