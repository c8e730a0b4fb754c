import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Ssh } from '@/server/model/host'
import { createCommands } from './commands'
import { remoteFiles } from './remote-files'
import { followRemote } from './remote-follow'
import { startRemote } from './ssh-child'
import { openLink } from './ssh-link'
import { checkSsh } from './ssh-options'
import { createPool, type SshState } from './ssh-pool'
import { startRemotePty } from './ssh-pty'
import { openRemoteSocket } from './ssh-socket'
import { createStreams } from './streams'
import type { Exec } from './types'

export type { SshState } from './ssh-pool'

/** The file of Bailiwick's own private key, in the folder of its keys. */
export const ownKeyFile = (dir: string) => join(dir, 'id_ed25519')

type Options = {
  ssh: Ssh
  /** Where Bailiwick's own key pair lies. */
  keys: { dir: string }
  log?: Pick<Logger, 'debug'>
  /** Short commands at once; one place is kept for reads. Default 4. */
  maxConcurrent?: number
  /** Called at each change, first with `connecting`. */
  onState?: (state: SshState) => void
  /** Another ssh than the one in PATH. For tests. */
  program?: string
  /** ms to wait after a failure; see `createPool`. */
  waitMs?: (tries: number, lasting: boolean) => number
}

/** `retry`: tries at once when the host is down. */
export type SshExec = Exec & { retry(): void }

/**
 * A machine reached by OpenSSH. Commands run as the login's user, in a clean environment but for the login's PATH; the
 * login shell may be any, what it needs to have is a POSIX sh. It connects at once, and again by itself after a loss.
 * Throws `invalid` for values that may not be given to ssh.
 */
export function createSshExec({ ssh, keys, log, maxConcurrent = 4, onState, waitMs, program }: Options): SshExec {
  checkSsh(ssh)
  const pool = createPool({
    open: (onLost, signal) => openLink({ ssh, ownKey: ownKeyFile(keys.dir), onLost, signal, program }),
    waitMs,
    onState(state) {
      log?.debug({ host: ssh.address, ...state }, 'ssh')
      onState?.(state)
    },
  })
  const commands = createCommands({ log, maxConcurrent, start: (argv, options) => startRemote(pool, argv, options) })
  const streams = createStreams({
    commands,
    log,
    pty: (argv, { env, ...size }) => startRemotePty(pool, argv, env, size),
    follow: (path, options, onData) => followRemote(pool, path, options, onData),
  })

  return {
    run: commands.run,
    read: commands.read,
    lines: commands.lines,
    stream: commands.stream,
    ...remoteFiles(commands.runBytes),
    pty: streams.pty,
    follow: streams.follow,
    async connect(target) {
      commands.open('The connection')
      return openRemoteSocket(pool, target, commands.runBytes)
    },
    retry: pool.retry,
    async close() {
      const ended = commands.close()
      await Promise.all([streams.close(), ended])
      await pool.close()
    },
  }
}
