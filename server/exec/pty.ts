import { accessSync, constants } from 'node:fs'
import { spawn } from 'node-pty'
import type { Argv } from '@/server/model/plan'
import { startError } from './error'
import { endGroup } from './group'
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

/** Starts a command on a terminal of its own. Bytes are passed as they are, valid UTF-8 or not. */
export function startPty(argv: Argv, env: Record<string, string>, size: { cols: number; rows: number }): PtyProcess {
  const file = locate(argv, env.PATH ?? '')
  const terminal = spawn(file, argv.slice(1), { name: 'xterm-256color', cols: size.cols, rows: size.rows, cwd: '/', env, encoding: null })
  let exited = false
  let killing = false
  terminal.onExit(() => {
    exited = true
  })
  return {
    pid: terminal.pid,
    onData(listener) {
      // Typed as text by node-pty, bytes when there is no encoding.
      terminal.onData((data: string | Uint8Array) => listener(typeof data === 'string' ? Buffer.from(data) : data))
    },
    onExit(listener) {
      terminal.onExit(({ exitCode, signal }) => listener(signal ? { code: null, signal: `signal ${signal}` } : { code: exitCode }))
    },
    write(bytes) {
      if (!exited) terminal.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    },
    resize(cols, rows) {
      if (!exited) terminal.resize(cols, rows)
    },
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    kill() {
      if (exited || killing) return
      killing = true
      // A paused terminal would hold back the end of its own process.
      terminal.resume()
      void endGroup(terminal.pid, 'SIGHUP')
    },
  }
}
