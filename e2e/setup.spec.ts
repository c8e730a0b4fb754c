import type { BrowserContext, Page } from '@playwright/test'
import { admin, expect, test } from './fixtures'

// Nobody is signed in at the beginning of these.
test.use({ storageState: { cookies: [], origins: [] } })

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `User menu of ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

const sessionCookies = async (context: BrowserContext): Promise<string[]> =>
  (await context.cookies()).filter(({ name }) => name === 'bailiwick_session').map(({ value }) => value)

test('the set-up link makes the administrator, once', async ({ page, browser, startServer, tiny: _ready }) => {
  const server = await startServer()
  const link = server.setupLink ?? ''
  expect(link).toContain(`${server.url}/setup?token=`)

  await test.step('every page leads to set-up while there is nobody', async () => {
    await page.goto(`${server.url}/guests`)
    await expect(page).toHaveURL(`${server.url}/setup`)
    await expect(page.getByRole('main').getByRole('alert')).toHaveText(
      'The set-up link is not complete. Copy the whole address that the server printed when it started.',
    )
  })

  await test.step('what is wrong is said at its field', async () => {
    await page.goto(link)
    await page.getByLabel('Name').fill('rose')
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByLabel('Repeat the password').fill('other')
    await page.getByRole('button', { name: 'Create and sign in' }).click()
    await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/At least 10 characters/)
    await expect(page.getByLabel('Repeat the password')).toHaveAccessibleDescription(/The two passwords differ/)
  })

  const lateContext = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const late = await lateContext.newPage()
  await late.goto(link)
  await expect(late.getByRole('button', { name: 'Create and sign in' })).toBeVisible()

  await test.step('the administrator is made and signed in', async () => {
    await page.getByLabel('Password', { exact: true }).fill('long enough it is')
    await page.getByLabel('Repeat the password').fill('long enough it is')
    await page.getByRole('button', { name: 'Create and sign in' }).click()
    await expect(page).toHaveURL(`${server.url}/`)
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'User menu of rose' })).toBeVisible()
  })

  await test.step('somebody who had opened the same link gets nothing by it', async () => {
    await late.getByLabel('Name').fill('mallory')
    await late.getByLabel('Password', { exact: true }).fill('long enough it is')
    await late.getByLabel('Repeat the password').fill('long enough it is')
    await late.getByRole('button', { name: 'Create and sign in' }).click()
    await expect(late.getByRole('main').getByRole('alert')).toHaveText(
      'This set-up link is not valid. Use the newest one that the server printed.',
    )
    expect(await sessionCookies(lateContext)).toEqual([])
    await late.goto(link)
    await expect(late).toHaveURL(`${server.url}/login`)
    await lateContext.close()
  })

  await test.step('a new start prints no link any more', async () => {
    await server.stop()
    const again = await startServer({ data: server.data })
    expect(again.setupLink).toBeUndefined()
    expect(again.output()).not.toContain('Set-up link')
  })
})

test('sign in, sign out, wrong passwords, too many tries', async ({ page, context, server, session }) => {
  expect(session.cookies).toHaveLength(1)

  await test.step('a page asked for while signed out comes after signing in', async () => {
    await page.goto('/hosts?from=here')
    await expect(page).toHaveURL(`${server.url}/login?next=${encodeURIComponent('/hosts?from=here')}`)
    await signIn(page, admin.name, admin.password)
    await expect(page).toHaveURL(`${server.url}/hosts?from=here`)
    await expect(page.getByRole('heading', { name: 'Hosts', level: 1 })).toBeVisible()
  })

  await test.step('a session that was signed out is worth nothing, even if its cookie was kept', async () => {
    const kept = await context.cookies()
    await signOut(page, admin.name)
    expect(await sessionCookies(context)).toEqual([])
    await context.addCookies(kept)
    await page.goto('/guests')
    await expect(page).toHaveURL(/\/login\?next=%2Fguests$/)
    await context.clearCookies()
  })

  await test.step('a wrong password and a name that nobody has get the same words', async () => {
    await page.goto('/login')
    await signIn(page, admin.name, 'not the password')
    await expect(page.getByRole('main').getByRole('alert')).toHaveText('The name or the password is wrong')
    await expect(page.getByLabel('Name')).toHaveValue(admin.name)
    await signIn(page, 'nobody-has-this', 'not the password')
    await expect(page.getByRole('main').getByRole('alert')).toHaveText('The name or the password is wrong')
    expect(await sessionCookies(context)).toEqual([])
  })

  await test.step('after many wrong tries it says how long to wait', async () => {
    const waits = page
      .getByRole('main')
      .getByRole('alert')
      .filter({ hasText: /^Too many tries\. Wait \d+ s and try again\.$/ })
    await expect(async () => {
      await signIn(page, 'nobody-has-this', 'still not the password')
      await expect(page.getByRole('button', { name: 'Sign in' })).toHaveAttribute('aria-busy', 'false')
      await expect(waits).toBeVisible({ timeout: 1 })
    }).toPass({ timeout: 30_000, intervals: [1] })
  })

  await test.step('others still get in', async () => {
    await signIn(page, admin.name, admin.password)
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  })
})
