import { posix } from 'node:path'
import type { Plan, Step } from '@/server/model/plan'
import type { DomainDisk } from './parse-domain'
import { locks, onDomain, ownFolder, type Planning, refuse } from './planning'
import { readUri } from './probe'
import { backingChain } from './qcow2'
import type { Read } from './reader'

const isFile = (disk: DomainDisk) => disk.type === 'file' && disk.path.startsWith('/')

/** Every file that other domains use, as a disk or below one, with the name of one that does. */
async function usedByOthers(p: Planning, uuid: string): Promise<Map<string, string>> {
  const used = new Map<string, string>()
  for (const { domain } of await p.reader.all(p.signal)) {
    if (domain.uuid === uuid) continue
    for (const disk of domain.disks.filter(isFile)) {
      used.set(posix.normalize(disk.path), domain.name)
      if (disk.device === 'disk') for (const below of await backingChain(p.context.exec, disk.path)) used.set(below, domain.name)
    }
  }
  return used
}

/** Takes a stopped VM away; with its disks only what is its own and nobody else's. */
export async function planRemove(p: Planning, { domain, guest }: Read, disks: boolean): Promise<Plan> {
  if (guest.state !== 'stopped' && guest.state !== 'crashed') refuse('Stop it first')
  const steps: Step[] = [
    {
      title: 'Remove its definition',
      argv: onDomain(
        p,
        'undefine',
        domain,
        ...(readUri(p.uri).driver === 'qemu' ? ['--nvram', '--managed-save', '--snapshots-metadata', '--checkpoints-metadata'] : []),
      ),
    },
  ]
  const warnings: string[] = []
  const folder = ownFolder(p, domain)
  if (!disks && folder) warnings.push(`Its files stay in ${folder}`)
  if (disks && !readUri(p.uri).local) refuse('Its disks are on another machine: remove it without its disks')
  if (disks) {
    const used = await usedByOthers(p, domain.uuid)
    const inside = (path: string) => folder !== null && path.startsWith(`${folder}/`)
    const blocker = [...used].find(([path]) => inside(path))
    if (blocker) refuse(`${blocker[1]} uses ${blocker[0]}: remove that VM first, or this one without its disks`)
    const images = new Set(p.context.images().flatMap((image) => Object.values(image.files)))
    for (const disk of domain.disks) {
      const path = posix.normalize(disk.path)
      if (disk.path === '' || inside(path) || disk.device !== 'disk' || images.has(path)) continue
      const user = used.get(path)
      if (!isFile(disk)) warnings.push(`${disk.target} stays: ${disk.path} is not a plain file`)
      else if (user) warnings.push(`${path} stays: ${user} uses it`)
      else if (disk.readOnly || disk.shareable) warnings.push(`${path} stays: it is shared or read-only`)
      else steps.push({ title: `Remove its disk ${disk.target}`, argv: ['rm', '-f', '--', path] })
    }
    if (folder) steps.push({ title: 'Remove its folder with its disks and logs', argv: ['rm', '-rf', '--', folder] })
  }
  return { steps, expect: { kind: 'absent', name: domain.name }, warnings, locks: locks(domain.name) }
}
