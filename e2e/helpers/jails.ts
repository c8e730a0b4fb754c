import type { Browser, BrowserContext, Locator, Page } from '@playwright/test'
import { test as base, type SignedIn, setUp } from '../fixtures'
import { type CbsdHost, newCbsdHost } from './cbsd'
import { startServer, type TestServer } from './server'

export type World = { host: CbsdHost; server: TestServer; session: SignedIn }

/** Two jails on a host of their own, both running. */
export const test = base.extend<object, { world: World }>({
  world: [
    async ({ browser, store }, use) => {
      const host = await newCbsdHost(store)
      for (const name of ['left', 'right']) {
        await host.cbsd('jcreate', `jname=${name}`, 'ver=14.1')
        await host.cbsd('jstart', `jname=${name}`)
      }
      const server = await startServer({ store, env: { BAILIWICK_PATH: host.bin, BAILIWICK_CBSD_WORKDIR: host.workdir } })
      await use({ host, server, session: await setUp(browser, server) })
      await server.remove()
      await host.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

/** The id that Bailiwick gives a jail of it. */
export const jailId = (name: string) => `local~cbsd~${name}`

/** Where its console is. */
export const consolePath = (name: string, more = '') => `/guests/${encodeURIComponent(jailId(name))}/console${more}`

/** A browser that is signed in there. */
export async function enter(
  browser: Browser,
  { server, session }: World,
  size = { width: 1280, height: 800 },
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: server.url, storageState: session, viewport: size, locale: 'en-GB' })
  return { context, page: await context.newPage() }
}

/** What is done with the console of the open page. */
export const tools = (page: Page): Locator => page.getByRole('toolbar', { name: 'Console tools' })
