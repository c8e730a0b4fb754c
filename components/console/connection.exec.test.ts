import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createRelay, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket as NodeSocket } from 'ws'
import { consoleServer } from '@/server/consoles/fixtures/console-server'
import { ConsoleConnection } from './connection'
import type { Refusal } from './refusal'

const ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The browser's socket, as `ws` plays it; `sockets` lets a test cut one. */
function sockets() {
  const all: NodeSocket[] = []
  class Recorded extends NodeSocket {
    constructor(url: string) {
      super(url)
      all.push(this)
    }
  }
  return { all, WebSocket: Recorded }
}

async function open({
  via = async (url: string) => url,
  pulse,
}: {
  via?(url: string): Promise<string>
  pulse?: { idleMs: number; waitMs: number }
} = {}) {
  const server = await consoleServer({ target: () => ({ kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ' } }) })
  ends.push(() => server.close())
  const network = sockets()
  const glass = { text: '', restarts: 0, lost: 0 }
  const decoder = new TextDecoder()
  const connection = new ConsoleConnection({
    url: await via(server.url('a')),
    WebSocket: network.WebSocket,
    pulse,
    onBytes: (bytes, drawn) => {
      glass.text += decoder.decode(bytes, { stream: true })
      drawn()
    },
    onRestart: () => {
      glass.restarts++
    },
    onLost: (bytes) => {
      glass.lost += bytes
    },
    size: () => ({ cols: 100, rows: 30 }),
  })
  ends.push(() => connection.close())
  await expect.poll(() => connection.view.session.state).toBe('attached')
  return { server, connection, glass, network }
}

describe('ConsoleConnection', () => {
  it('sends what was typed before the server answered', async () => {
    const server = await consoleServer({ target: () => ({ kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ' } }) })
    ends.push(() => server.close())
    let text = ''
    const connection = new ConsoleConnection({
      url: server.url('a'),
      WebSocket: sockets().WebSocket,
      onBytes: (bytes, drawn) => {
        text += new TextDecoder().decode(bytes)
        drawn()
      },
      onRestart: () => {},
      onLost: () => {},
    })
    ends.push(() => connection.close())
    expect(connection.view.link).toBe('connecting')
    expect(connection.type('echo ')).toBe(true)
    expect(connection.type('ear""ly\r')).toBe(true)
    await expect.poll(() => text).toContain('early\r\n')
    // A secret does not wait: nobody could tell the server in time that it is one. Text of any length waits for no connection.
    const other = new ConsoleConnection({
      url: 'ws://127.0.0.1:9',
      WebSocket: sockets().WebSocket,
      onBytes: () => {},
      onRestart: () => {},
      onLost: () => {},
    })
    ends.push(() => other.close())
    expect(other.type('x'.repeat(5000))).toBe(false)
    other.secret(true)
    expect(other.type('hunter2')).toBe(false)
  })

  it('does not answer what was asked in the log of before', async () => {
    const log = join(await mkdtemp(join(tmpdir(), 'console-log-')), 'serial.log')
    await writeFile(log, 'old prompt \x1b[6n')
    ends.push(() => rm(dirname(log), { recursive: true }))
    const server = await consoleServer({
      target: () => ({ kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: 'new prompt ' }, history: { path: log } }),
    })
    ends.push(() => server.close())
    const waiting: (() => void)[] = []
    let text = ''
    const connection = new ConsoleConnection({
      url: server.url('a', 'serial'),
      WebSocket: sockets().WebSocket,
      onBytes: (bytes, drawn) => {
        text += new TextDecoder().decode(bytes)
        waiting.push(drawn)
      },
      onRestart: () => {},
      onLost: () => {},
    })
    ends.push(() => connection.close())
    await expect.poll(() => connection.view.session.state).toBe('attached')
    await expect.poll(() => text).toContain('old prompt')
    // It is there, and a slow page has not drawn it yet.
    expect(connection.replay.suppresses('\x1b[24;9R')).toBe(true)
    await expect.poll(() => text).toContain('new prompt')
    for (const drawn of waiting.splice(0)) drawn()
    expect(connection.replay.suppresses('\x1b[24;9R')).toBe(false)
  })

  it('types, and goes on at the same byte after cuts, still as the one that types', async () => {
    const { connection, glass, network } = await open()
    connection.type('for i in $(seq 1 30); do echo line-$i; sleep 0.02; done; echo do""ne\r')
    await expect.poll(() => glass.text).toContain('line-5\r\n')
    network.all.at(-1)?.terminate()
    await expect.poll(() => connection.view.link).toBe('lost')
    await expect.poll(() => connection.view.link, { timeout: 5000 }).toBe('open')
    await expect.poll(() => glass.text, { timeout: 5000 }).toContain('done\r\n')
    const lines = glass.text.match(/^line-\d+/gm)
    expect(lines).toEqual(Array.from({ length: 30 }, (_, i) => `line-${i + 1}`))
    expect(glass).toMatchObject({ restarts: 0, lost: 0 })
    await expect.poll(() => connection.view.writer).toBe(connection.view.me)
    expect(connection.type('echo still""typing\r')).toBe(true)
    await expect.poll(() => glass.text).toContain('stilltyping')
  })

  it('notices that nothing comes any more through a socket that stays open, and goes on by another', async () => {
    // As a laptop that wakes up, or a router that forgot: what passed is silent for ever, and a new connection gets through.
    const passing = new Set<Socket>()
    const relay = { made: 0, forget: () => passing.forEach((socket) => void socket.unpipe().pause()) }
    const via = async (url: string) => {
      const target = new URL(url)
      const port = Number(target.port)
      const server = createRelay((page) => {
        relay.made++
        const upstream = connect(port, '127.0.0.1')
        for (const socket of [page, upstream]) {
          passing.add(socket)
          socket.on('error', () => {})
        }
        page.pipe(upstream).pipe(page)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      ends.push(() => {
        for (const socket of passing) socket.destroy()
        server.close()
      })
      target.port = String((server.address() as AddressInfo).port)
      return target.href
    }
    const { connection, glass, network } = await open({ via, pulse: { idleMs: 300, waitMs: 1500 } })
    connection.type('for i in $(seq 1 150); do echo line-$i; sleep 0.02; done; echo do""ne\r')
    await expect.poll(() => glass.text).toContain('line-5\r\n')
    expect(relay.made).toBe(1)
    relay.forget()
    await expect.poll(() => relay.made, { timeout: 15_000 }).toBe(2)
    await expect.poll(() => glass.text, { timeout: 15_000 }).toContain('done\r\n')
    expect(glass.text.match(/^line-\d+/gm)).toEqual(Array.from({ length: 150 }, (_, i) => `line-${i + 1}`))
    expect(glass).toMatchObject({ restarts: 0, lost: 0 })
    // It is quiet now, and alive: nothing is opened again.
    const quiet = glass.text
    let pongs = 0
    network.all.at(-1)?.on('message', (data, binary) => {
      if (!binary && JSON.parse(String(data)).t === 'pong') pongs++
    })
    await expect.poll(() => pongs, { timeout: 15_000 }).toBeGreaterThan(3)
    expect(relay.made).toBe(2)
    expect(glass.text).toBe(quiet)
    await expect.poll(() => connection.view.writer).toBe(connection.view.me)
    expect(connection.type('echo still""typing\r')).toBe(true)
    await expect.poll(() => glass.text).toContain('stilltyping')
  })

  it('does not come back when it was signed out, and says so', async () => {
    const { server, connection, network } = await open()
    server.revoke('token')
    await expect.poll(() => connection.view.link).toBe('closed')
    expect(connection.view.signedOut).toBe(true)
    expect(network.all).toHaveLength(1)
  })

  it('says why a socket is refused instead of trying for ever', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
    ends.push(() => new Promise((resolve) => server.close(resolve)))
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const refused = (answer: Refusal) => {
      const network = sockets()
      const connection = new ConsoleConnection({
        url: `ws://127.0.0.1:${port}/ws/console?guest=x&kind=shell`,
        WebSocket: network.WebSocket,
        ask: async () => answer,
        onBytes: (_, drawn) => drawn(),
        onRestart: () => {},
        onLost: () => {},
      })
      ends.push(() => connection.close())
      return { connection, network }
    }
    const signedOut = refused('signed-out')
    const gone = refused('refused')
    const away = refused(null)
    await expect.poll(() => signedOut.connection.view).toMatchObject({ link: 'closed', signedOut: true, reason: 'You are signed out' })
    await expect.poll(() => gone.connection.view.link, { timeout: 5000 }).toBe('closed')
    expect(gone.connection.view).toMatchObject({ signedOut: false, reason: expect.stringContaining('There is no such console') })
    await expect.poll(() => away.network.all.length, { timeout: 10_000 }).toBeGreaterThan(3)
    expect(gone.network.all).toHaveLength(2)
    expect(away.connection.view.link).not.toBe('closed')
  })

  it('does not type for one who only watches', async () => {
    const { server, connection, glass } = await open()
    const second = new ConsoleConnection({
      url: server.url('a'),
      WebSocket: sockets().WebSocket,
      onBytes: (_, drawn) => drawn(),
      onRestart: () => {},
      onLost: () => {},
    })
    ends.push(() => second.close())
    await expect.poll(() => second.view.link).toBe('open')
    expect(second.type('x')).toBe(false)
    second.take()
    // What is typed right behind it is in time: the server gets the one before the other.
    expect(second.type('echo right-$((40+2))\r')).toBe(true)
    await expect.poll(() => second.view.writer).toBe(second.view.me)
    await expect.poll(() => glass.text).toContain('right-42\r\n')
    expect(second.type('x')).toBe(true)
    await expect.poll(() => connection.view.writer).toBe(second.view.me)
    expect(connection.type('x')).toBe(false)
  })
})
