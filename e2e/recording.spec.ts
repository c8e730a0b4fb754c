import { readFileSync } from 'node:fs'
import type { Download, Page } from '@playwright/test'
import { test as base, expect, type SignedIn, setUp } from './fixtures'
import { type CbsdHost, newCbsdHost, openGuest } from './helpers/cbsd'
import { openTab } from './helpers/guests'
import type { TestServer } from './helpers/server'
import { expectTerminal, terminalInput, typeInTerminal } from './helpers/terminal'

/** A jail with a shell, on a server of its own. */
type Jail = { server: TestServer; session: SignedIn; host: CbsdHost; name: string }

const test = base.extend<{ jail: Jail; at: Page }>({
  jail: async ({ browser, store, startServer }, use) => {
    const host = await newCbsdHost(store)
    const name = 'taped'
    await host.cbsd('jcreate', `jname=${name}`, 'ver=14.1')
    await host.cbsd('jstart', `jname=${name}`)
    const server = await startServer({ env: { BAILIWICK_PATH: host.bin, BAILIWICK_CBSD_WORKDIR: host.workdir } })
    await use({ server, session: await setUp(browser, server), host, name })
    await host.remove()
  },
  at: async ({ browser, jail }, use) => {
    const context = await browser.newContext({
      baseURL: jail.server.url,
      storageState: jail.session,
      viewport: { width: 1280, height: 800 },
    })
    await use(await context.newPage())
    await context.close()
  },
})

const player = (page: Page) => page.getByRole('region', { name: 'Player' })
/** What the played screen shows. */
const played = (page: Page) => player(page).locator('.xterm-rows')
const table = (page: Page) => page.getByRole('table', { name: 'Recordings' })

async function openConsole(page: Page, name: string): Promise<void> {
  await openGuest(page, name)
  await openTab(page, 'Console')
  await expectTerminal(page, /[#$] *$/)
}
async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8')
}

test('a shell is recorded, found, played, fetched and removed', async ({ at: page, jail }) => {
  test.setTimeout(300_000)
  await test.step('recorded from one press to the next, and everybody sees it', async () => {
    await openConsole(page, jail.name)
    await typeInTerminal(page, 'echo "before-$((1 + 1))"')
    await expectTerminal(page, /^before-2$/m)
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await expect(page.getByText('Recording · admin')).toBeVisible()
    await typeInTerminal(page, 'echo "needle-$((6 * 7))"')
    await expectTerminal(page, /^needle-42$/m)
    await typeInTerminal(page, 'echo "last-$((4 * 4))"')
    await expectTerminal(page, /^last-16$/m)
    await page.getByRole('button', { name: 'Stop recording' }).click()
    await expect(page.getByText('Recording · admin')).toHaveCount(0)
    await typeInTerminal(page, 'echo "after-$((2 + 2))"')
    await expectTerminal(page, /^after-4$/m)
  })

  await test.step('it is in the list, and plays', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Recordings' }).click()
    const row = table(page).getByRole('row').filter({ hasText: jail.name })
    await expect(row).toHaveCount(1)
    await expect(row).toContainText('admin')
    await row.getByRole('link', { name: /^Play / }).click()
    await expect(played(page)).toContainText('last-16')
    // It begins with what the screen showed, and ends where it was ended.
    await expect(played(page)).toContainText('before-2')
    await expect(played(page)).not.toContainText('after-4')
  })

  await test.step('keys go to its beginning and its end', async () => {
    await expect(player(page).getByRole('button', { name: 'Play again' })).toBeVisible()
    await page.keyboard.press('Home')
    await expect(played(page)).not.toContainText('needle-42')
    await page.keyboard.press('End')
    await expect(played(page)).toContainText('last-16')
    await player(page).getByLabel('Speed').selectOption('16×')
    await page.keyboard.press('Home')
    await page.keyboard.press('Space')
    await expect(played(page)).toContainText('last-16')
  })

  await test.step('its text is found, and the hit leads to its second', async () => {
    await page.getByRole('link', { name: 'All recordings' }).click()
    await page.getByRole('searchbox', { name: 'Search recordings and open consoles' }).fill('NEEDLE-42')
    await page.keyboard.press('Enter')
    const results = page.getByRole('region', { name: 'Search results' })
    await expect(results.getByRole('link').filter({ hasText: 'open console' })).toBeVisible()
    await results.getByRole('link').filter({ hasText: ' at 0:' }).first().click()
    await expect(page).toHaveURL(/\/recordings\/[0-9a-f]{16}\?t=/)
    await expect(played(page)).toContainText('needle-42')
    await expect(played(page)).not.toContainText('last-16')
  })

  await test.step('it can be fetched, as it is and as text', async () => {
    const [cast] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Download the cast/ }).click()])
    expect(cast.suggestedFilename()).toMatch(/^taped-\d{4}-.*\.cast$/)
    const [header = '', first = ''] = (await textOf(cast)).split('\n')
    expect(JSON.parse(header)).toMatchObject({ version: 2, width: expect.any(Number), height: expect.any(Number) })
    expect(JSON.parse(first)[1]).toBe('o')
    const [text] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Download the text/ }).click()])
    const lines = (await textOf(text)).split('\n')
    expect(lines).toContain('needle-42')
    expect(lines.join('\n')).not.toContain(String.fromCharCode(27))
  })

  await test.step('and removed, once it was asked', async () => {
    const address = page.url()
    const missed: string[] = []
    page.on('response', (reply) => reply.status() === 404 && missed.push(reply.url()))
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog', { name: 'Remove a recording' }).getByRole('button', { name: 'Remove the recording' }).click()
    await expect(page.getByText('No recordings yet')).toBeVisible()
    expect(missed, 'nothing asks for it any more').toEqual([])
    await page.goto(address)
    await expect(page.getByText('There is no such recording')).toBeVisible()
  })
})

test('what is typed is recorded where the setting says so, and a password is not', async ({ at: page, jail }) => {
  test.setTimeout(300_000)
  await openGuest(page, jail.name)
  await openTab(page, 'Recordings')
  await page.getByRole('radio', { name: /^Always/ }).check()
  await page.getByRole('checkbox', { name: /^What is typed, too/ }).check()
  await expect(page.getByText('Saved. It holds for open consoles as well.')).toBeVisible()
  await openTab(page, 'Console')
  await expectTerminal(page, /[#$] *$/)
  await expect(page.getByText('Recording with input')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Record', exact: true })).toHaveCount(0)
  await typeInTerminal(page, 'echo "shown-$((3 * 3))"')
  await expectTerminal(page, /^shown-9$/m)
  await typeInTerminal(page, 'stty -echo; printf "secret? "; read x; stty echo; echo; echo "again-$((5 * 5))"')
  await expectTerminal(page, /^secret\?$/m)
  await terminalInput(page).pressSequentially('hunter2')
  await terminalInput(page).press('Enter')
  await expectTerminal(page, /^again-25$/m)

  await openTab(page, 'Recordings')
  await expect(table(page).getByRole('row').filter({ hasText: 'Shell, with input' })).toContainText('recording')
  const [cast] = await Promise.all([
    page.waitForEvent('download'),
    table(page)
      .getByRole('link', { name: /^Download the cast/ })
      .click(),
  ])
  const text = await textOf(cast)
  const typed = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line))
    .filter(([, code]) => code === 'i')
    .map(([, , data]) => data)
  expect(typed).toContain('echo "shown-$((3 * 3))"\r')
  expect(typed).toContain('•')
  expect(text).not.toContain('hunter2')
})
