import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { consoleServer, guestOf } from './fixtures/console-server'
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
const attached = (client: SocketClient) => client.until((c) => c.last('state')?.state === 'attached')

/** The programs that were started with this word among their arguments. */
const marked = (word: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word)
    } catch {
      return false
    }
  })
const marking = (word: string): ConsoleTarget => ({
  kind: 'pty',
  argv: ['/bin/sh', '-c', 'echo "$1"; while read -r x; do echo "$1"; done', 'sh', word],
})

describe('bounds', () => {
  it('lets so many watch one console and no more, and says so to the next', async () => {
    const server = await serve({ target: () => ({ kind: 'pty', argv: ['/bin/cat'] }), limits: { viewers: 3 } })
    const sitting = [1, 2, 3].map(() => watch(server.url('a')))
    for (const client of sitting) await client.until((c) => c.last('hello') !== undefined)
    const fourth = watch(server.url('a'))
    await fourth.until((c) => c.closed !== null)
    expect(fourth.closed).toEqual({ code: 4429, reason: '3 people watch this console already, which is as many as may' })
    sitting[0]?.close()
    await sitting[1]?.until((c) => c.last('viewers')?.viewers.length === 2)
    await watch(server.url('a')).until((c) => c.last('hello') !== undefined)
  })

  it('lets so many sessions be open; the one left longest ago makes room', async () => {
    const word = `sessions-${process.pid}`
    const guests = ['a', 'b', 'c', 'd'].map((name) => guestOf(name))
    const server = await serve({ target: (name) => marking(`${word}-${name}`), guests, limits: { sessions: 3 } })
    const open = async (name: string) => {
      const client = watch(server.url(name))
      await client.until((c) => c.text.includes(word))
      return client
    }
    for (const name of ['a', 'b']) {
      const client = await open(name)
      client.close()
      await client.until((c) => c.closed !== null)
    }
    const c = await open('c')
    const d = await open('d')
    await expect.poll(() => ['a', 'b', 'c', 'd'].filter((name) => marked(`${word}-${name}`).length > 0)).toEqual(['b', 'c', 'd'])
    const b = await open('b')
    const refused = watch(server.url('a'))
    await refused.until((client) => client.closed !== null)
    expect(refused.closed).toEqual({ code: 4429, reason: 'Too many consoles are open. Close one.' })
    for (const client of [b, c, d]) expect(client.closed).toBeNull()
  })

  it('leaves no program behind: of idle sessions, of guests that are gone, of a server that stops', async () => {
    const word = `left-${process.pid}`
    const guests = Array.from({ length: 6 }, (_, i) => guestOf(`g${i}`))
    const server = await serve({ target: () => marking(word), guests, limits: { idleMs: 300 } })
    const clients = guests.map(({ name }) => watch(server.url(name)))
    for (const client of clients) await client.until((c) => c.text.includes(word))
    expect(marked(word)).toHaveLength(6)
    clients[0]?.close()
    await expect.poll(() => marked(word).length).toBe(5)
    server.publish({ type: 'guest.removed', id: guestOf('g1').id })
    await expect.poll(() => marked(word).length).toBe(4)
    await server.consoles.close('The server stops')
    await expect.poll(() => marked(word).length).toBe(0)
  })

  it('stays open through a proxy that cuts what is idle', async () => {
    const server = await serve({ target: () => ({ kind: 'pty', argv: ['/bin/cat'] }), limits: { pingMs: 200 } })
    const idleMs = 600
    const proxy = createServer((page) => {
      const upstream = connect(server.port, '127.0.0.1')
      for (const [from, to] of [
        [page, upstream],
        [upstream, page],
      ] as const) {
        from.setTimeout(idleMs, () => from.destroy())
        from.on('error', () => {})
        from.on('close', () => to.destroy())
        from.pipe(to)
      }
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    ends.push(() => new Promise((resolve) => proxy.close(resolve)))
    const { port } = proxy.address() as AddressInfo
    const client = watch(server.url('a').replace(String(server.port), String(port)))
    await attached(client)
    // Nothing is typed or printed for five times as long as the proxy bears.
    let pings = 0
    client.socket.on('ping', () => pings++)
    await expect.poll(() => pings, { timeout: 10_000 }).toBeGreaterThan((5 * idleMs) / 200)
    expect(client.closed).toBeNull()
    client.type('still here\r')
    await client.until((c) => c.text.includes('still here\r\nstill here'))
  })
})

describe('guests that come and go', () => {
  it('never show a byte of another, however their consoles are opened, closed and made anew under the same name', async () => {
    const names = ['web', 'db']
    const now = new Map(names.map((name) => [name, 0]))
    const word = (name: string) => `[${name} ${now.get(name)}]`
    const guest = (name: string) => guestOf(name, { identity: word(name) })
    const server = await serve({
      // What runs when the console is opened says whose it is, over and over.
      target: (name) => ({ kind: 'pty', argv: ['/bin/sh', '-c', 'while echo "$1"; do sleep 0.01; done', 'sh', word(name)] }),
      guests: names.map(guest),
    })
    let state = 5
    const below = (n: number) => {
      state = (state * 48271) % 2147483647
      return state % n
    }
    const seen: { mine: string; client: SocketClient }[] = []
    for (let round = 0; round < 60; round++) {
      const name = names[below(2)] ?? 'web'
      const kind = below(2) ? 'serial' : 'shell'
      const client = watch(server.url(name, kind))
      const mine = word(name)
      seen.push({ mine, client })
      // It was let in while this very guest had the name.
      await client.until((c) => c.last('hello') !== undefined)
      if (below(3) > 0) await client.until((c) => c.text.includes(mine))
      const what = below(4)
      if (what === 0) client.close()
      if (what === 1) {
        server.publish({ type: 'guest.removed', id: guestOf(name).id })
        now.set(name, round)
        server.publish({ type: 'guest', guest: guest(name) })
      }
      if (what === 2) {
        // Another of the same name, without a word of the first one's end.
        now.set(name, round)
        server.publish({ type: 'guest', guest: guest(name) })
      }
    }
    const words = new Set(seen.map(({ mine }) => mine))
    expect(words.size).toBeGreaterThan(10)
    for (const { mine, client } of seen) for (const other of words) if (other !== mine) expect(client.text).not.toContain(other)
    expect(seen.filter(({ client }) => client.bytes.length > 0).length).toBeGreaterThan(30)
  }, 60_000)

  it('keep their console under another name and on another host, with a line that says so', async () => {
    const server = await serve({
      target: (name) => ({ kind: 'pty', argv: ['/bin/sh', '-c', 'while read -r x; do echo "$1 says $x"; done', 'sh', name] }),
      guests: [guestOf('a', { identity: 'one' })],
      limits: { movingMs: 20_000 },
    })
    const client = watch(server.url('a', 'serial'))
    await attached(client)
    client.type('before\r')
    await client.until((c) => c.text.includes('a says before'))
    // Its old name goes first, as an engine that is listed tells it.
    server.publish({ type: 'guest.removed', id: guestOf('a').id })
    server.publish({ type: 'guest', guest: guestOf('b', { identity: 'one' }) })
    await client.until((c) => c.text.includes('called b now'))
    client.type('after\r')
    await client.until((c) => c.text.includes('says after'))
    const other = watch(server.url('b', 'serial'))
    await other.until((c) => c.text.includes('says after'))
    expect(other.last('hello')?.session).toBe(client.last('hello')?.session)
    // The old name is free: who has it now has a console of its own.
    server.publish({ type: 'guest', guest: guestOf('a', { identity: 'two' }) })
    const fresh = watch(server.url('a', 'serial'))
    await attached(fresh)
    expect(fresh.last('hello')?.session).not.toBe(client.last('hello')?.session)
    expect(fresh.text).not.toContain('says')
  })

  it('say in the stream that they paused, ran again, stopped, started, were put back and rebooted', async () => {
    const server = await serve({ target: () => ({ kind: 'pty', argv: ['/bin/cat'] }), guests: [guestOf('a', { type: 'vm' })] })
    const client = watch(server.url('a', 'serial'))
    await attached(client)
    const shell = watch(server.url('a', 'shell'))
    await attached(shell)
    const said = (words: string) => client.until((c) => c.text.includes(words))
    const be = (state: 'running' | 'paused' | 'stopped' | 'crashed') =>
      server.publish({ type: 'guest', guest: guestOf('a', { type: 'vm', state }) })
    be('paused')
    await said('the VM is paused · the console goes on when it is resumed')
    be('running')
    await said('the VM runs again')
    be('stopped')
    expect(client.text).not.toContain('stopped')
    // Its last bytes come before the line.
    client.type('last words\r\x04')
    await said('the VM stopped · the console goes on when it starts')
    expect(client.text).toMatch(/last words\r\n.*the VM stopped/s)
    be('running')
    await said('the VM started · the same console goes on')
    await attached(client)
    be('crashed')
    client.type('\x04')
    await said('the VM crashed')
    const job = {
      id: 'j',
      title: '',
      host: 'local',
      guest: guestOf('a').id,
      user: 'u',
      warnings: [],
      expect: '',
      createdAt: 0,
      stepCount: 1,
      stepIndex: 0,
      commands: [],
    }
    for (const state of ['running', 'done'] as const) server.publish({ type: 'job', job: { ...job, kind: 'snapshot.restore', state } })
    await said('the VM was put back to a snapshot')
    server.publish({ type: 'guest.rebooted', id: guestOf('a').id })
    await said('the VM rebooted · the same console goes on')
    await shell.until((c) => c.text.includes('the VM rebooted · a new shell opens when asked'))
    for (const state of ['running', 'done'] as const) server.publish({ type: 'job', job: { ...job, kind: 'restart', state } })
    await said('the VM restarts')
    // That it did is no news.
    server.publish({ type: 'guest.rebooted', id: guestOf('a').id })
    be('running')
    await client.until((c) => c.text.match(/the VM started/g)?.length === 2)
    expect(client.text.match(/rebooted/g)).toHaveLength(1)
    expect(client.messages.filter(({ t }) => t === 'hello')).toHaveLength(1)
    expect(client.text.match(/put back to a snapshot/g)).toHaveLength(1)
  })
})
