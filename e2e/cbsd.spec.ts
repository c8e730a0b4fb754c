import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { playJail, playVm } from './cbsd-flow'
import { test as base, expect, setUp } from './fixtures'
import { addHost, ensureHost, type FarHost, hostCard, newCbsdHost, newFarHost, openCreate, openGuest, slowProfile } from './helpers/cbsd'
import { act, expectState } from './helpers/guests'

const test = base.extend<object, { host: FarHost }>({
  host: [
    async ({ store }, use) => {
      const host = await newFarHost(store)
      await use(host)
      await host.remove()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

test('a jail over ssh: host added, jail made, typed into, kept, copied, put back, packed, removed', async ({ page, host }) => {
  test.setTimeout(300_000)
  await test.step('the host is added, and what is on it shows', async () => {
    await host.cbsd('jcreate', 'jname=older', 'ver=14.1')
    await addHost(page, host)
    const engine = hostCard(page, host).getByRole('list', { name: 'Engines' }).getByRole('listitem').filter({ hasText: 'CBSD' })
    await expect(engine.getByRole('heading')).toContainText('14.1.3a')
    await expect(engine.getByRole('heading')).toContainText('ready')
    await page.goto('/guests')
    const row = page.getByRole('table', { name: 'Guests' }).getByRole('row').filter({ hasText: 'older' })
    await expect(row.getByRole('img', { name: 'stopped' })).toBeVisible()
    await expect(row).toContainText(host.name)
  })

  await playJail(page, host)
})

test('a bhyve VM of a cloud profile over ssh: created, typed into, looked at, stopped, removed', async ({ page, host, tiny }) => {
  test.setTimeout(900_000)
  expect(tiny.x86_64).toBeDefined()
  await ensureHost(page, host)
  await playVm(page, host)
})

test('the same on this machine, without ssh', async ({ browser, store, startServer, tiny }) => {
  test.setTimeout(900_000)
  expect(tiny.x86_64).toBeDefined()
  const host = await newCbsdHost(store)
  try {
    const server = await startServer({ env: { BAILIWICK_PATH: host.bin, BAILIWICK_CBSD_WORKDIR: host.workdir } })
    const context = await browser.newContext({ baseURL: server.url, storageState: await setUp(browser, server) })
    const page = await context.newPage()
    await playJail(page, host)
    await playVm(page, host)
    await context.close()
  } finally {
    await host.remove()
  }
})

test('a long first start shows how far it is, and cancelling it leaves nothing', async ({ page, host }) => {
  test.setTimeout(300_000)
  await ensureHost(page, host)
  const form = await openCreate(page, host, 'VM')
  await form.getByLabel('Name', { exact: true }).fill('slow')
  await form.getByRole('button', { name: 'ISO: to install from' }).click()
  await form.getByLabel('Filter by name or system').fill('Alpine')
  await form.getByRole('radio', { name: slowProfile.title }).press('Space')
  await form.getByRole('button', { name: 'Create and start' }).click()
  await page.goto('/jobs')
  await page.getByRole('table', { name: 'Jobs' }).getByRole('link', { name: 'Create slow' }).click()
  await expect(page.getByRole('progressbar').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('main')).toContainText(/\d% of 180M/, { timeout: 60_000 })
  const images = join(host.workdir, 'src/iso')
  expect(readdirSync(images).filter((each) => each.endsWith('.part'))).toHaveLength(1)

  await page.getByRole('button', { name: 'Cancel the job' }).click()
  await expect(page.getByRole('heading', { level: 1 }).getByRole('img', { name: 'cancelled' })).toBeVisible({ timeout: 60_000 })
  expect(readdirSync(images).filter((each) => each.endsWith('.part'))).toEqual([])
  for (const folder of ['jails-system/slow', 'jails-data/slow-data']) expect(existsSync(join(host.workdir, folder))).toBe(false)
  expect((await host.cbsd('bls', 'header=0')).stdout).not.toContain('slow')
})

test('a protected jail refuses its removal with words, and one that dies by itself shows within 10 s', async ({ page, host }) => {
  test.setTimeout(300_000)
  await ensureHost(page, host)
  await host.cbsd('jcreate', 'jname=guard', 'ver=14.1')
  await host.cbsd('jstart', 'jname=guard')
  await expect(async () => openGuest(page, 'guard')).toPass({ timeout: 30_000 })
  await expectState(page, 'guard', 'running')

  await test.step('it dies', async () => {
    await host.cbsd('jexec', 'jname=guard', 'poweroff')
    await expect.poll(() => host.running()).not.toContain('guard')
    await expectState(page, 'guard', /stopped|crashed/, 10_000)
  })

  await test.step('it is protected, and stays', async () => {
    await act(page, 'Protect')
    const confirm = page.getByRole('dialog', { name: 'Protect: guard' })
    await expect(confirm).toContainText('cbsd jset jname=guard protected=1')
    await confirm.getByRole('button', { name: 'Protect', exact: true }).click()
    await expect.poll(async () => (await host.cbsd('jget', 'mode=quiet', 'jname=guard', 'protected')).stdout.trim()).toBe('1')
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('done')
    const button = page.getByRole('main').getByRole('button', { name: 'Remove', exact: true }).first()
    const more = page.getByRole('button', { name: 'More actions' })
    await expect(button.or(more).first()).toBeVisible()
    if (!(await button.isVisible())) await more.click()
    const remove = (await button.isVisible()) ? button : page.getByRole('menu').getByRole('menuitem', { name: 'Remove', exact: true })
    await expect(remove).toBeDisabled()
    await expect(remove).toHaveAttribute('title', /protected/i)
    expect(existsSync(join(host.workdir, 'jails-system', 'guard'))).toBe(true)
  })
  await host.cbsd('jset', 'jname=guard', 'protected=0')
  await host.cbsd('jremove', 'jname=guard')
})
