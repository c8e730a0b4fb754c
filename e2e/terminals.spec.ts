import type { Locator, Page } from '@playwright/test'
import { expect } from './fixtures'
import { consolePath, enter, jailId, test, tools } from './helpers/jails'
import { expectTerminal, terminalInput, terminalText } from './helpers/terminal'

test.setTimeout(300_000)

const splitPath = `/consoles?${new URLSearchParams([
  ['open', `shell:${jailId('left')}`],
  ['open', `shell:${jailId('right')}`],
])}`

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

  await test.step('a console whose shell has ended does not count among those that hear it', async () => {
    await page.getByRole('button', { name: 'Type into all' }).click()
    await expect(page.getByText('What you type goes to all 2 consoles')).toBeVisible()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await typeInPane(page, 'left', 'exit')
    await page.getByRole('button', { name: 'Type into all' }).click()
    await expect(page.getByText('What you type goes to 1 of 2 consoles')).toBeVisible()
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
