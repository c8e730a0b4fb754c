import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import type { ConsoleTarget } from '@/server/model/console'
import type { ConsoleKind, Guest } from '@/server/model/guest'
import type { Client } from './client'

/** The same for every guest: a login shell of root, bash where there is one. Nothing of ours is put into it. */
const login = 'cd; if [ -x /bin/bash ]; then exec /bin/bash -l; else exec /bin/sh -l; fi'

/**
 * Incus says how it is left, ended by LF CR as only a program does that has the terminal for itself. It does so before it has
 * reached the guest, and when it has, LXC throws away what was typed (seen with 6.0.4: up to 0.2 s later on a busy machine,
 * and nothing tells when).
 */
const greets = { end: '\n\r', line: true, reachMs: 500 }

/**
 * Where a guest's console is. `shell`: a login shell in it. `serial`: its own console; Ctrl-A q leaves it (that pair is
 * the program's, a single Ctrl-A is sent by Ctrl-A a). `--force` takes over from a session left behind.
 */
export async function consoleTarget(client: Client, guest: Guest, kind: ConsoleKind, exec: Exec): Promise<ConsoleTarget> {
  if (kind === 'vnc') throw new AppError('refused', `${guest.name} has no screen: use its shell or its serial console`)
  if (guest.state !== 'running') throw new AppError('refused', `${guest.name} is ${guest.state}: start it to use its console`)
  const env = { ...client.env, TERM: 'xterm-256color' }
  if (kind === 'shell')
    return { kind: 'pty', argv: client.argv('exec', guest.name, '--env', 'TERM=xterm-256color', '--', '/bin/sh', '-c', login), env }
  const force = client.program === 'incus' ? ['--force'] : []
  const path = `${client.logDir}/${guest.name}/console.log`
  const logged = await exec.stat(path).catch(() => null)
  // Not followed like a VM's serial log: when a container stops, LXC empties it and writes it anew (seen with 6.0.4).
  const history = logged ? { path } : undefined
  return { kind: 'pty', argv: client.argv('console', guest.name, ...force), env, history, greets }
}
