import type { Plan, Step } from '@/server/model/plan'
import { withKernelName } from './clone-xml'
import { defineSteps, locks, onDomain, ownFolder, type Planning, refuse } from './planning'
import type { Read } from './reader'
import { renameSeedSteps, seedPath } from './seed'
import { batch } from './virsh'
import { escapeXml } from './xml'

/** The stored definition with another name, also for the kernel inside; null when the kernel is not told one. */
async function renamedXml(p: Planning, uuid: string, newName: string): Promise<string | null> {
  const [xml] = await batch(p.context.exec, p.uri, [['dumpxml', '--inactive', '--security-info', '--domain', uuid]], { signal: p.signal })
  const changed = xml ? withKernelName(xml, newName) : xml
  if (!changed || changed === xml) return null
  return changed.replace(/<name>[^<]*<\/name>/, () => `<name>${escapeXml(newName)}</name>`)
}

/**
 * A new name for a stopped VM, inside too where Bailiwick gave it its host name: on the kernel's command line, or by its seed.
 * Its folder keeps the old name: the disks' paths are in its definition and in snapshots.
 */
export async function planRename(p: Planning, read: Read, newName: string): Promise<Plan> {
  const { domain, guest } = read
  if (guest.state !== 'stopped') refuse('Stop it first: a running VM keeps its name')
  if (newName === domain.name) refuse('That is its name already', 'newName')
  if (await p.reader.one(newName, p.signal)) refuse(`There is already a VM ${newName}`, 'newName')
  const folder = ownFolder(p, domain)
  const xml = folder ? await renamedXml(p, domain.uuid, newName) : null
  const seeded = folder !== null && domain.disks.some((disk) => disk.path === seedPath(folder))
  const rename: Step = {
    title: 'Rename it',
    argv: onDomain(p, 'domrename', domain, '--new-name', newName),
    undo: onDomain(p, 'domrename', { ...domain, name: newName }, '--new-name', domain.name),
  }
  // The definition is there already: an undo must not take it away.
  const redefine = folder && xml ? defineSteps(p, folder, newName, xml).map(({ undo: _, ...step }): Step => step) : []
  return {
    steps: [rename, ...redefine, ...(seeded ? renameSeedSteps(folder, newName, domain.uuid) : [])],
    expect: { kind: 'guest', name: newName, states: ['stopped'] },
    warnings: [
      ...(domain.own?.folder ? [`Its files stay in ${domain.own.folder}`] : []),
      ...(seeded ? ['Inside, cloud-init gives it the new host name at its next start, unless it was changed there'] : []),
      ...(seeded || xml ? [] : ['Inside, it keeps its host name until you change it there']),
    ],
    locks: locks(domain.name, newName),
  }
}
