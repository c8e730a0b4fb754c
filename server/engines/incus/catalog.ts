import { z } from 'zod'
import type { EngineContext } from '@/server/engines/types'
import type { Exec } from '@/server/exec/types'
import type { Catalog, NetworkChoice, PoolChoice } from '@/server/model/catalog'
import { arches } from '@/server/model/guest'
import type { Image } from '@/server/model/image'
import { image, network, pool, poolSpace, profile, resources } from './api'
import type { Client } from './client'
import { instant } from './parse'

type EngineImage = z.infer<typeof image>

/** An image of the daemon's own store as one to choose; null when it has no alias or another architecture than we know. */
function ownImage(found: EngineImage, host: string): Image | null {
  const alias = found.aliases?.[0]?.name
  const arch = arches.find((each) => each === found.architecture)
  if (!alias || !arch) return null
  const { properties } = found
  return {
    id: alias,
    host,
    title: properties.description ?? alias,
    kind: found.type === 'virtual-machine' ? 'disk' : 'container',
    arch,
    os: properties.os ? [properties.os, properties.version ?? properties.release].filter(Boolean).join(' ') : undefined,
    files: { alias },
    sizeBytes: found.size,
    // Images made for it say so ("variant: cloud" on the public image servers); others are not known to have it.
    cloudInit: properties.variant === 'cloud',
    createdAt: instant(found.uploaded_at) ?? instant(found.created_at) ?? 0,
    source: 'url',
  }
}

/** Images to make guests from: those of Bailiwick that the daemon knows, then the daemon's others by alias. */
export async function offeredImages(client: Client, context: EngineContext, host: string, signal: AbortSignal): Promise<Image[]> {
  const known = await client.query('/1.0/images?recursion=1', z.array(image), signal)
  const aliases = new Set(known.flatMap((each) => each.aliases?.map((alias) => alias.name) ?? []))
  const ours = context.images().filter((each) => each.kind === 'container' && each.files.alias && aliases.has(each.files.alias))
  const taken = new Set(ours.map((each) => each.files.alias))
  const others = known.filter((each) => !each.aliases?.some((alias) => taken.has(alias.name))).flatMap((each) => ownImage(each, host) ?? [])
  return [...ours, ...others]
}

/** The network of the default profile's card, and the pool of its root disk. */
export async function defaults(client: Client, signal: AbortSignal): Promise<{ network?: string; pool?: string }> {
  const { devices } = await client.query('/1.0/profiles/default', profile, signal)
  const all = Object.values(devices)
  const nic = all.find((device) => device.type === 'nic')
  return { network: nic?.network ?? nic?.parent, pool: all.find((device) => device.type === 'disk' && device.path === '/')?.pool }
}

/** Managed networks, and bridges of the host that are up. */
export async function offeredNetworks(client: Client, usual: string | undefined, signal: AbortSignal): Promise<NetworkChoice[]> {
  const found = await client.query('/1.0/networks?recursion=1', z.array(network), signal)
  return found
    .filter((each) => each.managed)
    .map((each) => {
      const address = each.config['ipv4.address']
      const nat = each.config['ipv4.nat'] === 'true' ? ', NAT' : ''
      const words = address && address !== 'none' ? ` (${address}${nat})` : ''
      return { name: each.name, title: `${each.name}${words}`, isDefault: each.name === usual, active: each.status === 'Created' }
    })
}

/**
 * What may still be written below a folder. The daemon counts blocks that the file system keeps back for root as free
 * (its driver "dir" asks statfs), and at a twentieth of the disk or more that is not little. Undefined where `df` cannot tell.
 */
async function writable(exec: Exec, folder: string, signal: AbortSignal): Promise<number | undefined> {
  const text = await exec.read(['df', '-Pk', '--', folder], { signal, timeoutMs: 10_000 }).catch(() => '')
  const available = /\s\d+\s+\d+\s+(\d+)\s+\d+%/.exec(text)?.[1]
  return available === undefined ? undefined : Number(available) * 1024
}

async function offeredPools(client: Client, exec: Exec, usual: string | undefined, signal: AbortSignal): Promise<PoolChoice[]> {
  const found = await client.query('/1.0/storage-pools?recursion=1', z.array(pool), signal)
  found.sort((a, b) => Number(b.name === usual) - Number(a.name === usual))
  return Promise.all(
    found.map(async (each) => {
      const room = await client.query(`/1.0/storage-pools/${encodeURIComponent(each.name)}/resources`, poolSpace, signal).catch(() => null)
      const { total, used } = room?.space ?? {}
      const unused = total !== undefined && used !== undefined ? total - used : undefined
      const folder = each.driver === 'dir' ? each.config.source : undefined
      const usable = unused !== undefined && folder?.startsWith('/') ? await writable(exec, folder, signal) : undefined
      const freeBytes = unused === undefined || usable === undefined ? unused : Math.min(unused, usable)
      return { name: each.name, title: `${each.name} (${each.driver})`, freeBytes, totalBytes: total }
    }),
  )
}

/** What the create form offers. */
export async function readCatalog(client: Client, context: EngineContext, host: string, signal: AbortSignal): Promise<Catalog> {
  const usual = await defaults(client, signal)
  const [images, networks, pools, machine] = await Promise.all([
    offeredImages(client, context, host, signal),
    offeredNetworks(client, usual.network, signal),
    offeredPools(client, context.exec, usual.pool, signal),
    client.query('/1.0/resources', resources, signal),
  ])
  const { total, used } = machine.memory
  return { images, networks, pools, limits: { cpus: machine.cpu.total, memoryBytes: total, memoryFreeBytes: total - used } }
}
