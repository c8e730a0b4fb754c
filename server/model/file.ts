import type { Allowed, EngineInfo } from './capability'
import type { Guest } from './guest'

/** What lies in a folder of a guest, as its own system tells. */
export type FileEntry = {
  name: string
  kind: 'file' | 'folder' | 'link' | 'other'
  /** Bytes; of files only. */
  sizeBytes?: number
  /** ms since 1970 */
  modifiedAt: number
  /** "rwxr-xr-x" */
  mode: string
  uid: number
  gid: number
}

/** `left`: how many more there are that are not told: beyond the limit, or with a line break in their name. */
export type Folder = { path: string; entries: FileEntry[]; left: number }

export const mostEntries = 5_000

/** The path of a name in a folder. */
export const inFolder = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`)

/** The folder that a path is in; of the root: itself. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Whether files can be moved into and out of a guest now, else why not. Pages and the server both ask here. */
export function canMoveFiles(guest: Guest, info: EngineInfo | undefined): Allowed {
  if (!info) return guest.lastSeenAt !== undefined && guest.warning ? guest.warning : 'Its engine does not answer'
  if (guest.state !== 'running') return 'It is not running: its own system is what reads and writes its files'
  if (guest.agent || guest.consoles.includes('shell')) return true
  // CBSD gives its VMs no channel for an agent.
  return guest.type === 'vm' && guest.engine !== 'cbsd'
    ? 'It has no guest agent that answers: install and start qemu-guest-agent in it'
    : `${info.name} has no way to its files: use its console or ssh`
}
