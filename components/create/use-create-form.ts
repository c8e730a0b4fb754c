import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useHosts } from '@/components/live/live'
import { trpc } from '@/components/trpc'
import type { EngineInfo } from '@/server/model/capability'
import { type Arch, arches, type EngineKind, type GuestType } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { Operation } from '@/server/model/operation'
import { formatBytes, parseSize } from '@/server/model/size'
import { defaultSize, type Source, sourceKey, sources } from './defaults'

export type Place = { host: HostView; engine: EngineKind; info: EngineInfo }
/** What the person typed or chose. Absent: the default of what was chosen before it. */
export type Draft = {
  type?: GuestType
  place?: string
  source?: string
  name: string
  cpus?: string
  memory?: string
  disk?: string
  arch?: Arch
  network?: string
  user?: string
  password: string
  key: string
  autostart: boolean
}

export const placeKey = (place: Place): string => `${place.host.id}~${place.engine}`

const empty: Draft = { name: '', password: '', key: '', autostart: false }

/** Everything that the create page knows: choices, defaults, what is wrong, and the operation they make. */
export function useCreateForm() {
  const hosts = useHosts()
  const [draft, setDraft] = useState<Draft>(empty)
  const all = useMemo(() => places(hosts), [hosts])
  const offers = (type: GuestType) => all.filter((place) => place.info.guestTypes[type] === true)
  const type = draft.type ?? (offers('vm').length || !offers('container').length ? 'vm' : 'container')
  const offering = offers(type)
  const place = offering.find((each) => placeKey(each) === draft.place) ?? offering[0]
  const catalog = useQuery(
    trpc.guest.catalog.queryOptions(
      { host: place?.host.id ?? '-', engine: place?.engine ?? 'libvirt' },
      { enabled: place !== undefined, staleTime: 2000 },
    ),
  )
  const hostArch = arches.find((arch) => arch === place?.host.arch) ?? place?.info.arches[0]?.arch
  const choices = sources(type, catalog.data?.images ?? [], hostArch)
  // Nothing chosen: the first image, not the empty disk, which suits few.
  const source: Source | undefined =
    choices.find((each) => sourceKey(each) === draft.source) ?? choices.find((each) => each.kind === 'image') ?? choices[0]
  const size = source ? defaultSize(type, source, catalog.data?.limits) : undefined
  const networks = catalog.data?.networks ?? []
  const network = draft.network ?? networks.find((each) => each.isDefault)?.name ?? networks[0]?.name ?? ''
  const arch = source && source.kind !== 'empty' ? source.image.arch : (draft.arch ?? hostArch ?? 'x86_64')
  const cloudInit = source !== undefined && source.kind === 'image' && source.image.cloudInit

  const cpusText = draft.cpus ?? (size ? String(size.cpus) : '')
  const memoryText = draft.memory ?? (size ? formatBytes(size.memoryBytes) : '')
  const diskText = draft.disk ?? (size?.diskBytes ? formatBytes(size.diskBytes) : '')
  const cpus = /^\d+$/.test(cpusText.trim()) ? Number(cpusText) : null
  // A default is kept to the byte; only what was typed is parsed.
  const memoryBytes = draft.memory === undefined ? (size?.memoryBytes ?? null) : parseSize(draft.memory)
  const diskBytes = draft.disk === undefined ? (size?.diskBytes ?? null) : draft.disk.trim() === '' ? null : parseSize(draft.disk)
  const wrong = {
    cpus: cpus === null,
    memoryBytes: memoryBytes === null,
    diskBytes: draft.disk !== undefined && draft.disk.trim() !== '' && diskBytes === null,
  }

  const operation = (start: boolean): Operation | null => {
    if (!source || cpus === null || memoryBytes === null || wrong.diskBytes || !draft.name) return null
    const sshKeys = draft.key
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    const access =
      cloudInit && (draft.password || sshKeys.length || draft.user)
        ? { user: draft.user || 'debian', password: draft.password || undefined, sshKeys }
        : null
    const common = { name: draft.name, cpus, memoryBytes, diskBytes, network: network || null, autostart: draft.autostart, start, access }
    if (type === 'container') return source.kind === 'image' ? { kind: 'create', spec: { ...common, type, image: source.image.id } } : null
    return {
      kind: 'create',
      spec: {
        ...common,
        type: 'vm',
        arch,
        image: source.kind === 'image' ? source.image.id : null,
        iso: source.kind === 'iso' ? source.image.id : null,
      },
    }
  }

  return {
    draft,
    set: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    /** True, or why no place offers this kind. */
    offered: (kind: GuestType) => offers(kind).length > 0 || whyNot(all, hosts, kind),
    type,
    places: offering,
    place,
    catalog,
    choices,
    source,
    networks,
    network,
    arch,
    cloudInit,
    texts: { cpus: cpusText, memory: memoryText, disk: diskText },
    wrong,
    operation,
    archSupport: place?.info.arches.find((each) => each.arch === arch),
  }
}

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
