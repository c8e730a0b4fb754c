import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFixtureServer } from './fixture-server'

let server: Awaited<ReturnType<typeof createFixtureServer>>
beforeAll(async () => {
  server = await createFixtureServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.called.length = 0
})

/** Node's own client: `fetch` does not let Host and other headers be set. */
function send(options: { path: string; method?: string; headers?: Record<string, string> }) {
  return new Promise<{ status?: number; text: string }>((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: server.port, ...options }, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      res.on('end', () => resolve({ status: res.statusCode, text }))
    })
    req.on('error', reject).end()
  })
}
const signInUrl = '/api/trpc/session.signIn'
const json = () => ({ 'content-type': 'application/json', origin: server.base })

describe('pages', () => {
  it('send to set-up while there is nobody, and to sign-in afterwards', async () => {
    const to = async (path: string, cookie = '') => {
      const reply = await fetch(server.base + path, { redirect: 'manual', headers: { cookie } })
      return reply.headers.get('location')
    }
    expect(await to('/guests')).toBe('/setup')
    expect(await to('/login')).toBe('/setup')
    const cookie = await server.signIn()
    expect(await to('/')).toBe('/login')
    expect(await to('/setup')).toBe('/login')
    expect(await to('/guests/local~incus~a?tab=b&_rsc=1')).toBe('/login?next=%2Fguests%2Flocal~incus~a%3Ftab%3Db')
    expect(server.called).toEqual([])
    expect(await to('/login')).toBeNull()
    expect(await to('/guests', cookie)).toBeNull()
    expect(await to('/login', cookie)).toBe('/')
  })

  it.each(['/guests/x/login', '/login/../guests', '//login', '/_next/static/../../guests', '/_next/image?url=x', '/LOGIN'])(
    'are not served without a session by way of %s',
    async (path) => {
      const { status } = await send({ path, headers: { 'x-middleware-subrequest': 'middleware:middleware:middleware' } })
      expect([307, 400]).toContain(status)
      expect(server.called).toEqual([])
    },
  )

  it('carry a new nonce each time, the one Next is given, and nothing unsafe for scripts', async () => {
    const first = await fetch(`${server.base}/login`)
    const second = await fetch(`${server.base}/login`, { headers: { 'content-security-policy': "script-src 'nonce-mine'" } })
    const policy = second.headers.get('content-security-policy') ?? ''
    expect(await second.text()).toBe(policy)
    expect(policy).not.toBe(first.headers.get('content-security-policy'))
    const scripts = policy.split('; ').find((part) => part.startsWith('script-src'))
    expect(scripts).toMatch(/^script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'$/)
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).toContain("object-src 'none'")
  })

  it('are told nothing of a claim to have passed a check', async () => {
    await send({ path: '/login', headers: { 'x-middleware-subrequest': 'middleware' } })
    expect(server.called).toEqual(['pages /login'])
  })
})

describe('every reply', () => {
  it.each(['/login', '/healthz', '/api/trpc/session.status', '/nothing', '/api/nothing'])('%s has the security headers', async (path) => {
    const { headers } = await fetch(server.base + path, { redirect: 'manual' })
    for (const name of [
      'content-security-policy',
      'x-content-type-options',
      'referrer-policy',
      'permissions-policy',
      'cross-origin-opener-policy',
    ])
      expect(headers.get(name), name).toBeTruthy()
  })

  it.each([['evil.example'], ['evil.example:3000'], ['127.0.0.1.evil.example'], ['@127.0.0.1'], ['evil.example#localhost']])(
    'is a refusal for the Host %j',
    async (host) => {
      const { status } = await send({ path: '/api/trpc/session.status', headers: { host } })
      expect([400, 421]).toContain(status)
      expect(server.called).toEqual([])
    },
  )
})

describe('a request that changes something', () => {
  it.each([
    ['a foreign Origin', { origin: 'http://evil.example' }],
    ['our name with another port', { origin: 'http://127.0.0.1:1' }],
    ['the opaque Origin', { origin: 'null' }],
    ['no Origin', {}],
  ])('is refused with %s, and its handler is not called', async (_what, headers) => {
    const cookie = await server.signIn()
    for (const [method, path] of [
      ['POST', '/api/trpc/guest.operate'],
      ['PUT', '/upload/0123'],
      ['POST', '/guests'],
    ] as const) {
      const { status } = await send({ path, method, headers: { cookie, 'content-type': 'application/json', ...headers } })
      expect([path, status]).toEqual([path, 403])
    }
    expect(server.called).toEqual([])
  })

  it.each(['cross-site', 'same-site'])('is refused when the browser says %s', async (site) => {
    const { status } = await send({ path: signInUrl, method: 'POST', headers: { ...json(), 'sec-fetch-site': site } })
    expect(status).toBe(403)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', ''])(
    'is 415 as %j',
    async (type) => {
      const reply = await fetch(server.base + signInUrl, {
        method: 'POST',
        headers: { ...json(), 'content-type': type },
        body: new Uint8Array([123, 125]),
      })
      expect(reply.status).toBe(415)
    },
  )

  it('is 413 in words when its body is 50 MB, without being read whole', async () => {
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST ${signInUrl} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n`,
    )
    // Nothing of the body is sent: the answer comes all the same.
    const [reply] = await once(socket, 'data')
    expect(String(reply)).toContain('413 Payload Too Large')
    socket.destroy()
  })

  it('is 413 when a body without a stated length grows past the limit', async () => {
    const piece = new Uint8Array(64 * 1024).fill(32)
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 3_000_000) return controller.close()
        sent += piece.length
        controller.enqueue(piece)
      },
    })
    const init = { method: 'POST', headers: json(), body, duplex: 'half' }
    const reply = await fetch(server.base + signInUrl, init)
    expect(reply.status).toBe(413)
    expect((await reply.json()).error.message).toBe('The request is longer than 1 MiB')
  })
})

describe('uploads', () => {
  it('are for signed-in people', async () => {
    const cookie = await server.signIn()
    const put = (headers: Record<string, string>) => fetch(`${server.base}/upload/0123`, { method: 'PUT', headers, body: 'x' })
    expect((await put({ origin: server.base })).status).toBe(401)
    expect((await put({ origin: server.base, cookie })).status).toBe(200)
    expect((await fetch(`${server.base}/upload/0123`, { headers: { cookie } })).status).toBe(405)
    expect(server.called).toEqual(['images.handleUpload PUT'])
  })
})

describe('tRPC over HTTP', () => {
  it('sets the cookie on sign-in and takes it back on sign-out', async () => {
    await server.signIn()
    const body = JSON.stringify({ name: 'ada', password: server.password })
    const reply = await fetch(server.base + signInUrl, { method: 'POST', headers: json(), body })
    const given = reply.headers.get('set-cookie') ?? ''
    expect(given).toMatch(/^bailiwick_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    const cookie = given.split(';')[0] ?? ''
    const out = await fetch(`${server.base}/api/trpc/session.signOut`, { method: 'POST', headers: { ...json(), cookie }, body: '{}' })
    expect(out.headers.get('set-cookie')).toContain('bailiwick_session=; ')
    expect((await fetch(`${server.base}/api/trpc/events.picture`, { headers: { cookie } })).status).toBe(401)
  })

  it('answers a batch, compressed when it is long', async () => {
    const cookie = await server.signIn()
    const path = Array.from({ length: 8 }, () => 'events.picture').join(',')
    const reply = await fetch(`${server.base}/api/trpc/${path}?batch=1`, { headers: { cookie, 'accept-encoding': 'gzip, br' } })
    expect(reply.headers.get('content-encoding')).toBe('br')
    expect(await reply.json()).toHaveLength(8)
  })
})
