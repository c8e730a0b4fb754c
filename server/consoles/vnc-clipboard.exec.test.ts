import { connect } from 'node:net'
import { inflateSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { consoleServer } from './fixtures/console-server'
import { qemuScreen } from './fixtures/qemu-screen'
import { ScreenClient } from './fixtures/screen-client'
import { signInToVnc } from './vnc-auth'
import { Bytes } from './vnc-bytes'
import { cutText, encodings } from './vnc-wire'

const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The pseudo-encoding and the actions of the extended clipboard (rfbproto.rst). */
const extended = 0xc0a1e5ce | 0
const text = 1
const action = { request: 1 << 25, notify: 1 << 27, provide: 1 << 28 }

/** Somebody else before the same QEMU, without us between: told of its clipboard, and asks for what is on it. */
async function neighbour(path: string) {
  const stream = connect(path)
  ends.push(() => stream.destroy())
  const bytes = new Bytes(stream)
  await signInToVnc(stream, bytes, undefined)
  stream.write(Buffer.of(1))
  const head = await bytes.take(24)
  await bytes.take(head.readUInt32BE(20))
  stream.write(encodings([extended]))
  /** The next message about the clipboard: what it does, and what comes with it. */
  const next = async (): Promise<{ flags: number; rest: Buffer }> => {
    const head = await bytes.take(8)
    expect(head[0]).toBe(3)
    const body = await bytes.take(Math.abs(head.readInt32BE(4)))
    return { flags: body.readUInt32BE(), rest: body.subarray(4) }
  }
  // What it is able to do.
  await next()
  return {
    async clipboard(): Promise<string> {
      expect((await next()).flags & action.notify).toBeTruthy()
      const ask = Buffer.alloc(12)
      ask.writeUInt8(6)
      ask.writeInt32BE(-4, 4)
      ask.writeUInt32BE(action.request | text, 8)
      stream.write(ask)
      const { flags, rest } = await next()
      expect(flags & action.provide).toBeTruthy()
      const unpacked = inflateSync(rest)
      return unpacked
        .subarray(4, 4 + unpacked.readUInt32BE())
        .toString('latin1')
        .replace(/\0$/, '')
    },
  }
}

it('puts text on the clipboard that QEMU has for its guest and for all who look at it', async () => {
  const qemu = await qemuScreen()
  ends.push(() => qemu.remove())
  const other = await neighbour(qemu.path)
  const server = await consoleServer({ target: () => ({ kind: 'unix', path: qemu.path }) })
  ends.push(() => server.close())
  const [writer, watcher] = ['', '&mode=watch'].map((more) => new ScreenClient(server.url('a', 'vnc', more)))
  if (!writer || !watcher) throw new Error('two look at it')
  ends.push(() => [writer, watcher].map((client) => client.socket.terminate()))
  for (const client of [writer, watcher]) await client.until(() => client.lit > 500)
  watcher.up.send(cutText(6, Buffer.from('from a watcher')))
  writer.up.send(cutText(6, Buffer.from('from the writer')))
  expect(await other.clipboard()).toBe('from the writer')
})
