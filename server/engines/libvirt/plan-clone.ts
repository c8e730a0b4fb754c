import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import type { Plan, Step } from '@/server/model/plan'
import { cloneXml, hasKernelName } from './clone-xml'
import type { DomainDisk } from './parse-domain'
import { defineSteps, folderSteps, handle, locks, newFolder, newMac, ownFolder, type Planning, refuse } from './planning'
import { backingChain } from './qcow2'
import type { Read } from './reader'
import { seedPath, seedSteps } from './seed'
import { batch } from './virsh'

/** A copy of one disk. On top of one of Bailiwick's images only the difference is copied; any other chain becomes one whole file. */
async function copyStep(p: Planning, disk: DomainDisk, to: string): Promise<Step> {
  const format = disk.format ?? 'raw'
  const [below] = format === 'qcow2' ? await backingChain(p.context.exec, disk.path) : []
  const image = p.context.images().find((i) => i.files.disk !== undefined && i.files.disk === below)
  const onImage = image?.files.disk ? ['-B', image.files.disk, '-F', image.format ?? 'qcow2'] : []
  return {
    title: `Copy its disk ${disk.target}`,
    argv: ['qemu-img', 'convert', '-p', '-f', format, '-O', format, ...onImage, disk.path, to],
    progress: 'percent',
    timeoutMs: 6 * 3_600_000,
  }
}

/** A stopped VM again under another name, with disks, addresses and identity of its own. Snapshots are not copied. */
export async function planClone(p: Planning, { domain, guest }: Read, newName: string): Promise<Plan> {
  if (guest.state !== 'stopped') refuse('Stop it first: its disks change while it runs')
  const folder = await newFolder(p, newName)
  const [info, xml] = await batch(
    p.context.exec,
    p.uri,
    [
      ['dominfo', '--domain', domain.uuid],
      ['dumpxml', '--inactive', '--security-info', '--domain', domain.uuid],
    ],
    { signal: p.signal },
  )
  if (!info || !xml) return refuse('It has gone')
  if (/^Managed save:\s*yes/m.test(info)) refuse('Its memory is saved on disk: start it and shut it down first')
  if (domain.hostDevices > 0) refuse('It uses devices or folders of the host: two VMs cannot share them')

  const own = ownFolder(p, domain)
  const seed = own ? seedPath(own) : null
  const paths = new Map<string, string>()
  const copies: Step[] = []
  for (const disk of domain.disks) {
    if (disk.device !== 'disk' || disk.readOnly || disk.shareable) continue
    if (disk.type !== 'file') refuse(`Its disk ${disk.target} is not a file: copy it with the tools of its storage`)
    const to = posix.join(folder, `${disk.target === 'vda' ? 'disk' : disk.target}.${disk.format === 'qcow2' ? 'qcow2' : 'img'}`)
    paths.set(disk.path, to)
    copies.push(await copyStep(p, disk, to))
  }
  const uuid = randomUUID()
  const seeded = own !== null && seed !== null && domain.disks.some((disk) => disk.path === seed)
  if (seeded) paths.set(seed, seedPath(folder))
  const nvram: Step[] = domain.nvram
    ? [{ title: 'Copy its firmware settings', argv: ['cp', '--', domain.nvram, posix.join(folder, 'nvram.fd')] }]
    : []
  const definition = cloneXml(xml, { name: newName, uuid, folder, paths, newMac })
  return {
    steps: [
      ...folderSteps(p, folder),
      ...copies,
      ...nvram,
      ...(seeded ? seedSteps(folder, newName, uuid, { copy: own }) : []),
      ...defineSteps(p, folder, newName, definition),
    ],
    expect: { kind: 'guest', name: newName, states: ['stopped'] },
    warnings: [
      ...((guest.snapshotCount ?? 0) > 0 ? [`Snapshots of ${handle(domain)} are not copied`] : []),
      ...(seeded || hasKernelName(definition) ? [] : ['Inside, it has the same host name and keys as the original until you change them']),
    ],
    locks: locks(domain.name, newName),
  }
}
