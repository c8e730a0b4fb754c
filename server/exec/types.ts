import type { Duplex, Readable } from 'node:stream'
import type { Argv } from '@/server/model/plan'
import type { ExecError } from './error'

export type RunOptions = {
  /** Text or bytes for its input, or a stream that is read as fast as the command takes it; closed at once when absent. */
  stdin?: string | Uint8Array | Readable
  /** Killed with its whole process group after this many ms (TERM, KILL 2 s later). Default 30,000. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Output beyond this many bytes is dropped and `truncated` set. Default 32 MiB. */
  maxBytes?: number
  env?: Record<string, string>
  /** Strings masked in the log. */
  secrets?: string[]
  /** Called once with the number of its first process, where that is on this machine. It leads a group of its own. */
  onStart?: (pid: number) => void
  /** Called with each piece of output as it comes. */
  onOutput?: (stream: 'stdout' | 'stderr', text: string) => void
}

export type RunResult = {
  argv: Argv
  code: number | null /** The signal that ended it, or "timeout" or "aborted". */
  signal?: string
  stdout: string
  stderr: string
  truncated: boolean
  seconds: number
}

export type PtyProcess = {
  /** 0 while it is not known yet: on another machine it takes a moment. */
  readonly pid: number
  onData(listener: (bytes: Uint8Array) => void): void
  /** `lost`: the way to its host is gone; nobody knows how it went on. */
  onExit(listener: (exit: { code: number | null; signal?: string; lost?: boolean }) => void): void
  write(bytes: Uint8Array): void
  resize(cols: number, rows: number): void
  pause(): void
  resume(): void
  /** HUP to its group, KILL after 2 s. */
  kill(): void
}

/** A file that is being followed. `start`: how many bytes into it the first one stood that was handed over. */
export type Followed = { readonly start: number; pause(): void; resume(): void; close(): void }

/** A command whose output is taken as it comes, held back while nobody reads it. */
export type Streamed = {
  stdout: Readable
  /** When it has ended and its output was read or thrown away. Rejects with `ExecError` when it could not be started. `stderr`: its last 32 KiB. */
  ended: Promise<{ code: number | null; signal?: string; stderr: string }>
}

/** The only door to a host: argv in, bytes out. Never a shell. One object per host. */
export interface Exec {
  /** Runs a command to its end. Rejects only when it cannot be started (`ExecError`); a non-zero code is a result. */
  run(argv: Argv, options?: RunOptions): Promise<RunResult>
  /** Like `run`, for reads: equal reads asked at once share one process, and those asked while it runs share the next, so that no answer is older than its question; rejects with `ExecError` when the code is not 0. Returns stdout. */
  read(argv: Argv, options?: RunOptions): Promise<string>
  /** The lines of a command that keeps running, until it ends or the signal aborts it. Its end is the iterator's; a non-zero code rejects. */
  lines(argv: Argv, options?: { signal?: AbortSignal; env?: Record<string, string> }): AsyncIterable<string>
  /** Starts a command whose output may be of any length. It has no time limit: the signal ends it. */
  stream(argv: Argv, options?: { signal?: AbortSignal; env?: Record<string, string> }): Streamed
  pty(argv: Argv, options: { cols: number; rows: number; env?: Record<string, string> }): PtyProcess
  connect(target: { kind: 'tcp'; host: string; port: number } | { kind: 'unix'; path: string }): Promise<Duplex>
  writeFile(path: string, mode: number, content: string): Promise<void>
  /** Bytes of a file from `offset` (negative: from its end), at most `maxBytes`. Rejects with `ExecError` when it cannot be read. */
  readFile(path: string, options?: { offset?: number; maxBytes?: number }): Promise<Uint8Array>
  /** The last `tailBytes` of a file, then every byte appended to it, once and in order, also through rotation. Rejects with `ExecError` when it cannot be read. `onLost`: nothing more will come, for the host was lost. */
  follow(
    path: string,
    options: { tailBytes: number; onLost?: (error: ExecError) => void },
    onData: (bytes: Uint8Array) => void,
  ): Promise<Followed>
  /** Size and modification time, or null when there is none. */
  stat(path: string): Promise<{ size: number; mtimeMs: number; isDirectory: boolean } | null>
  /** Names in a directory; empty when there is none. */
  readDir(path: string): Promise<string[]>
  /** Ends everything it started. */
  close(): Promise<void>
}
