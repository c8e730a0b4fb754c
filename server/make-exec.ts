import { AppError } from './errors'
import { defaultPath } from './exec/environment'
import { createLocalExec } from './exec/local'
import type { Exec } from './exec/types'
import type { Way } from './inventory/inventory'
import type { Log } from './log'
import type { Host } from './model/host'

/** Makes the door to each host by the way it is reached. `path`: folders before the usual ones on this machine. */
export function createMakeExec({ log, path }: { log: Log; path?: string }) {
  return (host: Host, _onWay: (way: Way) => void = () => {}): Exec => {
    if (host.transport === 'local') return createLocalExec({ log, env: path ? { PATH: `${path}:${defaultPath}` } : undefined })
    throw new AppError('unavailable', `${host.name} is reached over ssh, which this build cannot do`)
  }
}
