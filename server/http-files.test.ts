import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from './errors'
import { createFixtureServer } from './fixture-server'
import { createFileDownloads, disposition } from './http-files'
import type { Files } from './services'

let server: ReturnType<typeof createServer>
let base: string
let fixture: Awaited<ReturnType<typeof createFixtureServer>>
const audited: unknown[] = []
let pull: Files['pull']
let mayPull = true
const asked: unknown[] = []

beforeEach(async () => {
  fixture = await createFixtureServer()
  audited.length = 0
  asked.length = 0
  mayPull = true
  const { services } = fixture
  const download = createFileDownloads({
    services: {
      ...services,
      access: {
        ...services.access,
        session: async (cookie) => (cookie ? { token: 't', user: { id: 'u1', name: 'anna', role: 'admin' }, expiresAt: 0 } : null),
        allows: (_, permission) => mayPull && permission === 'guest.files',
        audit: async (entry) => void audited.push(entry),
      },
      files: {
        ...services.files,
        pull: (...given) => {
          asked.push(given.slice(0, 2))
          return pull(...given)
        },
      },
    },
    rules: { trustProxy: false, host: '127.0.0.1' },
    log: pino({ level: 'silent' }),
  })
  server = createServer((req, res) => void download(req, res).catch(() => res.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await fixture.close()
})
const get = (path: string, headers: Record<string, string> = { cookie: 'session=x' }, method = 'GET') =>
  fetch(`${base}?${new URLSearchParams({ guest: 'local~incus~web', path })}`, { headers, method })
async function* bytes(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

test('a file comes as a download that no browser makes a page of', async () => {
  pull = async () => ({ sizeBytes: 12, bytes: bytes('<script>', 'x();') })
  const reply = await get('/srv/größe "1".html')
  expect(reply.status).toBe(200)
  expect(await reply.text()).toBe('<script>x();')
  const header = (name: string) => reply.headers.get(name)
  expect(header('content-type')).toBe('application/octet-stream')
  expect(header('content-length')).toBe('12')
  expect(header('x-content-type-options')).toBe('nosniff')
  expect(header('content-security-policy')).toContain('sandbox')
  expect(header('cache-control')).toBe('no-store')
  expect(header('content-disposition')).toBe(`attachment; filename="gr__e _1_.html"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.html`)
  expect(audited).toEqual([
    expect.objectContaining({ user: 'u1', action: 'file.pull', target: 'local~incus~web /srv/größe "1".html', ok: true }),
  ])
})

test('nothing is asked of a host for who is not signed in, has not the right, or gives a bad path', async () => {
  pull = async () => ({ sizeBytes: 0, bytes: bytes() })
  expect((await get('/a', {})).status).toBe(401)
  mayPull = false
  expect((await get('/a')).status).toBe(403)
  mayPull = true
  for (const path of ['a', '../a', '/a/../../b', '/a\nb', '/a\0b', '']) expect((await get(path)).status).toBe(400)
  expect((await get('/a', undefined, 'POST')).status).toBe(405)
  expect((await fetch(`${base}?guest=nonsense&path=/a`, { headers: { cookie: 'x' } })).status).toBe(404)
  expect(asked).toEqual([])
  expect((await get('//a/./b/')).status).toBe(200)
  expect(asked).toEqual([[{ host: 'local', engine: 'incus', name: 'web' }, '/a/b']])
})

test('a refusal is told in words, and written down', async () => {
  pull = async () => {
    throw new AppError('refused', 'It is a folder', 'path')
  }
  const reply = await get('/etc')
  expect(reply.status).toBe(409)
  expect(await reply.text()).toBe('It is a folder\n')
  expect(audited).toEqual([expect.objectContaining({ action: 'file.pull', ok: false, detail: 'It is a folder' })])
})

test('a file that ends early breaks off and is not taken for whole', async () => {
  pull = async () => ({
    sizeBytes: 100,
    bytes: (async function* () {
      yield Buffer.from('begin')
      throw new AppError('failed', 'The file ended early')
    })(),
  })
  const reply = await get('/a')
  await expect(reply.text()).rejects.toThrow()
  await expect.poll(() => audited).toEqual([expect.objectContaining({ ok: false, detail: 'The file ended early' })])
})

test('one person fetches four at once, and is told so', async () => {
  const ends: (() => void)[] = []
  pull = async () => ({
    sizeBytes: 1,
    bytes: (async function* () {
      await new Promise<void>((resolve) => ends.push(resolve))
      yield Buffer.from('x')
    })(),
  })
  const replies = await Promise.all([1, 2, 3, 4].map(() => get('/a')))
  expect((await get('/a')).status).toBe(429)
  await expect.poll(() => ends.length).toBe(4)
  for (const end of ends) end()
  expect(await Promise.all(replies.map((reply) => reply.text()))).toEqual(['x', 'x', 'x', 'x'])
  const after = get('/a')
  await expect.poll(() => ends.length).toBe(5)
  ends[4]?.()
  expect((await after).status).toBe(200)
})

test('a name in the header cannot end it', () => {
  expect(disposition('a"; x="b')).toBe(`attachment; filename="a__ x__b"; filename*=UTF-8''a%22%3B%20x%3D%22b`)
  expect(disposition("it's (1)*.txt")).toBe(`attachment; filename="it_s _1__.txt"; filename*=UTF-8''it%27s%20%281%29%2A.txt`)
})
