import { AppError } from '@/server/errors'
import type { ConsoleTarget } from '@/server/model/console'
import type { ConsoleKind } from '@/server/model/guest'
import type { Argv } from '@/server/model/plan'
import { asRoot, type Caller } from './argv'
import { guestQuestion } from './ask'
import { integer, text } from './row'
import type { Found, Vm } from './types'

const refuse = (words: string) => new AppError('refused', words)
const terminal = { TERM: 'xterm-256color' }

/**
 * CBSD runs every VM in a session of tmux: bhyve's on a server of its own (-L cbsd-NAME), QEMU's on the default one, though
 * `qlogin` looks for it on its own. With vm_console=nmdm the session shows cu(1) on the B side, which nobody else can open.
 * `=`: exactly this session, for tmux takes the beginning of a name as well.
 */
function serial(caller: Caller, vm: Vm): Argv {
  if (vm.engine === 'bhyve') return asRoot(caller, 'tmux', '-u', '-L', `cbsd-${vm.name}`, 'attach-session')
  // tmux itself puts _ for what its targets cannot hold.
  return asRoot(caller, 'tmux', '-u', 'attach-session', '-t', `=cbsd-${vm.name.replace(/[.:]/g, '_')}`)
}

/** What has left that session's screen, which tmux keeps: 2,000 lines unless its settings say otherwise. */
function scrolledOff(caller: Caller, vm: Vm): Argv {
  const capture = ['capture-pane', '-p', '-e', '-S', '-', '-E', '-1'] as const
  if (vm.engine === 'bhyve') return asRoot(caller, 'tmux', '-u', '-L', `cbsd-${vm.name}`, ...capture)
  return asRoot(caller, 'tmux', '-u', ...capture, '-t', `=cbsd-${vm.name.replace(/[.:]/g, '_')}:`)
}

/** Where its screen is. CBSD keeps the port of a VM that has stopped: only that of a running one counts. */
function screen(vm: Vm): ConsoleTarget {
  const port = integer(vm.settings, 'vnc_port')
  if (!port || port < 1024 || port > 65_535) throw refuse('Its screen is not open yet, or it has none')
  const bind = text(vm.settings, 'bhyve_vnc_tcp_bind') ?? text(vm.settings, 'qemu_vnc_tcp_bind') ?? '127.0.0.1'
  const everywhere = bind === '0.0.0.0' || bind === '::'
  // QEMU is started without a password, whatever CBSD prints.
  const password = vm.engine === 'bhyve' ? text(vm.settings, 'vnc_password') : undefined
  return { kind: 'tcp', host: everywhere ? '127.0.0.1' : bind, port, ...(password && { password }) }
}

/** Where the console of a guest is. `vm.settings` must be its whole row. Throws `refused` with the reason. */
export function consoleTarget(caller: Caller, found: Found, kind: ConsoleKind): ConsoleTarget {
  if (found.alive === 0) throw refuse('It is not running')
  if (found.kind === 'jail') {
    if (kind !== 'shell') throw refuse('A jail has a shell, and no screen or serial port')
    return { kind: 'pty', argv: guestQuestion(caller, 'login', found.name), env: terminal }
  }
  if (kind === 'shell') throw refuse('A VM has no shell from outside: use its serial console')
  if (!found.guest.consoles.includes(kind)) throw refuse(`CBSD gives no ${kind === 'vnc' ? 'screen' : 'serial console'} of it`)
  return kind === 'vnc'
    ? screen(found)
    : { kind: 'pty', argv: serial(caller, found), env: terminal, history: { argv: scrolledOff(caller, found) } }
}
