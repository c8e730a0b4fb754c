import { AppError } from './errors'
import { defaultPath } from './exec/environment'
import { createLocalExec } from './exec/local'
import { createSshExec } from './exec/ssh'
import type { Door, Way } from './inventory/inventory'
import type { Log } from './log'
import type { Host } from './model/host'

type Options = {
  log: Log
  /** Folders before the usual ones on this machine, as in PATH. */
  path?: string
  /** Where Bailiwick's own key for ssh lies. */
  keys: { dir: string }
}

/** Whether what ssh said of a lost host means that it shows another key than the pinned one. */
export const saysKeyChanged = (cause: string): boolean =>
  /^Warning: the host key of .* has changed\.|^Warning: .* no longer has the host key that was confirmed/.test(cause)

/** Makes the door to each host by the way it is reached. */
export function createMakeExec({ log, path, keys }: Options) {
  return (host: Host, onWay: (way: Way) => void = () => {}): Door => {
    if (host.transport === 'local') return createLocalExec({ log, env: path ? { PATH: `${path}:${defaultPath}` } : undefined })
    if (!host.ssh) throw new AppError('invalid', `It is not known how ${host.name} is reached`)
    return createSshExec({
      ssh: host.ssh,
      keys,
      log,
      onState(state) {
        if (state.state === 'up') onWay({ open: true })
        else if (state.state === 'down') onWay({ open: false, cause: state.cause, keyChanged: saysKeyChanged(state.cause) })
      },
    })
  }
}
