import { Duplex, Readable } from 'node:stream'

/** A stream fed by a channel. What its reader has not taken up is not given back to the channel, which then sends no more. */
export type Fed = { push(bytes: Buffer): void; end(error?: Error): void }

function feeder(stream: Readable, consumed: (bytes: number) => void): Fed & { pulled(): void } {
  let owed = 0
  const pulled = () => {
    const bytes = owed
    owed = 0
    if (bytes > 0) consumed(bytes)
  }
  return {
    pulled,
    push(bytes) {
      owed += bytes.length
      // A reader that has left must not hold up the command.
      if (stream.destroyed || stream.push(bytes)) pulled()
    },
    end(error) {
      if (stream.destroyed) return
      if (error) stream.destroy(error)
      else stream.push(null)
    },
  }
}

/** The output of a command. */
export function fedReadable(consumed: (bytes: number) => void): { stream: Readable } & Fed {
  let fed: ReturnType<typeof feeder> | undefined
  const stream = new Readable({ read: () => fed?.pulled() })
  fed = feeder(stream, consumed)
  return { stream, push: fed.push, end: fed.end }
}

/** Both ways of a forwarded socket. */
export function fedDuplex(
  consumed: (bytes: number) => void,
  write: (bytes: Uint8Array, done: () => void) => void,
  finish: () => void,
  destroy: () => void,
): { stream: Duplex } & Fed {
  let fed: ReturnType<typeof feeder> | undefined
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => fed?.pulled(),
    write: (chunk: Uint8Array, _encoding, done) => write(chunk, () => done()),
    final(done) {
      finish()
      done()
    },
    destroy(error, done) {
      destroy()
      done(error)
    },
  })
  fed = feeder(stream, consumed)
  return { stream, push: fed.push, end: fed.end }
}
