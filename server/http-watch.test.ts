import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixtureServer } from './fixture-server'
import { loggedPath } from './http-watch'

let server: Awaited<ReturnType<typeof createFixtureServer>>
let token: string
let link: string
beforeAll(async () => {
  server = await createFixtureServer()
  await server.signIn()
  const { id, name } = await server.db.user.findFirstOrThrow()
  const made = await server.services.watch.make({ guest: server.guest.id, kind: 'serial', minutes: 15 }, { id, name, role: 'admin' })
  token = made.token
  link = made.link.id
})
afterAll(() => server.close())

const ask = async (body: unknown, headers: Record<string, string> = {}) => {
  const reply = await fetch(`${server.base}/api/watch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.base, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: reply.status, headers: reply.headers, body: await reply.json().catch(() => null) }
}

describe('a watch link', () => {
  it('is made, listed and revoked by procedures, and both changes are written down without the token', async () => {
    const cookie = await server.signIn()
    const call = async (name: string, input: object) => {
      const headers = { 'content-type': 'application/json', origin: server.base, cookie }
      const reply = await fetch(`${server.base}/api/trpc/watch.${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
      return { status: reply.status, body: await reply.json() }
    }
    const made = await call('make', { id: server.guest.id, kind: 'serial', minutes: 60 })
    expect(made.status).toBe(200)
    const { token: own, link: mine } = made.body.result.data
    expect((await call('make', { id: server.guest.id, kind: 'serial', minutes: 61 })).status).toBe(400)
    const input = encodeURIComponent(JSON.stringify({ id: server.guest.id }))
    const list = await (await fetch(`${server.base}/api/trpc/watch.list?input=${input}`, { headers: { cookie } })).text()
    expect(list).toContain(mine.id)
    expect(list).not.toContain(own)
    expect((await call('revoke', { id: server.guest.id, link: mine.id })).status).toBe(200)
    expect((await ask({ token: own })).status).toBe(410)
    const entries = await server.db.audit.findMany({ where: { action: { startsWith: 'watch.' }, ok: true }, orderBy: { id: 'asc' } })
    const user = await server.db.user.findFirstOrThrow()
    expect(entries).toMatchObject([
      { user: user.id, action: 'watch.make', target: `serial ${server.guest.id}` },
      { user: user.id, action: 'watch.revoke', target: server.guest.id },
    ])
    expect(JSON.stringify(entries)).not.toContain(own)
  })
})

describe('the page of a watch link', () => {
  it('needs no session, and its address stays with who has it', async () => {
    const { status, headers } = await fetch(`${server.base}/watch/${token}`, { redirect: 'manual' })
    expect(status).toBe(200)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each(['/watch', '/watch/', '/watch/a/b', '/watch/a.b', '/watch/%2e%2e', `/watch/${'a'.repeat(65)}`])(
    '%s is no such page, and is not carried to the sign-in',
    async (path) => {
      const { status, headers } = await fetch(server.base + path, { redirect: 'manual' })
      expect(status).toBe(307)
      if (path !== '/watch') expect(headers.get('location')).toBe('/login')
    },
  )

  it('is written into the log without its token', () => {
    expect(loggedPath(`/watch/${token}?_rsc=1`)).toBe('/watch/…')
    expect(loggedPath(`/watch/${token}/more`)).toBe('/watch/…')
    expect(loggedPath('/guests?q=/watch/x')).toBe('/guests')
    expect(loggedPath(undefined)).toBeUndefined()
  })
})

describe('the question what a link shows', () => {
  it('is answered with the guest, the kind and the end, and nothing else', async () => {
    const { status, headers, body } = await ask({ token })
    expect(status).toBe(200)
    expect(body).toEqual({ guest: 'web', kind: 'serial', until: expect.any(Number) })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['a wrong token', { token: 'A'.repeat(43) }, 404],
    ['no token', {}, 400],
    ['a number', { token: 1 }, 400],
    ['no JSON', '{', 400],
    ['a long body', { token: 'x'.repeat(2000) }, 413],
  ])('is refused for %s', async (_what, body, status) => {
    expect((await ask(body)).status).toBe(status)
  })

  it('is not answered to another site, a form, or a GET', async () => {
    expect((await ask({ token }, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await ask({ token }, { 'content-type': 'text/plain' })).status).toBe(415)
    const { status } = await fetch(`${server.base}/api/watch?token=${token}`)
    expect(status).toBe(405)
  })

  it('opens no procedure', async () => {
    const input = encodeURIComponent(JSON.stringify({ id: server.guest.id }))
    const claims: Record<string, string>[] = [{ cookie: `bailiwick_session=${token}` }, { authorization: `Bearer ${token}` }]
    for (const headers of claims) expect((await fetch(`${server.base}/api/trpc/watch.list?input=${input}`, { headers })).status).toBe(401)
  })

  it('is answered with what became of the link', async () => {
    await server.services.watch.revoke(server.guest.id, link)
    const { status, body } = await ask({ token })
    expect([status, body]).toEqual([410, { message: 'This watch link was revoked.' }])
  })
})
