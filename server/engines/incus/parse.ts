import { arches, type Disk, type Guest, type GuestState, guestId, type Nic } from '@/server/model/guest'
import type { Instance } from './api'
import { limitBytes, limitCpus } from './limits'

/** What an instance without limits has: everything the host has. */
export type HostTotals = { cpus: number; memoryBytes: number }

/** Source: shared/api/status_code.go. Frozen is what the command line calls paused. */
const states: Record<string, GuestState> = {
  Running: 'running',
  Ready: 'running',
  Stopped: 'stopped',
  Frozen: 'paused',
  Starting: 'starting',
  Stopping: 'stopping',
  Aborting: 'stopping',
  Freezing: 'running',
  Thawed: 'running',
  Error: 'unknown',
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function osOf(config: Record<string, string>): string | undefined {
  const os = config['image.os'] ?? config['volatile.container.oci'] ?? undefined
  if (!os) return config['image.description'] || undefined
  return [capital(os), config['image.version'] ?? config['image.release']].filter(Boolean).join(' ')
}

/** ms since 1970; Go's zero time (year 1) means never. */
export function instant(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) || at <= 0 ? undefined : at
}

function addressesOf(instance: Instance): string[] {
  const found = Object.values(instance.state?.network ?? {}).flatMap((nic) => (nic.type === 'loopback' ? [] : (nic.addresses ?? [])))
  return found
    .filter((each) => each.scope === 'global')
    .sort((a, b) => a.family.localeCompare(b.family))
    .map((each) => each.address)
}

/** The account in user data as `userData` writes it; nothing else of that text leaves here. */
const accountOf = (userData: string | undefined): string | undefined =>
  /^ {2}- name: "([a-z_][a-z0-9_-]{0,31})"$/m.exec(userData ?? '')?.[1]

export const isVm = (instance: Instance): boolean => instance.type === 'virtual-machine'

/** True when a limit of the instance is missing, so that the host's totals must be known to say what it has. */
export const needsTotals = (instance: Instance): boolean => {
  const memory = instance.expanded_config['limits.memory']
  if (memory?.endsWith('%')) return true
  return !isVm(instance) && (!memory || !limitCpus(instance.expanded_config['limits.cpu']))
}

/** An instance as the list shows it. VMs without limits have one processor and 1 GiB (Incus documentation, `limits.*`). */
export function toGuest(instance: Instance, hostId: string, totals: HostTotals | undefined): Guest {
  const config = instance.expanded_config
  const vm = isVm(instance)
  const state = states[instance.status] ?? 'unknown'
  const root = Object.values(instance.expanded_devices).find((device) => device.type === 'disk' && device.path === '/')
  const active = state !== 'stopped' && state !== 'unknown'
  return {
    id: guestId(hostId, 'incus', instance.name),
    host: hostId,
    engine: 'incus',
    name: instance.name,
    identity: config['volatile.uuid'],
    type: vm ? 'vm' : 'container',
    state,
    os: osOf(config),
    arch: arches.find((arch) => arch === instance.architecture),
    accel: vm ? 'kvm' : 'native',
    cpus: limitCpus(config['limits.cpu']) ?? (vm ? 1 : (totals?.cpus ?? 0)),
    memoryBytes: limitBytes(config['limits.memory'], totals?.memoryBytes) ?? (vm ? 1024 ** 3 : (totals?.memoryBytes ?? 0)),
    memoryUnlimited: (!vm && !config['limits.memory']) || undefined,
    diskBytes: limitBytes(root?.size),
    addresses: addressesOf(instance),
    user: accountOf(config['cloud-init.user-data']),
    autostart: config['boot.autostart'] === 'true',
    persistent: !instance.ephemeral,
    startedAt: active ? instant(instance.state?.started_at) : undefined,
    tags: [],
    consoles: vm ? ['serial', 'shell'] : ['shell', 'serial'],
    snapshotCount: instance.snapshots === undefined ? undefined : (instance.snapshots?.length ?? 0),
    warning:
      instance.status === 'Error'
        ? 'The engine cannot tell its state'
        : config['security.privileged'] === 'true'
          ? 'Privileged: root in it is root on the host'
          : undefined,
  }
}

/** Disks and shared folders. */
export function disksOf(instance: Instance): Disk[] {
  return Object.entries(instance.expanded_devices)
    .filter(([, device]) => device.type === 'disk')
    .map(([name, device]) => ({
      target: device.path ?? name,
      path: device.source ?? `pool ${device.pool ?? '?'}`,
      sizeBytes: limitBytes(device.size),
      usedBytes: instance.state?.disk?.[name]?.usage || undefined,
      readOnly: device.readonly === 'true',
    }))
}

/** Network cards, with the addresses of the running ones. */
export function nicsOf(instance: Instance): Nic[] {
  return Object.entries(instance.expanded_devices)
    .filter(([, device]) => device.type === 'nic')
    .map(([key, device]) => {
      const name = device.name ?? key
      const seen = instance.state?.network?.[name]
      const addresses = (seen?.addresses ?? []).filter((each) => each.scope === 'global').map((each) => each.address)
      return {
        target: seen?.host_name || name,
        mac: device.hwaddr ?? instance.expanded_config[`volatile.${key}.hwaddr`] ?? seen?.hwaddr ?? '',
        network: device.network ?? device.parent,
        model: device.nictype,
        addresses,
      }
    })
}
