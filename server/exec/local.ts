import type { Logger } from 'pino'
import { startChild } from './child'
import { createCommands } from './commands'
import { cleanEnvironment } from './environment'
import { localFiles } from './files'
import { startPty } from './pty'
import { openSocket } from './socket'
import { createStreams } from './streams'
import type { Exec } from './types'

type Options = {
  log?: Pick<Logger, 'debug'>
  /** Short commands at once; one place is kept for reads. Default 4. */
  maxConcurrent?: number
  /** Added to, or instead of, the clean environment of every command: a PATH with stand-in programs, for one. */
  env?: Record<string, string>
}

/**
 * The machine the server runs on. Commands run as the server's user, without a shell, in a clean environment and a
 * process group of their own.
 */
export function createLocalExec({ log, maxConcurrent = 4, env: base }: Options = {}): Exec {
  const commands = createCommands({
    log,
    maxConcurrent,
    start: (argv, { env, ...rest }) => startChild(argv, cleanEnvironment(base, env), rest),
  })
  const streams = createStreams({
    commands,
    log,
    pty: (argv, { env, ...size }) => startPty(argv, cleanEnvironment(base, env), size),
    follow: localFiles.follow,
  })

  return {
    ...localFiles,
    run: commands.run,
    read: commands.read,
    lines: commands.lines,
    stream: commands.stream,
    connect: openSocket,
    pty: streams.pty,
    follow: streams.follow,
    async close() {
      const ended = commands.close()
      await Promise.all([streams.close(), ended])
    },
  }
}
