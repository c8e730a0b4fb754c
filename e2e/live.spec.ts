import { writeFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { importBusybox } from '@/server/engines/incus/fixture-image'
import { createLocalExec } from '@/server/exec/local'
import { expect, test } from './fixtures'
import { expectState, guestPath } from './helpers/guests'
import { incus, virsh } from './helpers/host'

test.setTimeout(600_000)

/** Enough for libvirt to run it: QEMU starts its firmware and finds nothing to boot. */
const domain = (name: string): string => `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices>
</domain>`

/** The row of a guest in the open list. */
const rowOf = (page: Page, name: string): Locator =>
  page
    .getByRole('table', { name: 'Guests' })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name, exact: true }) })

/** Waits until the row says this state; half a minute is for a machine that is busy with other things. */
const expectMark = (row: Locator, state: string): Promise<void> =>
  expect(row.getByRole('img', { name: state, exact: true })).toBeVisible({ timeout: 30_000 })

/** Opens the list and returns what tells, at the end, that the page was never loaded again. */
async function openList(page: Page): Promise<() => Promise<void>> {
  await page.goto('/guests')
  await expect(page.getByRole('heading', { name: 'Guests', level: 1 })).toBeVisible()
  const loads: string[] = []
  page.on('load', () => loads.push(page.url()))
  // It lives in the page's memory alone.
  await page.getByRole('searchbox', { name: 'Filter the tree' }).fill('e2e-')
  return async () => {
    await expect(page.getByRole('searchbox', { name: 'Filter the tree' })).toHaveValue('e2e-')
    expect(loads).toEqual([])
  }
}

test('what virsh does outside shows in the open list and page, without reload', async ({ page, otherPage, guestName }) => {
  const name = guestName('seen')
  const notReloaded = await openList(page)
  const row = rowOf(page, name)
  await expect(row).toHaveCount(0)
  const file = test.info().outputPath('domain.xml')
  await writeFile(file, domain(name))
  await virsh('define', file)
  await expectMark(row, 'stopped')

  await otherPage.goto(guestPath('libvirt', name))
  await expectState(otherPage, name, 'stopped')
  await virsh('start', name)
  await expectMark(row, 'running')
  await expectState(otherPage, name, 'running')
  await virsh('suspend', name)
  await expectMark(row, 'paused')
  await expectState(otherPage, name, 'paused')
  await virsh('resume', name)
  await expectMark(row, 'running')
  await virsh('destroy', name)
  await expectMark(row, 'stopped')
  await expectState(otherPage, name, 'stopped')
  await virsh('undefine', name)
  await expect(row).toHaveCount(0, { timeout: 30_000 })
  await expect(otherPage.getByText(`There is no guest ${name}`)).toBeVisible({ timeout: 30_000 })
  await notReloaded()
})

test('what incus does outside shows in the open list and page, without reload', async ({ page, otherPage, guestName }) => {
  const name = guestName('seen')
  const exec = createLocalExec({})
  const removeImage = await importBusybox(exec, 'e2e-live')
  try {
    const notReloaded = await openList(page)
    const row = rowOf(page, name)
    await incus('init', 'e2e-live', name)
    await expectMark(row, 'stopped')
    await otherPage.goto(guestPath('incus', name))
    await expectState(otherPage, name, 'stopped')
    await incus('start', name)
    await expectMark(row, 'running')
    await expectState(otherPage, name, 'running')
    await incus('pause', name)
    await expectMark(row, 'paused')
    await incus('resume', name)
    await expectMark(row, 'running')
    await incus('stop', '--force', name)
    await expectMark(row, 'stopped')
    await expectState(otherPage, name, 'stopped')
    await incus('delete', name)
    await expect(row).toHaveCount(0, { timeout: 30_000 })
    await expect(otherPage.getByText(`There is no guest ${name}`)).toBeVisible({ timeout: 30_000 })
    await notReloaded()
  } finally {
    await removeImage()
    await exec.close()
  }
})

test('a page that was cut off from one of its scripts is loaded again, and works', async ({ page }) => {
  const scripts = '**/_next/static/chunks/*.js'
  let cut = 0
  await page.route(scripts, (route) => (cut++ === 3 ? route.abort('failed') : route.continue()))
  await page.goto('/guests')
  await expect(page.getByRole('button', { name: /^User menu of \w/ })).toBeVisible()
  expect(cut).toBeGreaterThan(4)
  await page.unroute(scripts)
  // It is not loaded for ever: once it is whole, it stays.
  await page.evaluate(() => Object.assign(window, { stays: true }))
  await page.getByRole('link', { name: 'Hosts' }).click()
  await expect(page.getByRole('heading', { name: 'Hosts', level: 1 })).toBeVisible()
  expect(await page.evaluate(() => 'stays' in window)).toBe(true)
})
