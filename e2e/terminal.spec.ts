import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect } from './fixtures'
import { consolePath, enter, test, tools } from './helpers/jails'
import { look } from './helpers/picture'
import { startRelay } from './helpers/relay'
import { expectTerminal, terminalInput, terminalText, typeInTerminal } from './helpers/terminal'

test.setTimeout(300_000)

/** Chooses from the menu at the end of the bar. */
async function more(page: Page, item: string) {
  await tools(page).getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

/** What is really on this computer's clipboard. */
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

let asked = 0
/** The size of the terminal as the guest knows it. */
async function guestSize(page: Page): Promise<{ rows: number; cols: number }> {
  const mark = `size${++asked}`
  await typeInTerminal(page, `echo "${mark} $(stty size) end"`)
  const line = new RegExp(`^${mark} (\\d+) (\\d+) end$`, 'm')
  await expectTerminal(page, line)
  const [, rows, cols] = line.exec(await terminalText(page)) ?? []
  return { rows: Number(rows), cols: Number(cols) }
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
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText('mine'))
  await wish.getByRole('button', { name: 'Refuse' }).click()
  await expect(wish).toHaveCount(0)
  expect(await clipboard(page)).toBe('mine')
  await typeInTerminal(page, `clear; printf '\\033]52;c;${btoa('allowed')}\\007'; echo http://one.example/path`)
  await wish.getByRole('button', { name: 'Allow once' }).click()
  await expect.poll(() => clipboard(page)).toBe('allowed')
  const dialog = page.getByRole('dialog', { name: 'Open a link from the console?' })
  const screen = page.locator('.xterm-screen')
  await expect(async () => {
    await screen.hover({ position: { x: 40, y: 8 } })
    await screen.click({ position: { x: 60, y: 8 } })
    await expect(dialog).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(dialog).toContainText('http://one.example/path')
  // The page's colours, not those of the terminal around it.
  const colour = (element: Element) => getComputedStyle(element).color
  expect(await dialog.getByRole('heading').evaluate(colour)).toBe(await page.locator('body').evaluate(colour))
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(context.pages()).toHaveLength(1)
  await test.step('once it was asked, it opens in a page that knows nothing of this one', async () => {
    await context.route('http://one.example/**', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>One</h1>' }))
    await screen.hover({ position: { x: 40, y: 8 } })
    await screen.click({ position: { x: 60, y: 8 } })
    const opened = context.waitForEvent('page')
    await dialog.getByRole('link', { name: 'Open in a new tab' }).click()
    const other = await opened
    await expect(other).toHaveURL('http://one.example/path')
    expect(await other.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
  })
  await context.close()
})

test('as one likes it: colours, size, the whole screen, a window of its own, and what is selected is copied', async ({
  browser,
  world,
}) => {
  const { context, page } = await enter(browser, world)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(consolePath('left'))
  await expectTerminal(page, /[#$] *$/)
  const glass = page.locator('.console-glass')
  const eye = await context.newPage()
  await page.bringToFront()
  const lit = async () => (await look(eye, await page.locator('.xterm-screen').screenshot())).lit
  const before = { size: await guestSize(page), lit: await lit() }

  await test.step('another look is seen at once', async () => {
    await more(page, 'Appearance…')
    const dialog = page.getByRole('dialog', { name: 'Appearance of terminals' })
    await dialog.getByLabel('Colours').selectOption({ label: 'Paper (warm, light)' })
    await expect(glass).toHaveAttribute('data-theme', 'paper')
    await dialog.getByLabel('Copy what is selected at once').check()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(terminalInput(page)).toBeFocused()
    await expect.poll(lit, { message: 'the ground is light' }).toBeGreaterThan(10 * before.lit)
  })

  await test.step('larger letters leave room for fewer, and the guest knows', async () => {
    for (let press = 0; press < 4; press++) await more(page, 'Larger text')
    await expect.poll(async () => (await guestSize(page)).cols).toBeLessThan(before.size.cols)
  })

  await test.step('both are there after a reload', async () => {
    const { cols } = await guestSize(page)
    await page.reload()
    await expectTerminal(page, /[#$] *$/)
    await expect(glass).toHaveAttribute('data-theme', 'paper')
    expect((await guestSize(page)).cols).toBe(cols)
  })

  await test.step('a word that is selected is on the clipboard', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('before'))
    await typeInTerminal(page, 'clear; echo "picked-$((6 * 7))"')
    await expectTerminal(page, /^picked-42$/m)
    await page.locator('.xterm-screen').dblclick({ position: { x: 40, y: 10 } })
    await expect.poll(() => clipboard(page)).toBe('picked-42')
  })

  await test.step('a page without https copies as well, and says so', async () => {
    const plain = await context.newPage()
    await plain.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }))
    await plain.goto(consolePath('left'))
    await expectTerminal(plain, /^picked-42$/m)
    await more(plain, 'Copy all text')
    await expect(tools(plain).getByRole('status')).toContainText('Copied')
    await plain.close()
    await page.bringToFront()
    await expect.poll(() => clipboard(page)).toMatch(/^picked-42\n/m)
  })

  await test.step('it fills the screen and lets go of it', async () => {
    const full = () => page.evaluate(() => document.fullscreenElement?.className ?? null)
    await more(page, 'Full screen')
    await expect.poll(full).toMatch(/^console\b/)
    await typeInTerminal(page, 'echo "full-$((6 * 7))"')
    await expectTerminal(page, /^full-42$/m)
    await more(page, 'Full screen')
    await expect.poll(full).toBeNull()
  })

  await test.step('it has a window of its own, with the same text', async () => {
    const opened = context.waitForEvent('page')
    await tools(page).getByRole('link', { name: 'Own window' }).click()
    const own = await opened
    await expect(own).toHaveURL(/\/console\/.*kind=shell/)
    await expectTerminal(own, /^full-42$/m)
    await expect(own.getByRole('navigation')).toHaveCount(0)
    await expect(tools(own).getByRole('status')).toHaveText('You, in another window · 2 watching')
    await own.close()
  })
  await context.close()
})

test('the window of the one who types gives the size, and no other', async ({ browser, world }) => {
  const a = await enter(browser, world)
  const b = await enter(browser, world, { width: 1000, height: 600 })
  await a.page.goto(consolePath('right'))
  await expectTerminal(a.page, /[#$] *$/)
  const size = await guestSize(a.page)
  expect(size.cols).toBeGreaterThan(80)
  await b.page.goto(consolePath('right'))
  await expect(tools(b.page).getByRole('status')).toContainText('2 watching')
  await test.step('a smaller window shows all of it, in smaller letters', async () => {
    const edges = async (selector: string) => {
      const box = await b.page.locator(selector).boundingBox()
      return { right: (box?.x ?? 0) + (box?.width ?? 0), bottom: (box?.y ?? 0) + (box?.height ?? 0) }
    }
    await expect.poll(async () => (await b.page.locator('.xterm-rows > div').count()) === size.rows).toBe(true)
    const [inner, outer] = [await edges('.xterm-screen'), await edges('.console-screen')]
    expect(inner.bottom).toBeLessThanOrEqual(outer.bottom)
    expect(inner.right).toBeLessThanOrEqual(outer.right)
  })
  for (const viewport of [
    { width: 600, height: 400 },
    { width: 1400, height: 900 },
  ]) {
    await b.page.setViewportSize(viewport)
    // It has seen the new size once it shows what came after it.
    await typeInTerminal(a.page, `echo "at-$((${viewport.width}))"`)
    await expectTerminal(b.page, new RegExp(`^at-${viewport.width}$`, 'm'))
    expect(await guestSize(a.page)).toEqual(size)
  }
  await a.page.setViewportSize({ width: 900, height: 600 })
  await expect.poll(async () => (await guestSize(a.page)).cols).toBeLessThan(size.cols)
  const small = await guestSize(a.page)
  await tools(b.page).getByRole('button', { name: 'Take control' }).click()
  await expect(tools(b.page).getByRole('status')).toContainText('You are typing')
  await expect.poll(async () => (await guestSize(b.page)).cols).toBeGreaterThan(small.cols)
  await a.context.close()
  await b.context.close()
})

test('a reload, a cut and a network that forgets: every line is there, once', async ({ browser, world }) => {
  const relay = await startRelay(world.server.url)
  const context = await browser.newContext({ baseURL: relay.url, storageState: world.session })
  const page = await context.newPage()
  await page.goto(consolePath('right', '?reader=1'))
  await expectTerminal(page, /[#$] *$/)
  const lines = 400
  await typeInTerminal(page, `clear; n=0; while [ $n -lt ${lines} ]; do n=$((n+1)); echo "tick-$n-end"; sleep 0.04; done; echo over-$n`)
  const newest = async (): Promise<number> =>
    Number(
      (await terminalText(page))
        .match(/tick-(\d+)-end/g)
        ?.at(-1)
        ?.split('-')[1] ?? 0,
    )
  const goesOn = async () => {
    const seen = await newest()
    await expect.poll(newest, { timeout: 30_000 }).toBeGreaterThan(seen)
  }
  await goesOn()
  await page.reload()
  await goesOn()

  await test.step('cut, it says so, and comes back by itself', async () => {
    relay.cut()
    await expect(page.getByRole('region', { name: 'Console', exact: true })).toContainText('Connection lost')
    relay.mend()
    await goesOn()
  })

  await test.step('a laptop that slept: the old connection is silent, and the page is told of a network', async () => {
    relay.forget()
    await context.setOffline(true)
    await context.setOffline(false)
    await goesOn()
  })

  await expectTerminal(page, new RegExp(`^over-${lines}$`, 'm'))
  await expect(tools(page).getByRole('status')).toContainText('You are typing')
  const download = page.waitForEvent('download')
  await more(page, 'Save text as a file')
  const text = await readFile(await (await download).path(), 'utf8')
  expect(text.match(/^tick-\d+-end$/gm)).toEqual(Array.from({ length: lines }, (_, at) => `tick-${at + 1}-end`))
  await context.close()
  await relay.close()
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
