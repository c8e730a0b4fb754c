import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createFixtureServer } from './fixture-server'

let server: Awaited<ReturnType<typeof createFixtureServer>>
let cookie: string
beforeAll(async () => {
  server = await createFixtureServer()
  cookie = await server.signIn()
})
afterAll(() => server.close())
afterEach(() => {
  server.called.length = 0
})

const paths = ['/api/trpc', '/ws/console?guest=local~libvirt~web&kind=serial', '/ws/vnc?guest=local~libvirt~web']

/** The status that an upgrade is answered with: 101 and an open socket, or a refusal with its words. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<{ status?: number; text: string; socket?: WebSocket }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers: { origin: server.base, cookie, ...headers } })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, text: '', socket }))
    socket.on('unexpected-response', (_req, res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      res.on('end', () => resolve({ status: res.statusCode, text }))
    })
    socket.on('error', reject)
  })
}

async function open(path: string, given = cookie): Promise<WebSocket> {
  const { socket, status, text } = await upgrade(path, { cookie: given })
  if (!socket) throw new Error(`${status} ${text}`)
  return socket
}

async function ask(socket: WebSocket): Promise<{ result: { data: { user: { name: string } } } }> {
  socket.send(JSON.stringify({ id: 1, method: 'query', params: { path: 'session.status' } }))
  const [data] = await once(socket, 'message')
  return JSON.parse(String(data))
}

describe('every socket', () => {
  it.each(paths)('%s is 401 without a session, before 101', async (path) => {
    for (const given of ['', 'bailiwick_session=', `bailiwick_session=${'A'.repeat(43)}`, `other=${cookie.split('=')[1]}`]) {
      const reply = await upgrade(path, { cookie: given })
      expect([given, reply.status, reply.text]).toEqual([given, 401, 'Sign in first\n'])
    }
    expect(server.called).toEqual([])
  })

  it.each(paths)('%s is 403 from another site, and nobody is called', async (path) => {
    for (const origin of ['http://evil.example', 'null', server.base.replace('http', 'https'), `${server.base}.evil.example`])
      expect([origin, (await upgrade(path, { origin })).status]).toEqual([origin, 403])
    expect(server.called).toEqual([])
  })

  it.each(paths)('%s is 421 under a name that is not ours', async (path) => {
    expect((await upgrade(path, { host: 'evil.example', origin: 'http://evil.example' })).status).toBe(421)
    expect(server.called).toEqual([])
  })

  it.each(paths)('%s opens for a signed-in person', async (path) => {
    const socket = await open(path)
    socket.close()
  })

  it.each([
    '/',
    '/ws',
    '/ws/',
    '/ws/console/',
    '/ws/__proto__',
    '/constructor',
    '/upload/1',
    '/api/trpc/events.stream',
    '/_next/webpack-hmr',
  ])('%s does not exist', async (path) => {
    expect((await upgrade(path)).status).toBe(404)
  })

  it('is not opened by a token in the address', async () => {
    const reply = await upgrade(`/api/trpc?session=${cookie.split('=')[1]}`, { cookie: '' })
    expect(reply.status).toBe(401)
  })
})

describe('consoles', () => {
  it('are the same 404 for a guest that is absent and a console it has not', async () => {
    const wrong = [
      '/ws/console?guest=local~libvirt~nobody&kind=serial',
      '/ws/console?guest=local~libvirt~web&kind=shell',
      '/ws/console?guest=local~libvirt~web&kind=vnc',
      '/ws/console?guest=local~libvirt~web',
      '/ws/console',
      '/ws/vnc?guest=../../etc/passwd',
    ]
    const answers = new Set<string>()
    for (const path of wrong) {
      const { status, text } = await upgrade(path)
      answers.add(`${status} ${text}`)
    }
    expect([...answers]).toEqual(['404 There is no such guest, or it has no such console\n'])
    expect(server.called).toEqual([])
  })

  it('reach the hub with the guest and the kind', async () => {
    for (const path of paths.slice(1)) (await open(path)).close()
    expect(server.called).toEqual(['consoles.handleUpgrade web serial', 'consoles.handleUpgrade web vnc'])
  })
})

describe('the tRPC socket', () => {
  it('knows who asks', async () => {
    const socket = await open('/api/trpc')
    expect((await ask(socket)).result.data.user.name).toBe('ada')
    socket.close()
  })

  it('closes, with every other socket of the session, when it is signed out', async () => {
    const mine = await server.signIn()
    const sockets = await Promise.all([...paths.map((path) => open(path, mine)), open('/api/trpc')])
    const other = sockets.pop()
    const closed = sockets.map((socket) => once(socket, 'close'))
    await server.services.access.signOut(mine.split('=')[1] ?? '')
    const [[code, reason] = []] = await Promise.all(closed)
    expect([code, String(reason)]).toEqual([4401, 'You are signed out'])
    expect(other?.readyState).toBe(WebSocket.OPEN)
    other?.close()
    expect((await upgrade('/api/trpc', { cookie: mine })).status).toBe(401)
  })

  it.each([
    ['a message longer than 1 MiB', (socket: WebSocket) => socket.send('x'.repeat(2 ** 20 + 1))],
    ['text that is not UTF-8', (socket: WebSocket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
  ])('ends by itself alone on %s', async (_what, send) => {
    const [bad, good] = await Promise.all([open('/api/trpc'), open('/api/trpc')])
    const closed = once(bad, 'close')
    send(bad)
    await closed
    expect((await ask(good)).result.data.user.name).toBe('ada')
    good.close()
  })

  it('goes on after a message that is not JSON, and says so', async () => {
    const socket = await open('/api/trpc')
    socket.send('{"id":1,')
    const [data] = await once(socket, 'message')
    expect(JSON.parse(String(data)).error.data.code).toBe('PARSE_ERROR')
    expect((await ask(socket)).result.data.user.name).toBe('ada')
    socket.close()
  })

  it.each([
    ['cut off in the middle', Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0]), true],
    ['with reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), false],
    ['of an impossible length', Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), false],
  ])('survives a frame %s', async (_what, frame, end) => {
    const good = await open('/api/trpc')
    const raw = connect(server.port, '127.0.0.1')
    raw.write(
      `GET /api/trpc HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${server.base}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    const [answer] = await once(raw, 'data')
    expect(String(answer)).toContain('101 Switching Protocols')
    raw.on('error', () => {})
    const closed = once(raw.resume(), 'close')
    raw.write(frame)
    if (end) raw.end()
    await closed
    expect((await ask(good)).result.data.user.name).toBe('ada')
    good.close()
  })
})
