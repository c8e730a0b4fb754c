import { expect, test } from './fixtures'
import { createTiny, guestPath } from './helpers/guests'
import { waitForTiny } from './helpers/images'
import { cookieOf, send, upgrade } from './wire'

const pages = ['/', '/guests', '/guests/new', '/jobs', '/images', '/hosts']
const tabs = ['', 'console', 'graphs', 'hardware', 'snapshots', 'jobs', 'config'] as const
const sockets = ['/api/trpc', '/ws/console?guest=local~libvirt~x&kind=serial', '/ws/vnc?guest=local~libvirt~x']

test('who is not signed in gets the sign-in page and nothing else', async ({ server, session }) => {
  expect(session.cookies).toContainEqual(expect.objectContaining({ name: 'bailiwick_session', httpOnly: true, sameSite: 'Lax' }))
  for (const path of [...pages, '/guests/local~libvirt~x/console', '/console/local~libvirt~x', '/jobs/x']) {
    const reply = await send(server, path)
    expect(reply.status, path).toBe(307)
    expect(reply.headers.location, path).toMatch(/^\/login(\?|$)/)
    expect(reply.body, path).toBe('')
  }
  for (const [path, input] of [
    ['job.list', { limit: 1 }],
    ['image.catalogue', null],
    ['guest.catalog', { host: 'local', engine: 'libvirt' }],
  ] as const) {
    const reply = await send(server, `/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`)
    expect(reply.status, path).toBe(401)
  }
  const headers = { 'content-type': 'application/json', origin: server.url }
  const change = await send(server, '/api/trpc/guest.operate', {
    method: 'POST',
    headers,
    body: JSON.stringify({ host: 'local', engine: 'libvirt', operation: { kind: 'start', name: 'x' } }),
  })
  expect(change.status).toBe(401)
  const upload = await send(server, `/upload/${'0'.repeat(32)}`, { method: 'PUT', headers: { origin: server.url }, body: 'x' })
  expect(upload.status).toBe(401)
  for (const path of sockets) {
    const raw = await upgrade(server, path, { origin: server.url })
    expect(raw.status, path).toBe(401)
    await raw.ended
    const forged = await upgrade(server, path, { origin: server.url, cookie: `bailiwick_session=${'A'.repeat(43)}` })
    expect(forged.status, path).toBe(401)
  }
})

test('requests of other sites are refused, signed in or not', async ({ server, session }) => {
  const cookie = cookieOf(session)
  const post = (headers: Record<string, string>) =>
    send(server, '/api/trpc/session.signOut', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...headers },
      body: '{}',
    })
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: server.url, 'sec-fetch-site': 'cross-site' },
    {} as Record<string, string>,
  ])
    expect((await post(headers)).status, JSON.stringify(headers)).toBe(403)
  for (const path of sockets) {
    expect((await upgrade(server, path, { cookie, origin: 'https://evil.example' })).status, path).toBe(403)
    expect((await upgrade(server, path, { cookie, origin: 'http://evil.example', host: 'evil.example' })).status, path).toBe(421)
  }
  expect((await send(server, '/', { headers: { cookie, host: 'evil.example' } })).status).toBe(421)
  // None of them signed anybody out.
  expect((await send(server, '/', { headers: { cookie } })).status).toBe(200)
})

test('every page obeys a policy without inline scripts and eval', async ({ page, guestName }) => {
  test.setTimeout(900_000)
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI} ${event.sample}`),
    ),
  )
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|policy violated|Refused to/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  await waitForTiny(page)
  const name = guestName('policy')
  await createTiny(page, name)
  const job = page.getByRole('link', { name: `Create ${name}` }).first()
  await page.goto('/jobs')
  const jobPath = (await job.getAttribute('href')) ?? ''
  for (const path of [...pages, ...tabs.map((tab) => guestPath('libvirt', name, tab)), jobPath, '/nowhere']) {
    const reply = await page.goto(path)
    const policy = (await reply?.headerValue('content-security-policy')) ?? ''
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
    expect(scripts, path).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'$/)
    expect(policy, path).toContain("object-src 'none'")
    expect(policy, path).toContain("base-uri 'none'")
    expect(await reply?.headerValue('x-content-type-options')).toBe('nosniff')
    await expect(page.getByRole('main').getByRole('heading').first(), path).toBeVisible()
  }
  await page.goto(`${guestPath('libvirt', name, 'console')}?kind=vnc`)
  await expect(page.getByRole('region', { name: 'Console', exact: true }).getByRole('status').first()).toContainText('You are typing', {
    timeout: 30_000,
  })
  expect(complaints).toEqual([])

  // And the policy is not only words: markup that somebody smuggled in runs nothing. The page's own timer puts it
  // there, since what the test itself evaluates stands above the policy.
  await page.evaluate(() =>
    setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = \'smuggled\'">')),
  )
  await expect.poll(() => complaints.filter((text) => /policy violated: script-src-attr by inline/.test(text)).length).toBe(1)
  expect(await page.title()).not.toBe('smuggled')
})
