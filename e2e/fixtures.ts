import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type Browser, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { removeGuest } from './helpers/guests'
import { waitForTiny } from './helpers/images'
import { newStore, type ServerOptions, startServer, type TestServer } from './helpers/server'

/** Who is made by the set-up page of each test server. */
export const admin = { name: 'admin', password: 'correct horse battery' }

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

/** Goes through the real set-up page and keeps what the browser then holds. Terminals write their text for screen readers. */
export async function setUp(browser: Browser, server: TestServer): Promise<SignedIn> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' })
  const page = await context.newPage()
  await page.goto(server.setupLink ?? `${server.url}/setup`)
  await page.getByLabel('Name').fill(admin.name)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByLabel('Repeat the password').fill(admin.password)
  await page.getByRole('button', { name: 'Create and sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const state = await context.storageState()
  await context.close()
  return { ...state, origins: [{ origin: server.url, localStorage: [{ name: 'bailiwick.reader', value: '1' }] }] }
}

/** Names for guests: unlike any other, and gone with what they name when their time is over. */
export type Names = (word: string) => string

function createNames(store: string): { name: Names; removeAll(): Promise<void> } {
  const given: string[] = []
  return {
    name(word) {
      const name = `e2e-${word}-${randomBytes(2).toString('hex')}`
      given.push(name)
      return name
    },
    async removeAll() {
      for (const name of given) await removeGuest(name, store)
    },
  }
}

type WorkerFixtures = {
  /** Where images and disks of all servers of this run lie. */
  store: string
  /** The server that most tests share, with its administrator made. */
  server: TestServer
  /** What a browser holds that is signed in to `server`. */
  session: SignedIn
  /** The cards of the create page that start Tiny Linux; waits until the host has made it, which a first start does by itself. */
  tiny: { x86_64: RegExp; aarch64: RegExp }
}

type TestFixtures = {
  /** Another browser, signed in to the same server. */
  otherPage: Page
  /** A name for a guest that is removed, with its disks, after the test. */
  guestName: Names
  /** A server for this test alone, on the same images, removed after the test. */
  startServer: (options?: Partial<ServerOptions>) => Promise<TestServer>
}

/** `page` is signed in to `server`, and relative addresses lead there. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  store: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures that one needs from here
    async ({}, use) => {
      const { path, own } = newStore()
      await use(path)
      if (own) rmSync(path, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ store }, use) => {
      const server = await startServer({ store })
      await use(server)
      await server.remove()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  session: [async ({ browser, server }, use) => use(await setUp(browser, server)), { scope: 'worker', timeout: 90_000 }],
  tiny: [
    async ({ browser, server, session }, use) => {
      const context = await browser.newContext({ baseURL: server.url, storageState: session })
      const page = await context.newPage()
      for (const arch of ['x86_64', 'aarch64'] as const) await waitForTiny(page, arch)
      await context.close()
      await use({ x86_64: /Tiny Linux.*x86_64/, aarch64: /Tiny Linux.*aarch64/ })
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  storageState: async ({ session }, use) => use(session),
  otherPage: async ({ browser, server, session }, use) => {
    const context = await browser.newContext({ baseURL: server.url, storageState: session, viewport: { width: 1280, height: 800 } })
    await use(await context.newPage())
    await context.close()
  },
  guestName: async ({ store }, use) => {
    const names = createNames(store)
    await use(names.name)
    await names.removeAll()
  },
  startServer: async ({ store }, use) => {
    const servers: TestServer[] = []
    await use(async (options = {}) => {
      const server = await startServer({ store, ...options })
      servers.push(server)
      return server
    })
    for (const server of servers) await server.remove()
  },
})

export { expect }
