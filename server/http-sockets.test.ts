import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createFixtureServer } from './fixture-server'
import type { Permission } from './model/permission'

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

const paths = [
  '/api/trpc',
  '/ws/console?guest=local~libvirt~web&kind=serial',
  '/ws/vnc?guest=local~libvirt~web',
  '/ws/console?host=local&kind=shell',
]
/** Those that want no session, but something else. */
const openPaths = ['/ws/watch']

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

/** Runs with a person who holds these rights and no others. */
async function withRights(rights: Permission[], work: () => Promise<void>): Promise<void> {
  const { access } = server.services
  const { allows } = access
  access.allows = (_user, permission) => rights.includes(permission)
  try {
    await work()
  } finally {
    access.allows = allows
  }
}

describe('every socket', () => {
  it('is in this test', () => {
    const known = [...paths, ...openPaths].map((path) => path.split('?')[0])
    expect([...new Set(known)].sort()).toEqual([...server.sockets].sort())
  })

  it.each(paths)('%s is 401 without a session, before 101', async (path) => {
    for (const given of ['', 'bailiwick_session=', `bailiwick_session=${'A'.repeat(43)}`, `other=${cookie.split('=')[1]}`]) {
      const reply = await upgrade(path, { cookie: given })
      expect([given, reply.status, reply.text]).toEqual([given, 401, 'Sign in first\n'])
    }
    expect(server.called).toEqual([])
  })

  it.each([...paths, ...openPaths])('%s is 403 from another site, and nobody is called', async (path) => {
    for (const origin of ['http://evil.example', 'null', server.base.replace('http', 'https'), `${server.base}.evil.example`])
      expect([origin, (await upgrade(path, { origin })).status]).toEqual([origin, 403])
    expect(server.called).toEqual([])
  })

  it.each([...paths, ...openPaths])('%s is 421 under a name that is not ours', async (path) => {
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
    expect(server.called).toEqual([
      'consoles.handleUpgrade web serial',
      'consoles.handleUpgrade web vnc',
      'consoles.handleUpgrade host local shell',
    ])
  })

  it('are to watch only for who may watch and not type, and absent for who may do neither', async () => {
    const [, serial = '', screen = '', shell = ''] = paths
    await withRights(['guest.watch', 'guest.read'], async () => {
      for (const path of [serial, screen]) (await open(path)).close()
      expect(server.called).toEqual(['consoles.handleUpgrade web serial to watch', 'consoles.handleUpgrade web vnc to watch'])
      expect((await upgrade(shell)).status).toBe(404)
    })
    await withRights(['guest.read', 'host.read'], async () => {
      for (const path of [serial, screen, shell]) expect([path, (await upgrade(path)).status]).toEqual([path, 404])
    })
    await withRights(['guest.console'], async () => (await open(serial)).close())
    expect(server.called.slice(2)).toEqual(['consoles.handleUpgrade web serial'])
  })
})

describe('the shell of a host', () => {
  const path = '/ws/console?host=local&kind=shell'
  const entries = () => server.db.audit.findMany({ where: { action: 'host.shell' }, orderBy: { id: 'desc' } })

  it('is written down with who opened it, and from where', async () => {
    const before = (await entries()).length
    ;(await open(path)).close()
    await expect.poll(async () => (await entries()).length).toBe(before + 1)
    const user = await server.db.user.findFirstOrThrow()
    expect((await entries())[0]).toMatchObject({ user: user.id, target: 'here', ok: true, from: '127.0.0.1' })
  })

  it('can be switched off, which is said and written down too', async () => {
    const { hostShell } = server.services
    const { refusal } = hostShell
    hostShell.refusal = () => 'It is switched off'
    try {
      const { status, text } = await upgrade(path)
      expect([status, text]).toEqual([403, 'It is switched off\n'])
    } finally {
      hostShell.refusal = refusal
    }
    expect(server.called).toEqual([])
    await expect.poll(async () => (await entries())[0]?.ok).toBe(false)
  })

  it('is 404 for a host that is absent', async () => {
    expect((await upgrade('/ws/console?host=nowhere&kind=shell')).status).toBe(404)
    expect((await upgrade('/ws/console?host=&kind=shell')).status).toBe(404)
  })
})

describe('a watch link', () => {
  const make = async () => {
    const user = await server.db.user.findFirstOrThrow()
    const ada = { id: user.id, name: user.name, role: 'admin' } as const
    return server.services.watch.make({ guest: server.guest.id, kind: 'serial', minutes: 15 }, ada)
  }
  const at = (token: string) => `/ws/watch?token=${token}`

  it('opens its console without a session, to watch', async () => {
    const { token } = await make()
    ;(await open(at(token), '')).close()
    expect(server.called).toEqual(['consoles.handleUpgrade web serial to watch'])
  })

  it('opens a screen to watch, where it was made for one', async () => {
    const user = await server.db.user.findFirstOrThrow()
    const ada = { id: user.id, name: user.name, role: 'admin' } as const
    const { token } = await server.services.watch.make({ guest: server.guest.id, kind: 'vnc', minutes: 15 }, ada)
    ;(await open(at(token), '')).close()
    expect(server.called).toEqual(['consoles.handleUpgrade web vnc to watch'])
  })

  it('opens that console only, whatever else the address says', async () => {
    const { token } = await make()
    const more = '&guest=local~libvirt~other&kind=shell&mode=type&host=local'
    ;(await open(at(token) + more, '')).close()
    expect(server.called).toEqual(['consoles.handleUpgrade web serial to watch'])
    server.called.length = 0
    for (const path of paths) {
      const { status } = await upgrade(`${path}${path.includes('?') ? '&' : '?'}token=${token}`, { cookie: '' })
      expect([path, status]).toEqual([path, 401])
      expect((await upgrade(path, { cookie: `bailiwick_session=${token}` })).status).toBe(401)
    }
    expect(server.called).toEqual([])
  })

  it('is no right of a signed-in person either, without a token', async () => {
    const reply = await upgrade('/ws/watch')
    expect([reply.status, reply.text]).toEqual([404, 'There is no such watch link. It may be incomplete.\n'])
    expect((await upgrade(at('A'.repeat(43)))).status).toBe(404)
  })

  it('closes at once when it is revoked, and then says so', async () => {
    const { token, link } = await make()
    const socket = await open(at(token), '')
    const closed = once(socket, 'close')
    await server.services.watch.revoke(server.guest.id, link.id)
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([4403, 'This watch link was revoked.'])
    const reply = await upgrade(at(token), { cookie: '' })
    expect([reply.status, reply.text]).toEqual([410, 'This watch link was revoked.\n'])
  })

  it('does not end with the session of its maker', async () => {
    const { token } = await make()
    const socket = await open(at(token), '')
    const mine = await server.signIn()
    await server.services.access.signOut(mine.split('=')[1] ?? '')
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.close()
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
