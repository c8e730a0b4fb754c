import type { Exec } from '../exec/types'
import type { ConsoleTarget } from '../model/console'
import { greeting } from './greeting'

/** A live stream of bytes out of a guest. */
export type Source = {
  write(bytes: Uint8Array): void
  resize(cols: number, rows: number): void
  pause(): void
  resume(): void
  /** Ends it without calling `onEnd`. */
  close(): void
}

export type SourceListener = {
  onData(bytes: Uint8Array): void /** Once, with the cause in words where there is one. */
  /** `lost`: the way to the host is gone, and the stream may go on over there. */
  onEnd(cause: string, lost?: boolean): void
}

/** Opens a console target. Rejects with the cause when it cannot be reached. */
export async function openSource(
  exec: Exec,
  target: ConsoleTarget,
  size: { cols: number; rows: number },
  listener: SourceListener,
): Promise<Source> {
  return target.kind === 'pty' ? openPty(exec, target, size, listener) : openSocket(exec, target, listener)
}

function openPty(
  exec: Exec,
  target: ConsoleTarget & { kind: 'pty' },
  size: { cols: number; rows: number },
  listener: SourceListener,
): Source {
  let open = true
  const pty = exec.pty(target.argv, { ...size, env: { TERM: 'xterm-256color', ...target.env } })
  const greeted = target.greets ? greeting(target.greets, (bytes) => open && pty.write(bytes)) : null
  const tell = (bytes: Uint8Array) => bytes.length > 0 && listener.onData(bytes)
  pty.onData((bytes) => open && tell(greeted?.shown(bytes) ?? bytes))
  pty.onExit(({ code, signal, lost }) => {
    if (!open) return
    open = false
    if (greeted) tell(greeted.rest())
    listener.onEnd(code ? `exit code ${code}` : (signal ?? ''), lost)
  })
  return {
    write: (bytes) => open && (greeted ?? pty).write(bytes),
    resize: (cols, rows) => open && pty.resize(cols, rows),
    pause: () => open && pty.pause(),
    resume: () => open && pty.resume(),
    close: () => {
      if (!open) return
      open = false
      pty.kill()
    },
  }
}

async function openSocket(exec: Exec, target: Exclude<ConsoleTarget, { kind: 'pty' }>, listener: SourceListener): Promise<Source> {
  const stream = await exec.connect(target)
  let open = true
  const end = (cause: string) => {
    if (!open) return
    open = false
    stream.destroy()
    listener.onEnd(cause)
  }
  stream.on('data', (bytes: Buffer) => open && listener.onData(bytes))
  stream.on('error', (error: Error) => end(error.message))
  stream.on('end', () => end(''))
  stream.on('close', () => end(''))
  return {
    write: (bytes) => open && stream.write(bytes),
    resize: () => {},
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    close: () => {
      open = false
      stream.destroy()
    },
  }
}
