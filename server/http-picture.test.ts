import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFixtureServer } from './fixture-server'

let server: Awaited<ReturnType<typeof createFixtureServer>>
let cookie = ''
beforeAll(async () => {
  server = await createFixtureServer()
  cookie = await server.signIn()
})
afterAll(() => server.close())
beforeEach(() => {
  server.called.length = 0
})

const get = (path: string, headers: Record<string, string> = { cookie }, method = 'GET') =>
  fetch(`${server.base}${path}`, { headers, method, redirect: 'manual' })
const web = '/screen/local~libvirt~web'

describe('/screen/<guest>', () => {
  it('is a picture, sent once while it stays the same', async () => {
    const reply = await get(web)
    expect(reply.status).toBe(200)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, no-cache',
      'x-stale': '0',
      'x-content-type-options': 'nosniff',
    })
    expect(await reply.text()).toBe('a picture')
    const again = await get(web, { cookie, 'if-none-match': reply.headers.get('etag') ?? '' })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(server.called).toEqual(['consoles.picture web', 'consoles.picture web'])
  })

  it('is for those who are signed in', async () => {
    expect((await get(web, {})).status).toBe(401)
    expect((await get(web, { cookie: 'bailiwick=nobody' })).status).toBe(401)
    expect(server.called).toEqual([])
  })

  it.each(['/screen/', '/screen/local~libvirt~nobody', '/screen/web', '/screen/%ff', '/screen/local~libvirt~web/more'])(
    'tells nothing of %s',
    async (path) => {
      const reply = await get(path)
      expect([reply.status, await reply.text()]).toEqual([404, 'There is no such screen\n'])
      expect(server.called).toEqual([])
    },
  )

  it('is only read', async () => {
    expect((await get(web, { cookie, origin: server.base }, 'POST')).status).toBe(405)
    expect(server.called).toEqual([])
  })
})
