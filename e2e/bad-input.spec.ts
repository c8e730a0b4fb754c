import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type SignedIn, test } from './fixtures'
import { fillCreate } from './helpers/guests'
import { virsh } from './helpers/host'
import { waitForTiny } from './helpers/images'
import type { TestServer } from './helpers/server'
import { askProcedure, callProcedure, cookieOf, send, upgrade } from './wire'

/** What a shell would make if one of the names below ever reached it. */
const marker = `/tmp/e2e-${randomBytes(4).toString('hex')}`
test.afterAll(() => rmSync(marker, { force: true }))

const names = [
  ['a command after a semicolon', `web;touch ${marker}`, /Only a–z, 0–9/],
  ['a command in $( )', `$(touch ${marker})`, /Only a–z, 0–9.*not “\$”/],
  ['a command in backticks', `a\`touch ${marker}\``, /Only a–z, 0–9/],
  ['a space and capitals', 'Bad Name', /not upper-case “B”, a space/],
  ['an option', '--help', /Must start with a letter a–z/],
  ['300 characters', 'a'.repeat(300), /At most 63 characters/],
  ['letters beyond ASCII', 'größe', /Only a–z, 0–9/],
  ['a path', 'a/../../b', /Only a–z, 0–9/],
] as const

const spec = {
  type: 'vm',
  name: 'e2e-never',
  cpus: 1,
  memoryBytes: 192 * 1024 * 1024,
  network: null,
  image: 'tiny-linux-x86_64',
  arch: 'x86_64',
  diskBytes: null,
  start: false,
}
const create = (change: object) => ({ host: 'local', engine: 'libvirt', operation: { kind: 'create', spec: { ...spec, ...change } } })

/** The ids of jobs that a person started: the server's own builds go on meanwhile. */
async function jobsOf(server: TestServer, session: SignedIn): Promise<string[]> {
  const { body } = await askProcedure(server, session, 'job.list', { limit: 200 })
  const jobs: { id: string; user: string }[] = JSON.parse(body).result.data
  return jobs.filter(({ user }) => user !== 'system').map(({ id }) => id)
}

test('bad names and sizes are refused in the form, by field', async ({ page, server, session }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const jobs = () => jobsOf(server, session)
  const before = await jobs()
  await fillCreate(page, { name: 'e2e-never', source: /Tiny Linux.*x86_64/ })
  const form = page.getByRole('form', { name: 'Create' })
  const name = form.getByLabel('Name')
  for (const [, text, words] of names) {
    await name.fill(text)
    await form.getByRole('button', { name: 'Create and start' }).click()
    await expect(name).toHaveAccessibleDescription(words)
    await expect(name).toHaveAttribute('aria-invalid', 'true')
  }
  await name.fill('e2e-never')
  const cpus = form.getByLabel('CPUs')
  for (const [text, words] of [
    ['0', /At least 1 CPU/],
    ['1000000000', /At most 512 CPUs/],
    ['two', /A whole number/],
  ] as const) {
    await cpus.fill(text)
    await form.getByRole('button', { name: 'Create and start' }).click()
    await expect(cpus).toHaveAccessibleDescription(words)
  }
  await expect(page).toHaveURL(/\/guests\/new$/)
  expect(await jobs()).toEqual(before)
  expect(existsSync(marker)).toBe(false)
})

test('the server refuses the same by itself and names the field', async ({ server, session }) => {
  const jobs = () => jobsOf(server, session)
  const before = await jobs()
  const refused = async (change: object, field: string, words: RegExp) => {
    const reply = await callProcedure(server, session, 'guest.operate', create(change))
    expect(reply.status, reply.body).toBe(400)
    const { error } = JSON.parse(reply.body)
    expect(error.data.field).toBe(`operation.spec.${field}`)
    expect(error.data.fields.map((each: { message: string }) => each.message).join()).toMatch(words)
  }
  for (const [, name, words] of names) await refused({ name }, 'name', words)
  await refused({ cpus: 0 }, 'cpus', /At least 1 CPU/)
  await refused({ cpus: 1e9 }, 'cpus', /At most 512 CPUs/)
  await refused({ cpus: 1.5 }, 'cpus', /int/)
  await refused({ memoryBytes: 1 }, 'memoryBytes', /At least 32 MiB/)
  await refused({ network: 'x'.repeat(65) }, 'network', /./)
  for (const [, name] of names) {
    const reply = await callProcedure(server, session, 'guest.operate', {
      host: 'local',
      engine: 'libvirt',
      operation: { kind: 'start', name },
    })
    expect(reply.status, `${name}: ${reply.body}`).toBeGreaterThanOrEqual(400)
    expect(reply.status, `${name}: ${reply.body}`).toBeLessThan(500)
  }
  expect(await jobs()).toEqual(before)
  expect(existsSync(marker)).toBe(false)
})

test('a body of 50 MB is refused in words', async ({ page, server, session }) => {
  await page.goto('/jobs')
  const inBrowser = await page.evaluate(async () => {
    const reply = await fetch('/api/trpc/guest.operate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ' '.repeat(50e6),
    })
    return { status: reply.status, body: await reply.text() }
  })
  expect(inBrowser.status).toBe(413)
  expect(JSON.parse(inBrowser.body).error.message).toBe('The request is longer than 1 MiB')
  const reply = await send(server, '/api/trpc/guest.operate', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(50e6), origin: server.url, cookie: cookieOf(session) },
    body: Buffer.alloc(50e6, 0x20),
  })
  expect(reply.status).toBe(413)
  expect(JSON.parse(reply.body).error.message).toBe('The request is longer than 1 MiB')
  const chunked = await send(server, '/api/trpc/guest.operate', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked', origin: server.url, cookie: cookieOf(session) },
    body: Buffer.alloc(2e6, 0x20),
  })
  expect(chunked.status).toBe(413)
  const torn = await send(server, '/api/trpc/guest.operate', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url, cookie: cookieOf(session) },
    body: '{"host":',
  })
  expect(torn.status).toBe(400)
  expect((await send(server, '/healthz')).status).toBe(200)
})

test('broken WebSocket frames end their own socket and no other', async ({ page, server, session, guestName }) => {
  const name = guestName('frame')
  const file = join(server.data, 'frame.xml')
  const xml = `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os>
    <devices><serial type='pty'><target port='0'/></serial></devices></domain>`
  await page.goto('/guests')
  const table = page.getByRole('table', { name: 'Guests' })
  writeFileSync(file, xml)
  await virsh('define', file)
  await expect(table.getByRole('link', { name })).toBeVisible()

  const paths = ['/api/trpc', `/ws/console?guest=${encodeURIComponent(`local~libvirt~${name}`)}&kind=serial`]
  const frames = {
    'cut off in its header': [0x81],
    'cut off in its body': [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 100, 1, 2, 3, 4, 5],
    'of a size beyond all': [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4],
    'not masked': [0x81, 0x02, 0x7b, 0x7d],
    'of an unknown kind': [0x83, 0x80, 1, 2, 3, 4],
    'that is no JSON': [0x81, 0x83, 0, 0, 0, 0, 0x7b, 0x7b, 0x7b],
    'that is no UTF-8': [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
  }
  for (const path of paths) {
    for (const bytes of Object.values(frames)) {
      const raw = await upgrade(server, path, { origin: server.url, cookie: cookieOf(session) })
      expect(raw.status).toBe(101)
      raw.socket.end(Buffer.from(bytes))
      await raw.ended
    }
  }
  // The page's own socket still tells what happens outside.
  await virsh('undefine', name)
  await expect(table.getByRole('link', { name })).toHaveCount(0)
  await expect(page.getByText(/Reconnecting|does not answer/)).toHaveCount(0)
  expect(server.process.exitCode).toBeNull()
  expect(server.output()).not.toMatch(/unhandled|uncaught|a promise was rejected/i)
})
