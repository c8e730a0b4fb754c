import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { act, createTiny, expectState, guestPath } from './helpers/guests'
import { domainState } from './helpers/host'
import { waitForTiny } from './helpers/images'
import { expectTerminal, terminalInput } from './helpers/terminal'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

/** How many pixels the page is wider or higher than the phone: only parts of it scroll, never the page. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    return Math.max(scrollWidth - window.innerWidth, document.body.scrollWidth - window.innerWidth, scrollHeight - window.innerHeight)
  })

test('on a phone nothing is wider than the screen, and the work can be done', async ({ page, guestName }) => {
  test.setTimeout(900_000)
  await waitForTiny(page)
  const name = guestName('phone')
  await createTiny(page, name)
  for (const path of ['/', '/guests', '/guests/new', '/jobs', '/images', '/hosts', '/hosts/local', guestPath('libvirt', name)]) {
    await page.goto(path)
    await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible()
    await expect(page.getByText('Loading…')).toHaveCount(0)
    expect(await overflow(page), path).toBeLessThanOrEqual(0)
  }
  for (const tab of ['console', 'graphs', 'hardware', 'snapshots', 'jobs', 'config'] as const) {
    await page.goto(guestPath('libvirt', name, tab))
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    expect(await overflow(page), tab).toBeLessThanOrEqual(0)
  }

  // The menu slides in, leads on and closes.
  await page.goto('/')
  const menu = page.getByRole('navigation', { name: 'Main' })
  await expect(menu).toBeHidden()
  await page.getByRole('button', { name: 'Open navigation' }).tap()
  await expect(menu).toBeVisible()
  await menu.getByRole('link', { name: 'Guests' }).tap()
  await expect(page).toHaveURL(/\/guests$/)
  await expect(menu).toBeHidden()
  await page.getByRole('table', { name: 'Guests' }).getByRole('link', { name }).tap()
  await expectState(page, name, 'running')

  // The terminal fits, takes typed text and the keys that touch keyboards lack.
  await page.getByRole('navigation', { name: 'Views of this guest' }).getByRole('link', { name: 'Console' }).tap()
  await expectTerminal(page, /[#$] *$/)
  const tools = page.getByRole('toolbar', { name: 'Console tools' })
  const heightOf = async (part: Locator) => (await part.boundingBox())?.height ?? 0
  expect(await heightOf(tools), 'the tools stand in one line').toBeLessThan(
    2 * (await heightOf(tools.getByRole('button', { name: 'More' }))),
  )
  await expect(page.getByRole('navigation', { name: 'Views of this guest' }), 'more tabs follow').toHaveAttribute('data-more', /right/)
  await terminalInput(page).focus()
  await terminalInput(page).pressSequentially('echo phone-$((6*7)); cat\n')
  await expectTerminal(page, 'phone-42')
  const keys = page.getByRole('toolbar', { name: 'Keys' })
  await keys.getByRole('button', { name: 'Ctrl' }).tap()
  await expect(keys.getByRole('button', { name: 'Ctrl' })).toHaveAttribute('aria-pressed', 'true')
  await terminalInput(page).pressSequentially('c')
  await expectTerminal(page, /\^C\n.*[#$] *$/)

  await act(page, 'Stop')
  await expectState(page, name, 'stopped', 90_000)
  expect(await domainState(name)).toBe('shut off')
  // What it says then stands below the last lines, not on them.
  const said = page.getByRole('region', { name: 'Console', exact: true }).getByRole('status').filter({ hasText: 'The VM is stopped' })
  await expect
    .poll(
      async () =>
        ((await said.boundingBox())?.y ?? 0) -
        ((await page.locator('.xterm-screen').boundingBox())?.y ?? 0) -
        (await heightOf(page.locator('.xterm-screen'))),
    )
    .toBeGreaterThanOrEqual(0)
  await act(page, 'Start')
  await expectState(page, name, 'running')
  await act(page, 'Kill')
  const dialog = page.getByRole('dialog', { name: `Kill ${name}` })
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await dialog.getByRole('button', { name: 'Kill' }).tap()
  await expectState(page, name, 'stopped')
  expect(await domainState(name)).toBe('shut off')
})
