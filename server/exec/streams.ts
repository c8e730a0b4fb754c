import type { Logger } from 'pino'
import type { Commands } from './commands'
import type { Exec, Followed, PtyProcess } from './types'

type Options = Pick<Exec, 'pty' | 'follow'> & { commands: Pick<Commands, 'open' | 'closed'>; log?: Pick<Logger, 'debug'> }

/** Terminals and followed files of a host, kept so that all of them end with it. */
export function createStreams({ commands, log, pty, follow }: Options): Pick<Exec, 'pty' | 'follow' | 'close'> {
  const terminals = new Set<PtyProcess>()
  const followed = new Set<Followed>()

  return {
    pty(argv, options) {
      commands.open(argv[0])
      const terminal = pty(argv, options)
      log?.debug({ argv, pid: terminal.pid }, 'opened a terminal')
      terminals.add(terminal)
      terminal.onExit(() => terminals.delete(terminal))
      return terminal
    },

    async follow(path, options, onData) {
      commands.open(`Following ${path}`)
      const file = await follow(path, options, onData)
      const mine: Followed = {
        ...file,
        close() {
          followed.delete(mine)
          file.close()
        },
      }
      if (commands.closed) file.close()
      else followed.add(mine)
      return mine
    },

    async close() {
      const gone = [...terminals].map((terminal) => new Promise<void>((resolve) => terminal.onExit(() => resolve())))
      for (const file of followed) file.close()
      for (const terminal of terminals) terminal.kill()
      await Promise.all(gone)
    },
  }
}
