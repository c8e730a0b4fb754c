import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import type { Image } from '@/server/model/image'
import type { Plan, Step } from '@/server/model/plan'
import type { Inventory } from '@/server/services'
import type { PlanContext } from './frame'
import { readHeader } from './header'
import { imagePaths } from './paths'
import { type ContainerEngine, deleteAlias } from './plan-debian-container'

/** A qcow2 header with the name of its backing file, which may be 1,023 bytes long, fits the first cluster of 64 KiB. */
const clusterBytes = 64 * 1024

/** Guests' folders whose overlays lie on a file in `folder`. Reads the files' own headers, so it sees guests that no engine knows. */
async function overlaysOn(exec: Exec, storeDir: string, folder: string): Promise<string[]> {
  const guests = posix.join(storeDir, 'guests')
  const users: string[] = []
  for (const name of await exec.readDir(guests)) {
    for (const file of await exec.readDir(posix.join(guests, name))) {
      const path = posix.join(guests, name, file)
      if (!file.endsWith('.qcow2') || (await exec.stat(path))?.isDirectory) continue
      const header = readHeader(await exec.readFile(path, { maxBytes: clusterBytes }))
      if (header.kind === 'qcow2' && header.backing?.startsWith(`${folder}/`)) users.push(name)
    }
  }
  return users
}

/** Libvirt guests whose definition names a file in `folder`: a kernel, a CD, a disk. One that cannot be read does not count. */
async function definitionsOn(inventory: Pick<Inventory, 'guests' | 'engine'>, host: string, folder: string): Promise<string[]> {
  const users: string[] = []
  for (const guest of inventory.guests()) {
    if (guest.host !== host || guest.engine !== 'libvirt') continue
    const detail = await inventory
      .engine(host, 'libvirt')
      .inspect(guest.name, AbortSignal.timeout(10_000))
      .catch(() => null)
    if (detail?.config.text.includes(`${folder}/`)) users.push(guest.name)
  }
  return users
}

/** Removes an image, its alias too. Rejects with `refused` and the names when guests use it. */
export async function planRemove(
  context: PlanContext,
  inventory: Pick<Inventory, 'guests' | 'engine'>,
  image: Image,
  engine: ContainerEngine | null,
): Promise<Plan> {
  const { exec, storeDir } = context
  const paths = imagePaths(storeDir, image.id)
  const users = new Set([
    ...(await overlaysOn(exec, storeDir, paths.folder)),
    ...(image.kind === 'container' ? [] : await definitionsOn(inventory, image.host, paths.folder)),
  ])
  if (users.size > 0) {
    const names = [...users].sort()
    const shown = names.slice(0, 5).join(', ')
    throw new AppError(
      'refused',
      `Used by ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''}: remove what uses it first`,
      'id',
    )
  }
  const steps: Step[] = []
  const alias = image.files.alias
  if (alias && engine)
    // Exit code 1: somebody deleted the alias already.
    steps.push({ title: 'Remove it from the container engine', argv: deleteAlias(engine, alias), okCodes: [0, 1], timeoutMs: 120_000 })
  steps.push({ title: 'Remove its files', argv: ['rm', '-rf', '--', paths.folder], timeoutMs: 120_000 })
  return { steps, expect: { kind: 'file', path: paths.folder, present: false }, warnings: [], locks: [`image:${image.id}`] }
}
