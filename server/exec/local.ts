import type { Logger } from 'pino'
import { Capped } from './capped'
import { type Child, startChild } from './child'
import { cleanEnvironment } from './environment'
import { ExecError, resultError } from './error'
import { localFiles } from './files'
import { readLines } from './lines'
import { mask, maskArgv } from './mask'
import { createPlaces } from './places'
import { startPty } from './pty'
import { createSharing } from './share'
import { openSocket } from './socket'
import type { Exec, Followed, PtyProcess, RunOptions, RunResult } from './types'

const defaultTimeoutMs = 30_000
const defaultMaxBytes = 32 * 1024 * 1024

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
  const places = createPlaces(maxConcurrent)
  const share = createSharing<string>()
  const children = new Set<Child>()
  const terminals = new Set<PtyProcess>()
  const followed = new Set<Followed>()
  let closed = false

  function track(child: Child): void {
    children.add(child)
    child.ended.then(
      () => children.delete(child),
      () => children.delete(child),
    )
  }

  async function perform(
    argv: Parameters<Exec['run']>[0],
    options: RunOptions,
    kind: 'read' | 'run',
    starting?: () => void,
  ): Promise<RunResult> {
    const { stdin, timeoutMs = defaultTimeoutMs, signal, maxBytes = defaultMaxBytes, secrets, onOutput } = options
    const calledOff = () => new ExecError(`${argv[0]} was called off`, { reason: 'aborted', argv, secrets })
    const release = await places.take(kind, signal).catch(() => {
      throw calledOff()
    })
    const since = performance.now()
    let timer: NodeJS.Timeout | undefined
    let abort = () => {}
    try {
      if (closed || signal?.aborted) throw calledOff()
      starting?.()
      const child = startChild(argv, cleanEnvironment(base, options.env), stdin, secrets)
      track(child)
      const stdout = new Capped(maxBytes, onOutput && ((text) => onOutput('stdout', text)))
      const stderr = new Capped(maxBytes, onOutput && ((text) => onOutput('stderr', text)))
      child.process.stdout?.on('data', (piece: Buffer) => stdout.add(piece))
      child.process.stderr?.on('data', (piece: Buffer) => stderr.add(piece))
      abort = () => void child.stop('aborted')
      signal?.addEventListener('abort', abort, { once: true })
      timer = setTimeout(() => void child.stop('timeout'), timeoutMs)
      const { code, signal: by } = await child.ended
      const seconds = (performance.now() - since) / 1000
      log?.debug({ argv: maskArgv(argv, secrets), code, signal: by, ms: Math.round(seconds * 1000) }, 'ran')
      return {
        argv,
        code,
        signal: by,
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.truncated || stderr.truncated,
        seconds,
      }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      release()
    }
  }

  return {
    run: (argv, options = {}) => perform(argv, options, 'run'),

    read(argv, options = {}) {
      const { signal, secrets, ...rest } = options
      const key = JSON.stringify([
        argv,
        rest.env,
        rest.maxBytes,
        rest.timeoutMs,
        typeof rest.stdin === 'string' ? rest.stdin : rest.stdin?.toString(),
      ])
      return share(key, signal, async (shared, started) => {
        const result = await perform(argv, { ...rest, secrets, signal: shared }, 'read', started)
        if (result.code !== 0 || result.signal) throw resultError(result, secrets)
        if (result.truncated)
          throw new ExecError(`${mask(argv.slice(0, 2).join(' '), secrets)} wrote more than the limit`, { reason: 'output', argv, secrets })
        return result.stdout
      })
    },

    lines(argv, options = {}) {
      if (closed) throw new ExecError(`${argv[0]} was called off`, { reason: 'aborted', argv })
      log?.debug({ argv }, 'follows')
      return readLines(argv, cleanEnvironment(base, options.env), options.signal, track)
    },

    pty(argv, { cols, rows, env }) {
      if (closed) throw new ExecError(`${argv[0]} was called off`, { reason: 'aborted', argv })
      const terminal = startPty(argv, cleanEnvironment(base, env), { cols, rows })
      log?.debug({ argv, pid: terminal.pid }, 'opened a terminal')
      terminals.add(terminal)
      terminal.onExit(() => terminals.delete(terminal))
      return terminal
    },

    connect: openSocket,
    ...localFiles,

    async follow(path, options, onData) {
      if (closed) throw new ExecError(`Following ${path} was called off`, { reason: 'aborted' })
      const file = await localFiles.follow(path, options, onData)
      const mine: Followed = {
        ...file,
        close() {
          followed.delete(mine)
          file.close()
        },
      }
      if (closed) file.close()
      else followed.add(mine)
      return mine
    },

    async close() {
      closed = true
      const gone = [...terminals].map((terminal) => new Promise<void>((resolve) => terminal.onExit(() => resolve())))
      for (const file of followed) file.close()
      for (const terminal of terminals) terminal.kill()
      await Promise.all([...gone, ...[...children].map((child) => child.stop('aborted'))])
    },
  }
}
