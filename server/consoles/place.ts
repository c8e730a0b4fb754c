import type { EngineHost } from '../engines/types'
import type { Exec } from '../exec/types'
import type { ConsoleTarget } from '../model/console'
import type { EngineKind } from '../model/guest'
import type { Argv } from '../model/plan'
import type { Inventory } from '../services'
import { type ConsoleSubject, type SessionOf, type Standing, subjectId } from './of'

export type PlaceInventory = Pick<Inventory, 'exec' | 'guest' | 'guests' | 'host'> & {
  engine(host: string, kind: EngineKind): Pick<EngineHost, 'console'>
}

/** Where a session's bytes come from, as it is at the time of asking. */
export type Place = SessionOf & {
  /** Nothing when it is gone. */
  standing(): Standing | undefined
  /** The engine's lasting name for the guest, where there is one. */
  identity(): string | undefined
  target(signal: AbortSignal): Promise<ConsoleTarget>
  exec(): Exec
}

/**
 * The login shell of whoever commands run as: the server's user, or the login over ssh. What it is stands in the passwd database;
 * `-l` is no option of every sh, so that one reads the start files of a login itself.
 */
const loginShell: Argv = [
  '/bin/sh',
  '-c',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: sh's own braces
  'cd; u=$(id -un); s=$(getent passwd "$u" | cut -d: -f7); s=${s:-/bin/sh}; export SHELL="$s" USER="$u" LOGNAME="$u"; case $s in */sh) for f in /etc/profile "$HOME/.profile"; do [ ! -r "$f" ] || . "$f"; done; exec "$s" ;; esac; exec "$s" -l',
]

/** The place of a serial console or a shell. */
export function placeOf(subject: ConsoleSubject, kind: SessionOf['kind'], inventory: PlaceInventory): Place {
  const id = subjectId(subject)
  if ('host' in subject) {
    const { host } = subject
    return {
      id,
      kind,
      standing: () => (inventory.host(host) ? { type: 'host', state: 'running' } : undefined),
      identity: () => undefined,
      target: async () => ({ kind: 'pty', argv: loginShell }),
      exec: () => inventory.exec(host),
    }
  }
  const { host, engine, name } = subject.guest
  return {
    id,
    kind,
    standing: () => inventory.guest(id),
    identity: () => inventory.guest(id)?.identity,
    target: (signal) => inventory.engine(host, engine).console(name, kind, signal),
    exec: () => inventory.exec(host),
  }
}
