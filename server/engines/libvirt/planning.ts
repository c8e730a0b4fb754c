import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import type { Host } from '@/server/model/host'
import type { Argv, Plan, Step } from '@/server/model/plan'
import type { EngineContext } from '../types'
import type { Domain } from './parse-domain'
import type { Reader } from './reader'
import { virsh } from './virsh'

/** What every planner reads from; none of them changes anything. */
export type Planning = {
  host: Host
  uri: string
  context: EngineContext
  info: EngineInfo
  reader: Reader
  signal: AbortSignal
}

export const refuse = (reason: string, field?: string): never => {
  throw new AppError('refused', reason, field)
}

/**
 * How a command names a domain: by its name where that is plain, so that a plan reads well; else by its UUID, because virsh would
 * take a name made of digits for an id.
 */
export const handle = (domain: Pick<Domain, 'name' | 'uuid'>): string =>
  /^[a-z][a-z0-9-]{0,62}$/.test(domain.name) && !/^[0-9a-f]{8}/.test(domain.name) ? domain.name : domain.uuid

/** A virsh command about one domain. */
export const onDomain = (p: Planning, command: string, domain: Pick<Domain, 'name' | 'uuid'>, ...rest: string[]): Argv =>
  virsh(p.uri, command, '--domain', handle(domain), ...rest)

/** A MAC address in QEMU's range that no command has to be asked for. */
export const newMac = (): string => ['52:54:00', ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':')

export const locks = (...names: string[]): Plan['locks'] => names.map((name) => `guest:${name}`)

/** Folder of a new guest; refused when one is there already, so that an undo can never take away what was there before. */
export async function newFolder(p: Planning, name: string): Promise<string> {
  const folder = posix.join(p.context.guestsDir, name)
  if (await p.reader.one(name, p.signal)) refuse(`There is already a VM ${name}`, 'name')
  if (await p.context.exec.stat(folder))
    refuse(
      `Choose another name: the folder ${folder} is in use, by a guest that was renamed or was removed without its disks, or left by an interrupted job, whose page offers to undo it`,
      'name',
    )
  return folder
}

/** The folder that Bailiwick made for this domain, or null: directly below the folder of guests and nowhere else. */
export function ownFolder(p: Planning, domain: Domain): string | null {
  const folder = domain.own?.folder
  if (!folder || posix.normalize(folder) !== folder) return null
  return posix.dirname(folder) === posix.normalize(p.context.guestsDir) ? folder : null
}

/** Steps that make the folder of a guest. The second one fails when it exists, and only then has an undo that removes it. */
export const folderSteps = (p: Planning, folder: string): Plan['steps'] => [
  { title: 'Make the folder of guests', argv: ['mkdir', '-p', '--', p.context.guestsDir] },
  { title: 'Make its folder', argv: ['mkdir', '-m', '0711', '--', folder], undo: ['rm', '-rf', '--', folder] },
]

/**
 * Steps that define a domain. The text goes through a file in the guest's folder: a pipe of Node is a socket, which virsh cannot
 * open as /dev/stdin. It stays there as a record of how the guest was made; only root reads it, it may hold a display's password.
 */
export function defineSteps(p: Planning, folder: string, name: string, xml: string): Step[] {
  const file = posix.join(folder, 'defined.xml')
  return [
    { title: 'Write its definition', write: { path: file, mode: 0o600, content: xml } },
    {
      title: 'Define the VM',
      argv: virsh(p.uri, 'define', '--file', file),
      undo: virsh(p.uri, 'undefine', '--domain', name, '--keep-nvram'),
    },
  ]
}
