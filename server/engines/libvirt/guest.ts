import { type Arch, arches, type ConsoleKind, type Guest, type GuestState, guestId } from '@/server/model/guest'
import { count, type DomainStats } from './domstats'
import type { Domain } from './parse-domain'

/** What the lists say about a domain beside its XML. */
export type DomainFacts = {
  stats: DomainStats | undefined
  persistent: boolean
  autostart: boolean
  snapshotCount: number
  /** Addresses by MAC, of this domain and maybe others. */
  leases: Map<string, string[]>
  startedAt?: number
}

/** virDomainState, https://libvirt.org/html/libvirt-libvirt-domain.html */
const states: Record<number, GuestState> = {
  1: 'running',
  2: 'running',
  3: 'paused',
  4: 'stopping',
  5: 'stopped',
  6: 'crashed',
  7: 'paused',
}

export const stateOf = (stats: DomainStats | undefined): GuestState => states[count(stats, 'state.state') ?? 0] ?? 'unknown'

function warning(state: number | undefined, reason: number | undefined): string | undefined {
  if (state === 3 && reason === 5) return 'Paused: its disk could not be written or read'
  if (state === 3 && reason === 10) return 'Paused: it panicked'
  if (state === 5 && reason === 3) return 'It ended because its process crashed'
  if (state === 5 && reason === 6) return 'It could not be started'
  if (state === 6) return 'It crashed'
  if (state === 7) return 'It sleeps; it wakes up on its own devices'
  return undefined
}

/** "http://debian.org/debian/12" → "Debian 12". */
export function osinfoWords(id: string | undefined): string | undefined {
  const [, name, version] = /^https?:\/\/[^/]+\/([^/]+)(?:\/([^/]+))?/.exec(id ?? '') ?? []
  if (!name) return undefined
  const words = name.length <= 4 && name !== 'alma' ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1)
  return version ? `${words} ${version}` : words
}

export const archOf = (domain: Domain): Arch | undefined => arches.find((arch) => arch === domain.arch)

function consoles(domain: Domain): ConsoleKind[] {
  const found: ConsoleKind[] = []
  if (domain.serial?.pty) found.push('serial')
  if (domain.vnc) found.push('vnc')
  return found
}

/** One domain as a guest. Memory and processors are what it has now; `test` domains have no processor counters. */
export function toGuest(host: string, domain: Domain, facts: DomainFacts): Guest {
  const state = stateOf(facts.stats)
  const live = state !== 'stopped' && state !== 'crashed'
  return {
    id: guestId(host, 'libvirt', domain.name),
    host,
    engine: 'libvirt',
    name: domain.name,
    identity: domain.uuid || undefined,
    type: domain.type === 'lxc' || domain.osType === 'exe' ? 'container' : 'vm',
    state,
    os: domain.own?.os ?? osinfoWords(domain.osinfo),
    arch: archOf(domain),
    accel: domain.type === 'kvm' ? 'kvm' : domain.type === 'qemu' ? 'tcg' : undefined,
    cpus: (live ? count(facts.stats, 'vcpu.current') : undefined) ?? domain.cpus,
    memoryBytes: domain.memoryBytes,
    // A lease outlives the guest that took it.
    addresses: live ? domain.nics.flatMap((nic) => facts.leases.get(nic.mac) ?? []) : [],
    user: domain.own?.user,
    autostart: facts.autostart,
    persistent: facts.persistent,
    startedAt: live ? facts.startedAt : undefined,
    tags: [],
    consoles: consoles(domain),
    snapshotCount: facts.snapshotCount,
    ...(live && domain.agent && { agent: true }),
    warning: warning(count(facts.stats, 'state.state'), count(facts.stats, 'state.reason')),
  }
}
