import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createFixtureServer } from './fixture-server'
import { firstTextHeader } from './model/console'

let server: Awaited<ReturnType<typeof createFixtureServer>>
let cookie = ''
beforeAll(async () => {
  server = await createFixtureServer()
  cookie = await server.signIn()
})
afterAll(() => server.close())
beforeEach(() => {
  server.page.says = 'root@web:~# ls\r\n\x1b[1;34mbin\x1b[0m  a 漢\r\nroot@web:~# halt\b \b\b \b'
})

/** What the page is given. */
async function given(path: string, headers: Record<string, string> = {}): Promise<string> {
  server.page.given = ''
  await fetch(server.base + path, { headers: { cookie, ...headers }, redirect: 'manual' })
  return Buffer.from(server.page.given, 'base64').toString()
}
const consolePage = '/guests/local~libvirt~web/console'

it.each([consolePage, '/guests/local%7Elibvirt%7Eweb/console?kind=serial', '/console/local~libvirt~web'])(
  'stands in %s as lines',
  async (path) => {
    expect(await given(path)).toBe('root@web:~# ls\nbin  a 漢\nroot@web:~# ha')
  },
)

it.each([
  '/guests/local~libvirt~web',
  '/console/host/local',
  `${consolePage}?kind=vnc`,
  '/guests/local~libvirt~other/console',
  '/console/%ff',
])('is not in %s', async (path) => {
  expect(await given(path)).toBe('')
})

it('is not in what Next fetches for a page that is there already', async () => {
  expect(await given(consolePage, { rsc: '1' })).toBe('')
  expect(await given(`${consolePage}?_rsc=abc`)).toBe('')
})

it('is there although a shell asks its terminal things', async () => {
  server.page.says = '\x1b[6n~ # ls\r\nbin\r\n\x1b[>0c\x1b[6n~ # '
  expect(await given(consolePage)).toBe('~ # ls\nbin\n~ #')
})

it('is no picture of a program that draws on the whole screen', async () => {
  server.page.says = 'before\r\n\x1b[?1049h\x1b[5;1Hvi'
  expect(await given(consolePage)).toBe('')
})

it('is the end of what is too long', async () => {
  server.page.says = `${'x\r\n'.repeat(20_000)}end`
  const text = await given(consolePage)
  expect(text.length).toBe(16 * 1024)
  expect(text.endsWith('x\nx\nend')).toBe(true)
})

it('is for those who may watch the console, and never what a client says it is', async () => {
  expect(await given(consolePage, { cookie: '' })).toBe('')
  const allows = vi.spyOn(server.services.access, 'allows').mockReturnValue(false)
  expect(await given(consolePage, { [firstTextHeader]: Buffer.from('mine').toString('base64') })).toBe('')
  allows.mockImplementation((_user, right) => right === 'guest.watch')
  expect(await given(consolePage, { [firstTextHeader]: Buffer.from('mine').toString('base64') })).toMatch(/^root@web/)
  allows.mockRestore()
})
