import { AppError } from '@/server/errors'
import { mask, maskArgv } from './mask'
import type { RunResult } from './types'

/** `missing`: no such program or file; `start`: it could not be started; `exit`: it ended with a code that is not 0; `lost`: the connection to the host ended first. */
export type ExecReason = 'missing' | 'start' | 'exit' | 'timeout' | 'aborted' | 'output' | 'file' | 'connect' | 'lost'

type Facts = {
  reason: ExecReason
  argv?: readonly string[]
  exitCode?: number | null
  stderr?: string
  secrets?: string[]
  cause?: unknown
}

const tail = (text: string, length: number) => (text.length > length ? `…${text.slice(-length)}` : text)

/** A host command, file or socket that failed, in words. `argv` and `stderr` hold no secrets. */
export class ExecError extends AppError {
  readonly reason: ExecReason
  readonly argv: readonly string[]
  readonly exitCode: number | null
  /** The last 4,000 characters. */
  readonly stderr: string

  constructor(message: string, facts: Facts) {
    const absent = facts.reason === 'missing' || facts.reason === 'connect' || facts.reason === 'lost'
    super(absent ? 'unavailable' : 'failed', mask(message, facts.secrets), undefined, { cause: facts.cause })
    this.name = 'ExecError'
    this.reason = facts.reason
    this.argv = maskArgv(facts.argv ?? [], facts.secrets)
    this.exitCode = facts.exitCode ?? null
    this.stderr = tail(mask(facts.stderr ?? '', facts.secrets), 4000)
  }
}

/** Whether something was called off by ourselves (a stop, a cancel, a removed host), which is no fault of the host. */
export const isCalledOff = (error: unknown): boolean => error instanceof ExecError && error.reason === 'aborted'

export const errnoCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Why a program could not be started: the words for spawn's error codes (execve(2)). */
export function startError(argv: readonly string[], cause: unknown, secrets?: string[]): ExecError {
  const program = argv[0] ?? ''
  const code = errnoCode(cause)
  const facts = { argv, cause, secrets }
  if (code === 'ENOENT') {
    const words = program.includes('/') ? `${program} does not exist on this host` : `${program} is not installed on this host`
    return new ExecError(words, { ...facts, reason: 'missing' })
  }
  if (code === 'EACCES') return new ExecError(`${program} may not be run by this user`, { ...facts, reason: 'start' })
  if (code === 'E2BIG') return new ExecError(`The arguments of ${program} are too long`, { ...facts, reason: 'start' })
  if (code === 'EAGAIN' || code === 'ENOMEM')
    return new ExecError(`${program} cannot be started: the host is out of processes or memory`, { ...facts, reason: 'start' })
  return new ExecError(`${program} cannot be started: ${cause instanceof Error ? cause.message : String(cause)}`, {
    ...facts,
    reason: 'start',
  })
}

/** What a finished command says when it did not end well: its own last words where it has some. */
export function resultError(result: RunResult, secrets?: string[]): ExecError {
  const facts = { argv: result.argv, exitCode: result.code, stderr: result.stderr, secrets }
  const name = result.argv.slice(0, 2).join(' ')
  const words = tail(result.stderr.trim() || result.stdout.trim(), 600)
  const said = words ? `: ${words}` : ''
  if (result.signal === 'timeout')
    return new ExecError(`${name} did not end within ${Math.round(result.seconds)} s${said}`, { ...facts, reason: 'timeout' })
  if (result.signal === 'aborted') return new ExecError(`${name} was called off`, { ...facts, reason: 'aborted' })
  const how = result.signal ? `was ended by ${result.signal}` : `failed with code ${result.code}`
  return new ExecError(`${name} ${how}${said}`, { ...facts, reason: 'exit' })
}
