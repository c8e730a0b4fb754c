import { createHash } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function serve(options: Parameters<typeof consoleServer>[0]) {
  const server = await consoleServer(options)
  ends.push(() => server.close())
  return server
}
function watch(url: string) {
  const client = new SocketClient(url)
  ends.push(() => client.socket.terminate())
  return client
}

describe('/ws/vnc', () => {
  const listen = (onSocket: (socket: Socket) => void) =>
    new Promise<{ port: number; server: Server }>((resolve) => {
      const server = createServer(onSocket)
      ends.push(() => new Promise((done) => server.close(done)))
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve({ port: address && typeof address === 'object' ? address.port : 0, server })
      })
    })

  it('carries bytes both ways, whole and in order, to a client that reads slowly', async () => {
    const size = 16 * 1024 * 1024
    const picture = Buffer.alloc(size, 'pixels!')
    const { port } = await listen((socket) => {
      socket.on('error', () => {})
      socket.once('data', (asked) => {
        socket.write(asked)
        socket.write(picture)
      })
    })
    const server = await serve({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port }) })
    const socket = new WebSocket(server.url('a', 'vnc'))
    ends.push(() => socket.terminate())
    const hash = createHash('sha256')
    let received = 0
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send(Buffer.from('RFB?')))
      socket.on('message', (data: Buffer) => {
        received += data.length
        hash.update(data)
        socket.pause()
        setImmediate(() => socket.resume())
        if (received >= size + 4) resolve()
      })
    })
    expect(hash.digest('hex')).toBe(createHash('sha256').update('RFB?').update(picture).digest('hex'))
  })

  it('says why there is no screen', async () => {
    const { port, server: refused } = await listen(() => {})
    await new Promise((done) => refused.close(done))
    ends.pop()
    const server = await serve({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port }) })
    const client = watch(server.url('a', 'vnc'))
    await client.until((c) => c.closed !== null)
    expect(client.closed?.code).toBe(4410)
    expect(client.closed?.reason).not.toBe('')
  })

  it('ends when the host closes the screen', async () => {
    const { port } = await listen((socket) => socket.end('RFB 003.008\n'))
    const server = await serve({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port }) })
    const client = watch(server.url('a', 'vnc'))
    await client.until((c) => c.closed !== null)
    expect(client.text).toBe('RFB 003.008\n')
  })
})
