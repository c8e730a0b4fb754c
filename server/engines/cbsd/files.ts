import { shellFiles } from '@/server/engines/guest-files'
import type { FilesTarget } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { EngineInfo } from '@/server/model/capability'
import { canMoveFiles } from '@/server/model/file'
import { asRoot, type Caller } from './argv'
import type { Found } from './types'

/**
 * The files of a jail, by commands that run in it. jexec(8) and not `cbsd jexec`, which reads its arguments once more as shell text;
 * the jail has the name that CBSD gives it. Writing into the jail's folder from outside would follow the jail's links as root.
 */
export function filesTarget(caller: Caller, found: Found, info: EngineInfo): FilesTarget {
  const allowed = canMoveFiles(found.guest, info)
  if (allowed !== true) throw new AppError('refused', allowed)
  return shellFiles((command) => asRoot(caller, 'jexec', '-l', found.name, ...command))
}
