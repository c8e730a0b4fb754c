import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { expect, setUp, test } from './fixtures'
import { act, choose, expectState, guestPath } from './helpers/guests'
import { domainState, domains, hostCommand } from './helpers/host'
import { waitForTiny } from './helpers/images'
import type { TestServer } from './helpers/server'

const steps = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem')

/** A browser that is signed in to a server of this test's own. */
async function signedIn(browser: Browser, server: TestServer): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, storageState: await setUp(browser, server) })
  return context.newPage()
}

/** A page signed in by name and password: after a restart the port is another one. */
async function signIn(browser: Browser, server: TestServer): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url })
  const page = await context.newPage()
  await page.goto('/login')
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  return page
}

test('killed in the middle of a create, the server tells the truth when it is back', async ({ browser, startServer, guestName }) => {
  test.setTimeout(900_000)
  const first = await startServer()
  const page = await signedIn(browser, first)
  await waitForTiny(page)
  const name = guestName('orig')
  const copy = guestName('copy')
  await page.goto('/guests/new')
  const form = page.getByRole('form', { name: 'Create' })
  await choose(form.getByRole('radio', { name: /Tiny Linux.*x86_64/ }))
  await form.getByLabel('Name').fill(name)
  await form.getByRole('textbox', { name: 'Disk' }).fill('3 GiB')
  await form.getByRole('button', { name: 'Create', exact: true }).click()
  await expectState(page, name, 'stopped')
  // Enough on its disk that a copy takes its time.
  const disk = join(first.store, 'guests', name, 'disk.qcow2')
  const written = ['write -P 0x5a 0 1G', 'write -P 0x5b 1G 1G'].flatMap((command) => ['-c', command])
  await hostCommand(['qemu-io', '-f', 'qcow2', ...written, disk])

  const watching = await page.context().newPage()
  await watching.goto('/jobs')
  await expect(watching.getByRole('heading', { name: 'Jobs' })).toBeVisible()
  await act(page, 'Clone')
  const dialog = page.getByRole('dialog', { name: `Clone ${name}` })
  await dialog.getByLabel('New name').fill(copy)
  await expect(dialog).toContainText('qemu-img convert')
  await dialog.getByRole('button', { name: 'Clone', exact: true }).click()
  // The copy's file is there from the first moment of `qemu-img convert`, which then has 2 GiB to go.
  await expect.poll(() => existsSync(join(first.store, 'guests', copy, 'disk.qcow2')), { intervals: [5] }).toBe(true)
  await first.kill()
  // An open page says so by itself.
  await expect(watching.getByText(/Reconnecting|The server does not answer/)).toBeVisible()

  const database = join(first.data, 'bailiwick.db')
  expect(existsSync(database)).toBe(true)
  const second = await startServer({ data: first.data })
  const db = await new PrismaBetterSqlite3({ url: database }).connect()
  const ask = async (sql: string) => (await db.queryRaw({ sql, args: [], argTypes: [] })).rows
  expect(await ask('PRAGMA integrity_check')).toEqual([['ok']])
  expect(await ask('PRAGMA foreign_key_check')).toEqual([])
  await db.dispose()

  const again = await signIn(browser, second)
  await again.goto('/jobs')
  await again.getByRole('link', { name: `Clone ${name} to ${copy}` }).click()
  await expect(again.getByRole('heading', { level: 1 }).getByRole('img', { name: 'interrupted' })).toBeVisible()
  await expect(again.getByRole('main')).toContainText('The server ended while this ran')
  await expect(steps(again).filter({ hasText: 'qemu-img convert' }).getByRole('img', { name: 'failed' })).toBeVisible()
  await expect(steps(again).last().getByRole('img', { name: 'not run' })).toBeVisible()

  // The original is as it was, and of the copy the list says what libvirt says.
  expect(await domainState(name)).toBe('shut off')
  expect(await domains()).not.toContain(copy)
  await again.goto('/guests')
  const table = again.getByRole('table', { name: 'Guests' })
  await expect(table.getByRole('row').filter({ hasText: name }).getByRole('img', { name: 'stopped' })).toBeVisible()
  await expect(table.getByRole('link', { name: copy })).toHaveCount(0)

  // What it left is named, and goes away when asked: the name is free again.
  expect(existsSync(join(first.store, 'guests', copy))).toBe(true)
  await again.goto('/jobs')
  await again.getByRole('link', { name: `Clone ${name} to ${copy}` }).click()
  await again.getByRole('button', { name: 'Undo what was done' }).click()
  const undo = again.getByRole('dialog', { name: /^Undo/ })
  await expect(undo).toContainText(`rm -rf -- ${join(first.store, 'guests', copy)}`)
  await undo.getByRole('button', { name: 'Undo what was done' }).click()
  await expect(again.getByRole('heading', { level: 1 }).getByRole('img', { name: 'done' })).toBeVisible()
  expect(existsSync(join(first.store, 'guests', copy))).toBe(false)

  // Nothing of it stands in the way: the guest is not locked and starts.
  await again.goto(guestPath('libvirt', name))
  await act(again, 'Start')
  await expectState(again, name, 'running')
  expect(await domainState(name)).toBe('running')
  await Promise.all([page.context().close(), again.context().close()])
})

test('a second server on the same data is refused in words', async ({ startServer }) => {
  const first = await startServer()
  await expect(startServer({ data: first.data })).rejects.toThrow(/Another Bailiwick is running/)
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200)
})
