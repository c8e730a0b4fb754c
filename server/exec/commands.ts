import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { Argv } from '@/server/model/plan'
import { Capped } from './capped'
import { ExecError, resultError } from './error'
import { readLines } from './lines'
import { mask, maskArgv } from './mask'
import { createPlaces } from './places'
import { createSharing } from './share'
import type { Exec, RunOptions, RunResult } from './types'

export const defaultTimeoutMs = 30_000
export const defaultMaxBytes = 32 * 1024 * 1024

/** Bytes of a stream's error output that are kept: its last ones. */
const keptStderr = 32 * 1024

/** The last bytes of an output. */
class Tail {
  private pieces: Buffer[] = []
  private size = 0

  constructor(private readonly most: number) {}

  add(piece: Buffer): void {
    this.pieces.push(piece)
    this.size += piece.length
    while (this.pieces[0] && this.size - this.pieces[0].length >= this.most) this.size -= this.pieces.shift()?.length ?? 0
  }

  text(): string {
    return Buffer.concat(this.pieces).subarray(-this.most).toString('utf8')
  }
}

/** `note`: what there is to say of its end beside its output. */
export type Ending = { code: number | null; signal: string | undefined; note?: string }

/** A command that runs, here or on another machine. */
export type Child = {
  /** Where it runs on this machine. */
  pid?: number
  stdout: Readable
  stderr: Readable
  /** When it has ended and its output has been read. Rejects with `ExecError` when it could not be started. */
  ended: Promise<Ending>
  /** Ends it and all it started; `why` becomes the signal of its ending. */
  stop(why: string): Promise<void>
}

export type StartOptions = {
  env?: Record<string, string>
  stdin?: RunOptions['stdin']
  secrets?: string[]
  /** Its output is read to its end, however slowly; a daemon that it left behind would hold it open. */
  whole?: boolean
}
export type Start = (argv: Argv, options: StartOptions) => Child

/** A result whose output is bytes. */
export type BytesResult = Omit<RunResult, 'stdout'> & { stdout: Buffer }

type Options = { start: Start; log?: Pick<Logger, 'debug'>; maxConcurrent: number }

export type Commands = Pick<Exec, 'run' | 'read' | 'lines' | 'stream'> & {
  runBytes(argv: Argv, options?: RunOptions): Promise<BytesResult>
  readonly closed: boolean
  /** Throws `ExecError` once closed. */
  open(what: string): void
  /** Starts nothing more and ends what runs. */
  close(): Promise<void>
}

/** What is the same for every host: places, time limits, caps, sharing of equal reads, and the end of all of it. */
export function createCommands({ start, log, maxConcurrent }: Options): Commands {
  const places = createPlaces(maxConcurrent)
  const share = createSharing<string>()
  const children = new Set<Child>()
  let closed = false

  function track(child: Child): void {
    children.add(child)
    child.ended.then(
      () => children.delete(child),
      () => children.delete(child),
    )
  }

  async function perform(argv: Argv, options: RunOptions, kind: 'read' | 'run', starting?: () => void): Promise<BytesResult> {
    const { stdin, timeoutMs = defaultTimeoutMs, signal, maxBytes = defaultMaxBytes, secrets, onOutput, onStart, env } = options
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
      const child = start(argv, { env, stdin, secrets })
      track(child)
      if (child.pid) onStart?.(child.pid)
      const stdout = new Capped(maxBytes, onOutput && ((text) => onOutput('stdout', text)))
      const stderr = new Capped(maxBytes, onOutput && ((text) => onOutput('stderr', text)))
      child.stdout.on('data', (piece: Buffer) => stdout.add(piece))
      child.stderr.on('data', (piece: Buffer) => stderr.add(piece))
      abort = () => void child.stop('aborted')
      signal?.addEventListener('abort', abort, { once: true })
      timer = setTimeout(() => void child.stop('timeout'), timeoutMs)
      const { code, signal: by, note } = await child.ended
      if (note) stderr.add(Buffer.from(note))
      const seconds = (performance.now() - since) / 1000
      log?.debug({ argv: maskArgv(argv, secrets), code, signal: by, ms: Math.round(seconds * 1000) }, 'ran')
      return {
        argv,
        code,
        signal: by,
        stdout: stdout.bytes(),
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

  const asText = (result: BytesResult): RunResult => ({ ...result, stdout: result.stdout.toString('utf8') })

  function open(what: string): void {
    if (closed) throw new ExecError(`${what} was called off`, { reason: 'aborted' })
  }

  return {
    run: async (argv, options = {}) => asText(await perform(argv, options, 'run')),
    runBytes: (argv, options = {}) => perform(argv, options, 'read'),

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
        const result = asText(await perform(argv, { ...rest, secrets, signal: shared }, 'read', started))
        if (result.code !== 0 || result.signal) throw resultError(result, secrets)
        if (result.truncated)
          throw new ExecError(`${mask(argv.slice(0, 2).join(' '), secrets)} wrote more than the limit`, { reason: 'output', argv, secrets })
        return result.stdout
      })
    },

    lines(argv, options = {}) {
      open(argv[0])
      log?.debug({ argv }, 'follows')
      return readLines(argv, () => start(argv, { env: options.env }), options.signal, track)
    },

    stream(argv, { signal, env } = {}) {
      open(argv[0])
      if (signal?.aborted) throw new ExecError(`${argv[0]} was called off`, { reason: 'aborted', argv })
      log?.debug({ argv }, 'streams')
      const child = start(argv, { env, whole: true })
      track(child)
      const stderr = new Tail(keptStderr)
      child.stderr.on('data', (piece: Buffer) => stderr.add(piece))
      const stop = () => {
        void child.stop('aborted')
        // What nobody reads would keep it from ending.
        child.stdout.destroy()
      }
      signal?.addEventListener('abort', stop, { once: true })
      const ended = child.ended
        .then((ending) => ({ ...ending, stderr: stderr.text() }))
        .finally(() => signal?.removeEventListener('abort', stop))
      ended.catch(() => {})
      return { stdout: child.stdout, ended }
    },

    get closed() {
      return closed
    },
    open,
    async close() {
      closed = true
      await Promise.all([...children].map((child) => child.stop('aborted')))
    },
  }
}
