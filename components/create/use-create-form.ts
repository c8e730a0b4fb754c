import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useHosts } from '@/components/live/live'
import { createMessages as w } from '@/components/messages/create'
import { trpc } from '@/components/trpc'
import type { Allowed, EngineInfo } from '@/server/model/capability'
import type { Catalog } from '@/server/model/catalog'
import type { Arch, EngineKind, GuestType } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { Operation } from '@/server/model/operation'
import { formatBytes, parseSize } from '@/server/model/size'
import { defaultSize, type Source, sourceKey, sources } from './defaults'
import { chooseJail, chooseVm, jailSpecOf, ownArch, type ProfileDraft, type Shared, vmSpecOf } from './profile-draft'
import { invalid, keyLines, wholeNumber } from './typed'

export type Place = { host: HostView; engine: EngineKind; info: EngineInfo }
/** What the person typed or chose. Absent: the default of what was chosen before it. */
export type Draft = Shared &
  ProfileDraft & {
    type?: GuestType
    place?: string
    source?: string
    arch?: Arch
    network?: string
  }

export const placeKey = (place: Place): string => `${place.host.id}~${place.engine}`

const empty: Draft = { name: '', password: '', key: '', autostart: false }

/** Everything that the create page knows: choices, defaults, what is wrong, and the operation they make. `host`: the one to begin with. */
export function useCreateForm(host?: string) {
  const hosts = useHosts()
  const [draft, setDraft] = useState<Draft>(empty)
  const all = useMemo(() => places(hosts), [hosts])
  const offers = (type: GuestType) => all.filter((place) => place.info.guestTypes[type] === true)
  const here = (type: GuestType) => offers(type).find((place) => place.host.id === host)
  const kinds = ['vm', 'container', 'jail'] as const
  const usual = kinds.find(here) ?? kinds.find((each) => offers(each).length > 0) ?? 'vm'
  const type = draft.type ?? usual
  const offering = offers(type)
  const place = offering.find((each) => placeKey(each) === draft.place) ?? here(type) ?? offering[0]
  const on = { host: place?.host.id ?? '-', engine: place?.engine ?? ('libvirt' as const) }
  const catalog = useQuery(trpc.guest.catalog.queryOptions(on, { enabled: place !== undefined, staleTime: 2000 }))
  const networks = catalog.data?.networks ?? []
  const network = draft.network ?? networks.find((each) => each.isDefault)?.name ?? networks[0]?.name ?? ''
  const lack = place?.info.noNetwork
  // The server's command where it has one; the page of hosts has it too, to be copied.
  const noNetworks = catalog.data && networks.length === 0 ? (lack ? w.noNetworksBut(lack.words, lack.remedy) : w.noNetworks) : undefined
  const hostArch = ownArch(place?.host.arch, place?.info)
  // Limits count only where the host accounts for them: its engine says so with what it tells of the host.
  const asked = type === 'jail' && catalog.data?.profiles !== undefined
  const accounting = useQuery(trpc.guest.hostDetail.queryOptions(on, { enabled: asked, staleTime: 60_000 })).data?.accounting ?? true
  const image = fromImage(draft, type, catalog.data, hostArch, network)
  const profile = catalog.data?.profiles && fromProfile(draft, type, catalog.data, limitsOf(place, accounting), hostArch, network)
  return {
    draft,
    set: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    /** True, or why no place offers this kind. */
    offered: (kind: GuestType) => offers(kind).length > 0 || whyNot(all, hosts, kind),
    type,
    places: offering,
    place,
    catalog,
    networks,
    /** Why there is none to choose. */
    noNetworks,
    network,
    hostArch,
    image,
    /** Present where the engine offers profiles in place of images. */
    profile,
    /** Null while there is nothing to start from. */
    operation: (start: boolean): Operation | null => (catalog.data ? (profile ?? image).operation(start) : null),
  }
}

export type CreateForm = ReturnType<typeof useCreateForm>

/** A guest from an image, a CD or nothing. What could not be read as a number is sent as one that is refused. */
function fromImage(draft: Draft, type: GuestType, catalog: Catalog | undefined, hostArch: Arch, network: string) {
  const choices = sources(type, catalog?.images ?? [], hostArch)
  // Nothing chosen: the first image, not the empty disk, which suits few.
  const source: Source | undefined =
    choices.find((each) => sourceKey(each) === draft.source) ?? choices.find((each) => each.kind === 'image') ?? choices[0]
  const size = source ? defaultSize(type, source, catalog?.limits) : undefined
  const arch = source && source.kind !== 'empty' ? source.image.arch : (draft.arch ?? hostArch)
  const cloudInit = source !== undefined && source.kind === 'image' && source.image.cloudInit
  const texts = {
    cpus: draft.cpus ?? (size ? String(size.cpus) : ''),
    memory: draft.memory ?? (size ? formatBytes(size.memoryBytes) : ''),
    disk: draft.disk ?? (size?.diskBytes ? formatBytes(size.diskBytes) : ''),
  }
  const cpus = wholeNumber(texts.cpus)
  // A default is kept to the byte; only what was typed is parsed.
  const memoryBytes = draft.memory === undefined ? (size?.memoryBytes ?? null) : parseSize(draft.memory)
  const noDisk = draft.disk?.trim() === ''
  const diskBytes = draft.disk === undefined ? (size?.diskBytes ?? null) : noDisk ? null : parseSize(draft.disk)
  const wrong = { cpus: cpus === null, memoryBytes: memoryBytes === null, diskBytes: Boolean(draft.disk) && !noDisk && diskBytes === null }

  const operation = (start: boolean): Operation | null => {
    if (!source) return null
    const sshKeys = keyLines(draft.key)
    const common = {
      name: draft.name,
      cpus: cpus ?? invalid,
      memoryBytes: memoryBytes ?? invalid,
      diskBytes: wrong.diskBytes ? invalid : diskBytes,
      network: network || null,
      autostart: draft.autostart,
      start,
      access:
        cloudInit && (draft.password || sshKeys.length || draft.user)
          ? { user: draft.user || 'debian', password: draft.password || undefined, sshKeys }
          : null,
    }
    if (type === 'container')
      return source.kind === 'image' ? { kind: 'create', spec: { ...common, type: 'container', image: source.image.id } } : null
    const image = source.kind === 'image' ? source.image.id : null
    const iso = source.kind === 'iso' ? source.image.id : null
    return { kind: 'create', spec: { ...common, type: 'vm', arch, image, iso } }
  }
  return { choices, source, arch, cloudInit, texts, wrong, operation }
}

/** A VM or jail from a profile of the engine. */
function fromProfile(draft: Draft, type: GuestType, catalog: Catalog, limits: Allowed, hostArch: Arch, network: string) {
  const profiles = catalog.profiles
  if (!profiles || type === 'container') return undefined
  const vm = chooseVm(draft, profiles, catalog.limits)
  const jail = chooseJail(draft, profiles, hostArch)
  const may = { vnet: profiles.vnet === true, limits: limits === true }
  const operation = (start: boolean): Operation => ({
    kind: 'create',
    spec: type === 'jail' ? jailSpecOf(draft, jail, may, { network, start }) : vmSpecOf(draft, vm, hostArch, { network, start }),
  })
  return { profiles, vm, jail, limits, operation }
}

/** Whether the engine can limit at all, and whether its host accounts for what is limited. */
const limitsOf = (place: Place | undefined, accounting: Allowed): Allowed =>
  typeof place?.info.operations.limits === 'string' ? place.info.operations.limits : accounting

function places(hosts: readonly HostView[]): Place[] {
  return hosts.flatMap((host) =>
    host.engines.flatMap((engine) => (engine.state === 'ready' ? [{ host, engine: engine.kind, info: engine.info }] : [])),
  )
}

/** The reason nearest at hand why a kind of guest cannot be made anywhere. */
function whyNot(all: readonly Place[], hosts: readonly HostView[], kind: GuestType): string {
  for (const { info } of all) {
    const answer = info.guestTypes[kind]
    if (typeof answer === 'string') return answer
  }
  const wanted: EngineKind = kind === 'vm' ? 'libvirt' : kind === 'container' ? 'incus' : 'cbsd'
  for (const host of hosts) {
    const status = host.engines.find((engine) => engine.kind === wanted)
    if (status && status.state !== 'ready') return status.cause
  }
  return ''
}
