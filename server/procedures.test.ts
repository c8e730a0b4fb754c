import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createFixtureServer } from './fixture-server'
import { permissions } from './model/permission'
import { appRouter } from './router'

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z.object({ permission: z.string() }),
})

const procedures = Object.entries<unknown>(appRouter._def.procedures).map(([path, procedure]) => {
  if (typeof procedure !== 'function' || !('_def' in procedure)) throw new Error(`${path} is no procedure`)
  return [path, definition.parse(procedure._def)] as const
})
/** Open to everybody. A new entry here is a decision. */
const open = ['session.setup', 'session.signIn', 'session.status']

let server: Awaited<ReturnType<typeof createFixtureServer>>
beforeAll(async () => {
  server = await createFixtureServer()
})
afterAll(() => server.close())

describe('every procedure', () => {
  it('is found by this test', () => {
    expect(procedures.length).toBeGreaterThan(20)
  })

  it.each(procedures)('%s declares a permission', (_path, { meta }) => {
    expect(permissions).toContain(meta.permission)
  })

  it('that makes the server ask other machines needs the right to change', () => {
    const rights = Object.fromEntries(procedures.map(([path, { meta }]) => [path, meta.permission]))
    expect(rights).toMatchObject({
      'image.plan': 'image.change',
      'image.request': 'image.change',
      'host.scan': 'host.change',
      'host.test': 'host.change',
    })
  })

  it('is public only when listed here', () => {
    const found = procedures.filter(([, { meta }]) => meta.permission === 'public').map(([path]) => path)
    expect(found.sort()).toEqual(open)
  })

  const closed = procedures.filter(([path, { type }]) => !open.includes(path) && type !== 'subscription')
  it.each(closed)('%s is UNAUTHORIZED without a session', async (path, { type }) => {
    const url = `${server.base}/api/trpc/${path}`
    const headers = { 'content-type': 'application/json', origin: server.base, 'x-middleware-subrequest': 'middleware' }
    const reply = await fetch(url, type === 'mutation' ? { method: 'POST', headers, body: '{}' } : { headers })
    const body = await reply.json()
    expect([reply.status, body.error.data.code]).toEqual([401, 'UNAUTHORIZED'])
    expect(server.called).toEqual([])
  })

  it('that changes something is not run by GET', async () => {
    const cookie = await server.signIn()
    for (const [path, { type }] of procedures) {
      if (type !== 'mutation') continue
      const reply = await fetch(`${server.base}/api/trpc/${path}?input=%7B%7D`, { headers: { cookie } })
      expect([path, reply.status]).toEqual([path, 405])
    }
    expect(server.called).toEqual([])
  })
})

describe('a change', () => {
  it('is written down with who, what and the outcome, and without secrets', async () => {
    const cookie = await server.signIn()
    const operation = { kind: 'create', spec: { type: 'container', name: 'web', access: { user: 'ada', password: 'do not keep' } } }
    await fetch(`${server.base}/api/trpc/guest.operate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.base, cookie },
      body: JSON.stringify({ host: 'local', engine: 'incus', operation }),
    })
    const entry = await server.db.audit.findFirstOrThrow({ where: { action: 'guest.operate' } })
    const user = await server.db.user.findFirstOrThrow()
    expect(entry).toMatchObject({ user: user.id, target: 'create web local', ok: false, from: '127.0.0.1' })
    expect(JSON.stringify(entry)).not.toContain('do not keep')
  })

  it('with bad input names the field and reaches nothing', async () => {
    const cookie = await server.signIn()
    const reply = await fetch(`${server.base}/api/trpc/guest.operate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.base, cookie },
      body: JSON.stringify({ host: 'local', engine: 'libvirt', operation: { kind: 'start', name: '-oProxy' } }),
    })
    const body = await reply.json()
    expect(reply.status).toBe(400)
    expect(body.error.data.field).toBe('operation.name')
    expect(server.called).toEqual([])
  })
})
