import type { Argv } from '@/server/model/plan'
import { startWord } from './remote-start'
import type { Pool } from './ssh-pool'
import { startSession } from './ssh-session'
import type { PtyProcess } from './types'

type Exit = { code: number | null; signal?: string; lost?: boolean }

/**
 * A command on a terminal of the host. It is there at once; a program that is missing or a host that is down is told on
 * the terminal, in words, and then as its end.
 */
export function startRemotePty(
  pool: Pool,
  argv: Argv,
  env: Record<string, string> | undefined,
  size: { cols: number; rows: number },
): PtyProcess {
  const { word, nonce } = startWord(argv, { TERM: 'xterm-256color', ...env })
  const onData = new Set<(bytes: Uint8Array) => void>()
  const onExit = new Set<(exit: Exit) => void>()
  let kept: Buffer[] = []
  let paused = false
  let killing = false
  let exit: Exit | undefined
  let told = false

  const tell = (bytes: Buffer) => {
    for (const listener of onData) listener(bytes)
    session.consumed(bytes.length)
  }
  function finish(ending: Exit): void {
    exit = ending
    if (!paused) over()
  }
  function over(): void {
    if (!exit || told) return
    told = true
    for (const listener of onExit) listener(exit)
  }
  const session = startSession(
    pool,
    { word, nonce, name: argv[0], pty: size },
    {
      out(bytes) {
        if (paused) kept.push(bytes)
        else tell(bytes)
      },
      err: (bytes) => session.consumed(bytes.length),
      ended: ({ code, signal }) => finish(signal === undefined ? { code } : { code: null, signal }),
      failed(error) {
        if (error.reason === 'lost' || error.reason === 'connect') return finish({ code: null, signal: error.message, lost: true })
        const words = Buffer.from(`\r\n${error.message}\r\n`)
        if (paused) kept.push(words)
        else for (const listener of onData) listener(words)
        finish(error.reason === 'missing' ? { code: 127 } : { code: null, signal: error.message })
      },
    },
  )

  function resume(): void {
    if (!paused) return
    paused = false
    const bytes = kept
    kept = []
    for (const piece of bytes) tell(piece)
    over()
  }

  return {
    get pid() {
      return session.pid()
    },
    onData: (listener) => void onData.add(listener),
    onExit: (listener) => void onExit.add(listener),
    write: (bytes) => session.write(bytes),
    resize: (cols, rows) => session.resize(cols, rows),
    pause() {
      // Who asked for its end waits for nothing more.
      if (!exit && !killing) paused = true
    },
    resume,
    kill() {
      if (exit || killing) return
      killing = true
      resume()
      void session.stop('SIGHUP', 'HUP')
    },
  }
}
