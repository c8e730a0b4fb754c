import { posix } from 'node:path'
import type { EngineStatus } from '@/server/model/capability'
import type { EngineContext } from '../types'
import { readUri } from './probe'

/** Says who we are where the nearest folder that is there may not be written; the text is constant, for any sh. */
const look = 'd=$1; while [ ! -e "$d" ]; do d=$(dirname -- "$d"); done; [ -d "$d" ] && [ -w "$d" ] || id -un'

/**
 * Disks and images lie in a folder of the host that its user may not be able to make: then everything is shown, and what
 * writes there is refused with the command that mends it. QEMU's own user must get through that folder, hence its mode.
 */
export async function withStore(
  status: EngineStatus,
  uri: string,
  { exec, guestsDir }: Pick<EngineContext, 'exec' | 'guestsDir'>,
  signal: AbortSignal,
): Promise<EngineStatus> {
  const { driver, local } = readUri(uri)
  if (status.state !== 'ready' || driver !== 'qemu' || !local) return status
  const result = await exec.run(['/bin/sh', '-c', look, 'sh', guestsDir], { signal })
  const user = result.stdout.trim()
  if (result.code !== 0 || user === '') return status
  const store = posix.dirname(guestsDir)
  const words = `Disks and images are kept in ${store}, where ${user} may not write`
  const remedy = `sudo install -d -m 755 -o ${user} ${store}`
  const { info } = status
  const refusal = `${words}. Run: ${remedy}`
  return { ...status, info: { ...info, operations: { ...info.operations, create: refusal, clone: refusal }, missing: { words, remedy } } }
}
