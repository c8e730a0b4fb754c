import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { createTiny, expectState, guestPath } from './helpers/guests'
import { domainState } from './helpers/host'
import { waitForTiny } from './helpers/images'

const box = (page: Page) => page.getByRole('combobox', { name: 'Find a guest or run a command' })

/** Opens the palette by a key and types into it once it is there. */
async function ask(page: Page, key: string, text: string): Promise<void> {
  await page.keyboard.press(key)
  await expect(box(page)).toBeFocused()
  await page.keyboard.type(text)
}

test('the palette finds a guest and runs a command on it', async ({ page, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const name = guestName('keys')
  await createTiny(page, name)
  await page.goto('/jobs')
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible()
  await ask(page, 'Control+k', name.slice(4))
  await expect(page.getByRole('option', { name: new RegExp(`^${name}`) })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`${guestPath('libvirt', name).replaceAll('~', '.{1,3}')}$`))
  await expectState(page, name, 'running')

  // What makes no sense now says why; what does, runs.
  await ask(page, 'Control+k', `start ${name}`)
  await expect(page.getByRole('option', { name: new RegExp(`Start ${name}`) })).toContainText('It is not stopped')
  await page.keyboard.press('Escape')
  await expect(box(page)).toHaveCount(0)
  await ask(page, '/', `pause ${name}`)
  await page.keyboard.press('Enter')
  await expectState(page, name, 'paused')
  expect(await domainState(name)).toBe('paused')
})

test('single keys lead to the pages, and ? tells them', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  // The heading comes with the page, the keys a moment later.
  await expect(page.getByRole('button', { name: /^Fold / }).first()).toBeVisible()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  for (const key of ['Ctrl K or /', '?', 'c', 'g g', 'b', 'Esc']) await expect(help.getByText(key, { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  for (const [key, heading] of [
    ['g', 'Guests'],
    ['j', 'Jobs'],
    ['i', 'Images'],
    ['h', 'Hosts'],
    ['o', 'Overview'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
  }
  await page.keyboard.press('b')
  const drawer = page.getByRole('complementary', { name: 'Jobs drawer' })
  await expect(drawer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
})

test('a guest is made and removed by keyboard alone', async ({ page, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const name = guestName('tab')
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  // The first stop is the way past the navigation.
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('c')
  const form = page.getByRole('form', { name: 'Create' })
  await expect(form.getByLabel('Name')).toBeFocused()
  const source = form.getByRole('radio', { name: /Tiny Linux.*x86_64/ })
  await source.focus()
  await page.keyboard.press('Space')
  await expect(source).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(form.getByLabel('Name')).toBeFocused()
  await page.keyboard.type(name)
  const stops = ['Host and engine', 'CPUs', 'Memory', 'Disk', 'Network', 'Start with the host']
  for (const stop of stops) {
    await page.keyboard.press('Tab')
    await expect(form.getByLabel(stop, { exact: true })).toBeFocused()
  }
  await page.keyboard.press('Tab')
  const submit = form.getByRole('button', { name: 'Create and start' })
  await expect(submit).toBeFocused()
  await page.keyboard.press('Enter')
  await expectState(page, name, 'running')

  await ask(page, 'Control+k', `kill ${name}`)
  await page.keyboard.press('Enter')
  const kill = page.getByRole('dialog', { name: `Kill ${name}` })
  await expect(kill).toBeVisible()
  // It works once its commands are on the page.
  await expect(kill.getByRole('button', { name: 'Kill' })).toBeEnabled()
  await kill.getByRole('button', { name: 'Kill' }).focus()
  await page.keyboard.press('Enter')
  await expectState(page, name, 'stopped')

  // The menu opens, moves by arrows, and gives the focus back.
  const more = page.getByRole('button', { name: 'More actions' })
  await more.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu', { name: 'More actions' })
  await expect(menu.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('End')
  await expect(menu.getByRole('menuitem').last()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await page.getByRole('button', { name: 'Remove', exact: true }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: `Remove ${name}` })
  await dialog.getByLabel(`Type ${name} to confirm`).focus()
  await page.keyboard.type(name)
  await expect(dialog.getByRole('button', { name: 'Remove', exact: true })).toBeEnabled()
  await page.keyboard.press('Enter')
  await expect.poll(() => domainState(name)).toBe('gone')
})
