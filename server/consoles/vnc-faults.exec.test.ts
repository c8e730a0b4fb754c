import { createServer, type Socket } from 'node:net'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { consoleServer } from './fixtures/console-server'
import { ScreenClient } from './fixtures/screen-client'
import { cutText, encoding, extendedKeyEvent, keyEvent, rectHeader } from './vnc-wire'

const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** As bhyve of FreeBSD 13 sends it: 32 bits, blue first. */
const format = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
function hello(width: number, height: number): Buffer {
  const init = Buffer.alloc(28)
  init.writeUInt16BE(width)
  init.writeUInt16BE(height, 2)
  init.set(format, 4)
  init.writeUInt32BE(4, 20)
  init.write('test', 24)
  return init
}
const update = (...rects: Buffer[]) => Buffer.concat([Buffer.of(0, 0, rects.length >> 8, rects.length & 0xff), ...rects])
const raw = (x: number, y: number, width: number, height: number, value = 0xff) =>
  Buffer.concat([rectHeader({ x, y, width, height }, encoding.raw), Buffer.alloc(width * height * 4, value)])

/** A VNC server without a password that does what the test says. `send` is called once the screen was asked for. */
async function screen(send: (socket: Socket) => void, { width = 64, height = 48, piece = 0, far = false } = {}) {
  const got: Buffer[] = []
  let wake = () => {}
  const server = createServer((socket) => {
    const put = (bytes: Buffer) => {
      if (!piece) socket.write(bytes)
      else for (let at = 0; at < bytes.length; at += piece) socket.write(bytes.subarray(at, at + piece))
    }
    socket.setNoDelay(true)
    socket.on('error', () => {})
    put(Buffer.from('RFB 003.008\n'))
    let step = 0
    let asked = false
    socket.on('data', (bytes: Buffer) => {
      if (step === 0) put(Buffer.of(1, 1))
      else if (step === 1) put(Buffer.alloc(4))
      else if (step === 2) put(hello(width, height))
      else {
        got.push(bytes)
        wake()
        if (!asked && bytes.includes(Buffer.of(3, 0, 0, 0, 0, 0))) {
          asked = true
          send(socket)
        }
      }
      step++
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const hub = await consoleServer({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port }), transport: far ? 'ssh' : 'local' })
  ends.push(() => hub.close())
  const client = new ScreenClient(hub.url('a', 'vnc'))
  ends.push(() => client.socket.terminate())
  return {
    client,
    hub,
    /** Resolves when the server got these bytes in one piece. */
    async gets(bytes: Buffer): Promise<void> {
      while (!Buffer.concat(got).includes(bytes))
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
    all: () => Buffer.concat(got),
  }
}

describe('a screen', () => {
  it('is read when its bytes come one by one', async () => {
    const { client } = await screen(
      (socket) => {
        for (const byte of update(raw(0, 0, 64, 48), raw(3, 4, 5, 6, 0x80))) socket.write(Buffer.of(byte))
      },
      { piece: 1 },
    )
    await client.until(() => client.updates.length > 0 && client.frame.pixel(3, 4) === 0x808080)
    expect(client.lit).toBe(64 * 48)
  })

  it('has its colours put in order', async () => {
    const pixel = Buffer.from([3, 2, 1, 0])
    const { client } = await screen((socket) =>
      socket.write(update(raw(0, 0, 64, 48), Buffer.concat([rectHeader({ x: 0, y: 0, width: 1, height: 1 }, encoding.raw), pixel]))),
    )
    await client.until(() => client.frame.pixel(0, 0) === 0x030201)
  })

  it.each<[string, Buffer]>([
    ['a part outside of it', update(raw(60, 0, 64, 48))],
    ['a part larger than any', update(rectHeader({ x: 0, y: 0, width: 65535, height: 65535 }, encoding.raw))],
    ['an encoding nobody asked for', update(rectHeader({ x: 0, y: 0, width: 1, height: 1 }, 16))],
    [
      'a copy from outside',
      update(Buffer.concat([rectHeader({ x: 0, y: 0, width: 9, height: 9 }, encoding.copyRect), Buffer.of(0, 60, 0, 0)])),
    ],
    ['a size that is not held', update(rectHeader({ x: 0, y: 0, width: 65535, height: 65535 }, encoding.desktopSize))],
    ['a cursor as large as a screen', update(rectHeader({ x: 0, y: 0, width: 6000, height: 6000 }, encoding.cursor))],
    ['what is no message', Buffer.of(99, 1, 2, 3)],
  ])('that sends %s is left, in words, and the picture from before stays', async (_, bad) => {
    const { client } = await screen((socket) => {
      socket.write(update(raw(0, 0, 64, 48)))
      socket.write(bad)
    })
    await client.until(() => client.last('state')?.text.startsWith('The screen') === true)
    expect(client.last('state')?.state).toBe('waiting')
    await client.until(() => client.lit === 64 * 48)
    expect(client.closed).toBeNull()
  })

  it.each<[string, Buffer]>([
    ['rubbish', Buffer.alloc(40, 0x55)],
    ['too little', deflateSync(Buffer.alloc(16))],
    ['too much', deflateSync(Buffer.alloc(1024 * 1024))],
  ])('that packs %s is left', async (_, packed) => {
    const head = rectHeader({ x: 0, y: 0, width: 64, height: 48 }, encoding.zlib, 4)
    head.writeUInt32BE(packed.length, 12)
    const { client } = await screen((socket) => socket.write(update(raw(0, 0, 64, 48), Buffer.concat([head, packed]))), { far: true })
    await client.until(() => client.last('state')?.text.startsWith('The screen sent') === true)
  })

  it.each([
    [9000, 10],
    [8000, 8000],
    [0, 10],
  ])('of %i by %i pixels is not taken', async (width, height) => {
    const { client } = await screen(() => {}, { width, height })
    await client.until(() => client.closed !== null)
    expect(client.closed).toMatchObject({ code: 4410, reason: expect.stringContaining(`${width} by ${height}`) })
  })

  it('without scan codes gets the symbols of a US keyboard, by the place of the keys', async () => {
    const { client, gets, all } = await screen((socket) => socket.write(update(raw(0, 0, 64, 48))))
    await client.until(() => client.lit > 0)
    // The key between X and T is Z on a German keyboard, and Y on a US one.
    client.up.send(extendedKeyEvent(true, 0x7a, 0x15))
    client.up.send(extendedKeyEvent(false, 0x7a, 0x15))
    await gets(Buffer.concat([keyEvent(true, 0x79), keyEvent(false, 0x79)]))
    expect(all().includes(extendedKeyEvent(true, 0x7a, 0x15))).toBe(false)
  })

  it('shares its clipboard with those who may type, both ways', async () => {
    let socket: Socket | undefined
    const { client, hub, gets, all } = await screen((open) => {
      socket = open
      open.write(update(raw(0, 0, 64, 48)))
    })
    await client.until(() => client.lit > 0)
    const watcher = new ScreenClient(hub.url('a', 'vnc', '&mode=watch'))
    ends.push(() => watcher.socket.terminate())
    await watcher.until(() => watcher.lit > 0)
    socket?.write(cutText(3, Buffer.from('caf\xe9', 'latin1')))
    await client.until(() => client.cuts.length > 0)
    expect(client.cuts).toEqual(['café'])
    expect(watcher.cuts).toEqual([])
    watcher.up.send(cutText(6, Buffer.from('from a watcher')))
    client.up.send(cutText(6, Buffer.from('from me')))
    await gets(cutText(6, Buffer.from('from me')))
    expect(all().includes(Buffer.from('from a watcher'))).toBe(false)
  })

  it('ends a page that talks nonsense, and no other', async () => {
    const { client, hub } = await screen((socket) => socket.write(update(raw(0, 0, 64, 48))))
    await client.until(() => client.lit > 0)
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1), Buffer.alloc(64, 0xee)]),
    ]) {
      const other = new WebSocket(hub.url('a', 'vnc'))
      ends.push(() => other.terminate())
      const closed = new Promise<number>((resolve) => other.on('close', resolve))
      other.on('open', () => other.send(bytes))
      expect(await closed).toBe(4410)
    }
    expect(client.closed).toBeNull()
  })
})
