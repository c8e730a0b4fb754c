import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Argv } from '@/server/model/plan'
import type { Child, Ending, StartOptions } from './commands'
import { startWord } from './remote-start'
import type { Pool } from './ssh-pool'
import { type Session, startSession } from './ssh-session'
import { fedReadable } from './ssh-stream'

/** Writes a stream into a command's input, one piece at a time; the next is read when the host has taken the last. */
async function feed(session: Session, source: Readable, gone: () => boolean): Promise<void> {
  try {
    for await (const piece of source) {
      if (gone()) break
      await new Promise<void>((resolve) => session.write(piece, resolve))
    }
  } catch {
    // A source that fails ends the input early: whoever reads it counts.
  }
  session.end()
}

/** Starts a command on the host: like `startChild`, but what fails to start is told by `ended`. */
export function startRemote(pool: Pool, argv: Argv, { env, stdin, secrets }: StartOptions): Child {
  const { word, nonce } = startWord(argv, env, secrets)
  let session: Session | undefined
  const consumed = (bytes: number) => session?.consumed(bytes)
  const stdout = fedReadable(consumed)
  const stderr = fedReadable(consumed)
  const ended = new Promise<Ending>((resolve, reject) => {
    // What was pushed last may not have been read yet; a reader that left has destroyed its stream.
    const read = Promise.all([stdout.stream, stderr.stream].map((stream) => finished(stream).catch(() => {})))
    const close = () => {
      stdout.end()
      stderr.end()
    }
    session = startSession(
      pool,
      { word, nonce, name: argv[0] },
      {
        out: stdout.push,
        err: stderr.push,
        ended(ending) {
          close()
          void read.then(() => resolve(ending))
        },
        failed(error) {
          close()
          reject(error)
        },
      },
    )
  })
  ended.catch(() => {})
  if (stdin instanceof Readable) {
    let over = false
    const leave = () => {
      over = true
      stdin.destroy()
    }
    ended.then(leave, leave)
    if (session) void feed(session, stdin, () => over)
  } else {
    if (stdin !== undefined && stdin.length > 0) session?.write(typeof stdin === 'string' ? Buffer.from(stdin) : stdin)
    session?.end()
  }
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    ended,
    stop: (why) => session?.stop(why, 'TERM') ?? Promise.resolve(),
  }
}
