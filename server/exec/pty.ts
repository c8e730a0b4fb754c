import { accessSync, closeSync, constants, openSync } from 'node:fs'
import { type IPty, spawn } from 'node-pty'
import type { Argv } from '@/server/model/plan'
import { startError } from './error'
import { endGroup, groupExists } from './group'
import type { PtyProcess } from './types'

/** The program's file. node-pty would report a missing one only as text on the terminal. */
function locate(argv: Argv, path: string): string {
  const program = argv[0]
  const candidates = program.includes('/') ? [program] : path.split(':').map((folder) => `${folder}/${program}`)
  let last: unknown
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch (error) {
      last = error
    }
  }
  throw startError(argv, last)
}

function running(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Less than the 200 ms that node-pty grants a terminal to be read after its process has ended. */
const lookMs = 50

/**
 * Holds the program's side of the terminal open. Otherwise the reader is told of the hang-up as soon as the last process
 * has gone, and takes that for the end though bytes are left to read (seen: 4,096 of 9,000 came through). Twice, because
 * Linux hangs up when at most two have it open, and the program is one of them. Gives how to let go.
 */
function holdOpen(terminal: IPty): () => void {
  const path = 'ptsName' in terminal && typeof terminal.ptsName === 'string' ? terminal.ptsName : undefined
  const held: number[] = []
  try {
    if (path) for (let i = 0; i < 2; i++) held.push(openSync(path, constants.O_RDWR | constants.O_NOCTTY))
  } catch {
    // It has ended already, or the system does not allow it: then its last bytes may be lost.
  }
  return () => {
    for (const fd of held.splice(0)) closeSync(fd)
  }
}

type Exit = { code: number | null; signal?: string }

/**
 * Starts a command on a terminal of its own. Bytes are passed as they are, valid UTF-8 or not. The last bytes come before
 * the exit also when the terminal was paused as the process ended: they are read then, and kept until it goes on.
 */
export function startPty(argv: Argv, env: Record<string, string>, size: { cols: number; rows: number }): PtyProcess {
  const file = locate(argv, env.PATH ?? '')
  const terminal = spawn(file, argv.slice(1), { name: 'xterm-256color', cols: size.cols, rows: size.rows, cwd: '/', env, encoding: null })
  const letGo = holdOpen(terminal)
  const onData = new Set<(bytes: Uint8Array) => void>()
  const onExit = new Set<(exit: Exit) => void>()
  let kept: Uint8Array[] = []
  let exit: Exit | undefined
  let paused = false
  let killing = false
  let look: NodeJS.Timeout | undefined

  const tell = (bytes: Uint8Array) => {
    for (const listener of onData) listener(bytes)
  }
  const ended = () => {
    if (exit) for (const listener of onExit) listener(exit)
  }
  // Typed as text by node-pty, bytes when there is no encoding.
  terminal.onData((data: string | Uint8Array) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    if (paused) kept.push(bytes)
    else tell(bytes)
  })
  terminal.onExit(({ exitCode, signal }) => {
    clearInterval(look)
    letGo()
    exit = signal ? { code: null, signal: `signal ${signal}` } : { code: exitCode }
    if (!paused) ended()
  })

  function resume(): void {
    if (!paused) return
    paused = false
    clearInterval(look)
    const bytes = kept
    kept = []
    for (const piece of bytes) tell(piece)
    if (exit) ended()
    else terminal.resume()
  }

  /** A process just forked is not the leader of its group yet: a signal to the group would reach nobody, and it would live on. */
  async function hangUp(): Promise<void> {
    for (let looks = 0; looks < 400 && !exit && !groupExists(terminal.pid); looks++) await new Promise((resolve) => setTimeout(resolve, 5))
    if (!exit) await endGroup(terminal.pid, 'SIGHUP')
  }

  return {
    pid: terminal.pid,
    onData: (listener) => void onData.add(listener),
    onExit: (listener) => void onExit.add(listener),
    write(bytes) {
      if (!exit) terminal.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    },
    resize(cols, rows) {
      if (!exit) terminal.resize(cols, rows)
    },
    pause() {
      // Who asked for its end waits for nothing more.
      if (paused || exit || killing) return
      paused = true
      terminal.pause()
      look = setInterval(() => {
        if (running(terminal.pid)) return
        clearInterval(look)
        terminal.resume()
      }, lookMs)
    },
    resume,
    kill() {
      if (exit || killing) return
      killing = true
      resume()
      void hangUp()
    },
  }
}
