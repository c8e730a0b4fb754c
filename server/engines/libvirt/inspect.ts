import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { Exec } from '@/server/exec/types'
import type { Disk, GuestDetail, Snapshot } from '@/server/model/guest'
import type { Read } from './reader'
import { batch } from './virsh'

/** Out of `virsh domblkinfo --all`: target, capacity, allocation, physical, in bytes ("-" when unknown). */
export function parseBlockInfo(text: string | null): Map<string, { sizeBytes?: number; usedBytes?: number }> {
  const found = new Map<string, { sizeBytes?: number; usedBytes?: number }>()
  for (const line of (text ?? '').split('\n')) {
    const [target, capacity = '', allocation = ''] = line.trim().split(/\s+/)
    const bytes = (cell: string) => (/^\d+$/.test(cell) ? Number(cell) : undefined)
    if (target && capacity !== 'Capacity') found.set(target, { sizeBytes: bytes(capacity), usedBytes: bytes(allocation) })
  }
  return found
}

export async function inspect(exec: Exec, uri: string, read: Read, signal: AbortSignal): Promise<GuestDetail> {
  const { domain, guest, facts } = read
  const [blocks] = await batch(exec, uri, [['domblkinfo', '--all', '--domain', domain.uuid]], { signal })
  const sizes = parseBlockInfo(blocks ?? null)
  const disks: Disk[] = domain.disks.map((disk) => ({
    target: disk.target,
    path: disk.path,
    ...sizes.get(disk.target),
    format: disk.format,
    bus: disk.bus,
    readOnly: disk.readOnly,
  }))
  const shown: [string, string | undefined][] = [
    ['UUID', domain.uuid],
    ['Machine', domain.machine],
    ['Firmware', domain.kernel ? undefined : (domain.firmware ?? 'BIOS')],
    ['Kernel', domain.kernel],
    ['Image', domain.own?.image],
    ['Accelerator', domain.own?.accelerator],
    ['Serial log', domain.serial?.log],
    ['Folder', domain.own?.folder],
  ]
  return {
    guest: { ...guest, diskBytes: disks.find((disk) => !disk.readOnly)?.sizeBytes },
    disks,
    nics: domain.nics.map((nic) => ({ ...nic, addresses: facts.leases.get(nic.mac) ?? [] })),
    facts: shown.filter((fact): fact is [string, string] => Boolean(fact[1])),
    config: { language: 'xml', text: read.xml },
  }
}

const snapshotShape = z.object({
  domainsnapshot: z.looseObject({
    name: z.string(),
    description: z.string().optional(),
    state: z.string().optional(),
    creationTime: z.string().optional(),
    parent: z.object({ name: z.string() }).optional(),
    memory: z.object({ '@snapshot': z.string() }).optional(),
  }),
})

/** Out of `virsh snapshot-dumpxml`. */
export function parseSnapshot(xml: string, current: string | null): Snapshot {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false })
  const { name, description, state, creationTime, parent, memory } = snapshotShape.parse(parser.parse(xml)).domainsnapshot
  return {
    name,
    description,
    state,
    createdAt: creationTime ? Number(creationTime) * 1000 : undefined,
    current: name === current,
    parent: parent?.name,
    memory: memory ? memory['@snapshot'] !== 'no' : state === 'running' || state === 'paused',
  }
}

export async function readSnapshots(exec: Exec, uri: string, uuid: string, signal: AbortSignal): Promise<Snapshot[]> {
  const lines = (text: string | null | undefined) => (text ?? '').split('\n').filter((line) => line !== '')
  const [list, current] = await batch(
    exec,
    uri,
    [
      ['snapshot-list', '--name', '--topological', '--domain', uuid],
      ['snapshot-current', '--name', '--domain', uuid],
    ],
    { signal },
  )
  const names = lines(list)
  if (names.length === 0) return []
  const dumps = await batch(
    exec,
    uri,
    names.map((name) => ['snapshot-dumpxml', '--domain', uuid, '--snapshotname', name]),
    { signal },
  )
  return dumps.flatMap((xml) => (xml ? [parseSnapshot(xml, lines(current)[0] ?? null)] : []))
}
