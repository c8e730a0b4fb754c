import type { Browser, BrowserContext, Locator, Page } from '@playwright/test'
import { test as base, expect, type SignedIn, setUp } from './fixtures'
import { type CbsdHost, newCbsdHost } from './helpers/cbsd'
import type { TestServer } from './helpers/server'
import { expectTerminal, terminalInput, terminalText, typeInTerminal } from './helpers/terminal'

type World = { host: CbsdHost; server: TestServer; session: SignedIn }

/** Two jails on a host of their own, both running. */
const test = base.extend<object, { world: World }>({
  world: [
    async ({ browser, store }, use) => {
      const { startServer } = await import('./helpers/server')
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
test.setTimeout(180_000)

const id = (name: string) => `local~cbsd~${name}`
const consolePath = (name: string, more = '') => `/guests/${encodeURIComponent(id(name))}/console${more}`
const splitPath = `/consoles?${new URLSearchParams([
  ['open', `shell:${id('left')}`],
  ['open', `shell:${id('right')}`],
])}`

async function enter(
  browser: Browser,
  { server, session }: World,
  size = { width: 1280, height: 800 },
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: server.url, storageState: session, viewport: size, locale: 'en-GB' })
  return { context, page: await context.newPage() }
}

const tools = (page: Page): Locator => page.getByRole('toolbar', { name: 'Console tools' })
const pane = (page: Page, name: string): Locator => page.getByRole('region', { name: `Console of ${name}` })
const paneText = async (page: Page, name: string): Promise<string> =>
  (await pane(page, name).getByRole('listitem').allInnerTexts())
    .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trimEnd()
const paneShows = (page: Page, name: string, wanted: RegExp) =>
  expect.poll(() => paneText(page, name), { timeout: 30_000, message: `${name} shows ${wanted}` }).toMatch(wanted)
async function typeInPane(page: Page, name: string, line: string) {
  const input = pane(page, name).getByRole('textbox', { name: /console of/ })
  await input.focus()
  await input.pressSequentially(line)
  await input.press('Enter')
}

test('found again: the box counts hits, and an address leads to one', async ({ browser, world }) => {
  const { context, page } = await enter(browser, world)
  await page.goto(consolePath('left'))
  await expectTerminal(page, /[#$] *$/)
  await typeInTerminal(page, 'for n in 1 2 3; do echo "needle-$n"; done; seq 1 80')
  await expectTerminal(page, /^80$/m)
  await page.goto(consolePath('left', '?find=needle-2'))
  await expectTerminal(page, /^needle-2$/m)
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 1')
  await page.getByRole('textbox', { name: 'Find in this console' }).fill('needle-\\d$')
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await expect(page.getByRole('search').getByRole('status')).toHaveText(/of 3$/)
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByRole('search')).toHaveCount(0)
  await context.close()
})

test('a guest asks before it gets at the clipboard or opens a link', async ({ browser, world }) => {
  const { context, page } = await enter(browser, world)
  await page.goto(consolePath('left'))
  await expectTerminal(page, /[#$] *$/)
  await typeInTerminal(page, `clear; printf '\\033]52;c;${btoa('owned')}\\007'; echo http://one.example/path`)
  const wish = page.getByRole('alertdialog', { name: 'left wants to put text on your clipboard:' })
  await expect(wish).toContainText('owned')
  await wish.getByRole('button', { name: 'Refuse' }).click()
  await expect(wish).toHaveCount(0)
  const dialog = page.getByRole('dialog', { name: 'Open a link from the console?' })
  const screen = page.locator('.xterm-screen')
  await expect(async () => {
    await screen.hover({ position: { x: 40, y: 8 } })
    await screen.click({ position: { x: 60, y: 8 } })
    await expect(dialog).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(dialog).toContainText('http://one.example/path')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(context.pages()).toHaveLength(1)
  await context.close()
})

test('a text is typed as keys into a program that reads line by line', async ({ browser, world }) => {
  const { context, page } = await enter(browser, world)
  await page.goto(consolePath('right'))
  await expectTerminal(page, /[#$] *$/)
  await typeInTerminal(page, 'read a; stty -echo; read b; stty echo; echo "$a-$b"')
  await tools(page).getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Type text as keys…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
  await dialog.getByLabel('Text to type').fill('user|name\nse@cret~')
  await dialog.getByLabel('Press Enter at the end').check()
  await expect(dialog.getByRole('status')).toContainText('2 lines, 19 characters')
  await dialog.getByRole('button', { name: 'Type it' }).click()
  await expect(dialog).toHaveCount(0)
  await expectTerminal(page, /^user\|name-se@cret~$/m)
  await context.close()
})

test('two consoles side by side never mix, unless all are typed into on purpose', async ({ browser, world }) => {
  const { context, page } = await enter(browser, world)
  await page.goto(splitPath)
  for (const name of ['left', 'right']) await paneShows(page, name, /[#$] *$/)
  for (let round = 1; round <= 5; round++)
    for (const name of ['left', 'right']) {
      await typeInPane(page, name, `echo ${name}-$((${round} * 111))`)
      await paneShows(page, name, new RegExp(`^${name}-${round * 111}$`, 'm'))
    }
  expect(await paneText(page, 'left')).not.toContain('right-')
  expect(await paneText(page, 'right')).not.toContain('left-')

  await test.step('what is typed goes to both while the switch is on, and everybody sees that it is', async () => {
    await page.getByRole('button', { name: 'Type into all' }).click()
    await expect(page.getByText('What you type goes to all 2 consoles')).toBeVisible()
    await typeInPane(page, 'left', 'clear; echo "both on $(hostname)"')
    await paneShows(page, 'left', /^both on left/m)
    await paneShows(page, 'right', /^both on right/m)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await typeInPane(page, 'right', 'echo only-$((6 * 7))')
    await paneShows(page, 'right', /^only-42$/m)
    expect(await paneText(page, 'left')).not.toContain('only')
  })

  await test.step('it stays as it was arranged, and panes go and come', async () => {
    await page.getByRole('button', { name: 'Close the console of left' }).click()
    await expect(pane(page, 'left')).toHaveCount(0)
    await page.goto('/consoles')
    await paneShows(page, 'right', /^only-42$/m)
    await page.getByRole('button', { name: 'Add a console' }).click()
    await page.getByRole('menuitem', { name: 'left' }).click()
    await paneShows(page, 'left', /both on left/)
  })
  await context.close()
})

test('on a phone one of several consoles is shown, the others are a tab away', async ({ browser, world }) => {
  const { context, page } = await enter(browser, world, { width: 390, height: 844 })
  await page.goto(splitPath)
  await expect(pane(page, 'left')).toBeVisible()
  await expect(pane(page, 'right')).toBeHidden()
  await page.getByRole('tab', { name: 'right' }).click()
  await expect(pane(page, 'right')).toBeVisible()
  await expect(pane(page, 'left')).toBeHidden()
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  await page.goto(consolePath('right'))
  await expectTerminal(page, /[#$] *$/)
  await tools(page).getByRole('button', { name: 'More' }).click()
  const menu = await page.getByRole('menu', { name: 'More' }).boundingBox()
  expect(menu && menu.x >= 0 && menu.x + menu.width <= 390).toBe(true)
  await page.keyboard.press('Escape')
  expect(await terminalText(page)).not.toBe('')
  await expect(terminalInput(page)).toHaveCount(1)
  await context.close()
})
