import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { bootDisk } from './boot-disk'
import { expect, test } from './fixtures'
import { act, createTiny, expectState, fillCreate, guestPath } from './helpers/guests'
import { domainState, incus } from './helpers/host'
import { waitForTiny } from './helpers/images'
import { callProcedure } from './wire'

const steps = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
const endedAs = (page: Page, state: string) => page.getByRole('heading', { level: 1 }).getByRole('img', { name: state })

/** Images that a test uploads carry its guest's name. */
test.afterEach(({ store }) => {
  const images = join(store, 'images')
  for (const name of readdirSync(images)) if (name.startsWith('e2e-')) rmSync(join(images, name), { recursive: true, force: true })
})

/** The command lines of processes that run now. */
const processes = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return [] // It has ended since.
      }
    })

test('what ran is kept: commands, exit codes, seconds, who and when', async ({ page, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const name = guestName('record')
  await createTiny(page, name)
  await page.goto('/jobs')
  const row = page
    .getByRole('table', { name: 'Jobs' })
    .getByRole('row')
    .filter({ hasText: `Create ${name}` })
  await expect(row.getByRole('img', { name: 'done' })).toBeVisible()
  await expect(row).toContainText('virsh')
  await expect(row).toContainText('admin')
  await row.getByRole('link', { name: `Create ${name}` }).click()
  await expect(endedAs(page, 'done')).toBeVisible()
  // Its head may be there before its steps.
  await expect(steps(page).nth(2)).toBeVisible()
  const all = await steps(page).allInnerTexts()
  const commands = all.filter((text) => /exit/.test(text))
  expect(commands.length).toBeGreaterThanOrEqual(2)
  for (const text of commands) expect(text).toMatch(/exit 0 · \d+(\.\d+)? (ms|s)/)
  const written = steps(page).filter({ hasText: 'Write its definition' })
  await written.getByText('Content', { exact: true }).click()
  await expect(written).toContainText(`<name>${name}</name>`)
  await expect(
    steps(page)
      .getByRole('code')
      .filter({ hasText: /^virsh .*-c qemu:\/\/\/system define / }),
  ).toBeVisible()
  await expect(page.getByText(`Done when ${name} is running`, { exact: false })).toBeVisible()
})

test('a job that fails shows the command and its last words', async ({ page, server, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const name = guestName('fails')
  await fillCreate(page, { name, source: /Tiny Linux.*x86_64/, disk: '1 GiB' })
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expectState(page, name, 'stopped')
  const disk = join(server.store, 'guests', name, 'disk.qcow2')
  expect(existsSync(disk)).toBe(true)
  rmSync(disk)
  await act(page, 'Start')
  const toast = page.getByRole('region', { name: 'Messages' })
  await expect(toast).toContainText(`Start ${name}: failed`)
  // The drawer says why, too.
  await page.keyboard.press('b')
  const drawer = page.getByRole('complementary', { name: 'Jobs drawer' })
  const item = drawer.getByRole('listitem').filter({ hasText: `Start ${name}` })
  await expect(item.getByRole('img', { name: 'failed' })).toBeVisible()
  await expect(item).toContainText('disk.qcow2')
  await item.getByRole('link', { name: `Start ${name}` }).click()
  await expect(endedAs(page, 'failed')).toBeVisible()
  const step = steps(page).filter({ hasText: 'exit 1' })
  await expect(step).toHaveCount(1)
  await expect(step.getByRole('code')).toContainText(new RegExp(`^virsh .*-c qemu:///system start .*${name}$`))
  await expect(step.getByText(/Cannot access storage file|No such file/).first()).toBeVisible()
  await expect(page.getByText('What to try')).toBeVisible()
  expect(await domainState(name)).toBe('shut off')
})

test('a job that is cancelled ends its commands and leaves nothing', async ({ page, server }) => {
  test.setTimeout(300_000)
  await page.goto('/images')
  const images = join(server.store, 'images')
  const aliases = () => incus('image', 'list', '--format', 'json')
  const [before, aliasesBefore] = [readdirSync(images).sort(), await aliases()]
  await page.getByRole('button', { name: 'Build Debian, container' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('mmdebstrap')
  await dialog.getByRole('button', { name: 'Build', exact: true }).click()
  const running = page.getByRole('main').getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Debian' })
  await running.getByRole('link').click()
  const step = steps(page).filter({ hasText: 'mmdebstrap' })
  await expect(step.getByRole('img', { name: 'running' })).toBeVisible()
  const part = (text: string) => text.includes(`${images}/`) && text.includes('.part')
  await expect.poll(() => processes().filter(part).length).toBeGreaterThan(0)
  await expect.poll(() => readdirSync(images).some((each) => each.endsWith('.part'))).toBe(true)
  await page.getByRole('button', { name: 'Cancel the job' }).click()
  await expect(endedAs(page, 'cancelled')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('main')).toContainText('Cancelled by admin')
  await expect(page.getByRole('main')).toContainText('Undone')
  expect(readdirSync(images).sort()).toEqual(before)
  expect(processes().filter(part)).toEqual([])
  expect(await aliases()).toBe(aliasesBefore)
})

test('one job at a time for a guest, named to the second; killing takes the place of a stop', async ({
  page,
  server,
  session,
  guestName,
}) => {
  test.setTimeout(300_000)
  const name = guestName('busy')
  // A guest that knows no power button: its stop lasts until somebody loses patience.
  const image = join(server.store, 'images', name)
  await page.goto('/images')
  const form = page.getByRole('form', { name: 'Upload' })
  const file = join(server.data, `${name}.img`)
  writeFileSync(file, bootDisk(1024 * 1024))
  await form.getByLabel('File').setInputFiles(file)
  await form.getByRole('button', { name: 'Upload', exact: true }).click()
  await expect.poll(() => existsSync(image)).toBe(true)
  await fillCreate(page, { name, source: new RegExp(name), memory: '64 MiB', disk: '16 MiB' })
  await page.getByRole('button', { name: 'Create and start' }).click()
  await expectState(page, name, 'running')

  await act(page, 'Stop')
  await expectState(page, name, /^stopping/)
  await expect(page.getByRole('button', { name: 'Snapshot', exact: true })).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('button', { name: 'Snapshot', exact: true })).toHaveAccessibleDescription('Wait: it is stopping')
  const second = await callProcedure(server, session, 'guest.operate', {
    host: 'local',
    engine: 'libvirt',
    operation: { kind: 'pause', name },
  })
  expect(second.status).toBe(409)
  expect(JSON.parse(second.body).error.message).toContain(`“Stop ${name}” is under way`)

  await act(page, 'Kill')
  await page
    .getByRole('dialog', { name: `Kill ${name}` })
    .getByRole('button', { name: 'Kill' })
    .click()
  await expectState(page, name, 'stopped')
  expect(await domainState(name)).toBe('shut off')
  await page.goto(guestPath('libvirt', name, 'jobs'))
  const row = (title: string) =>
    page
      .getByRole('table', { name: 'Jobs' })
      .getByRole('row')
      .filter({ hasText: `${title} ${name}` })
  await expect(row('Kill').getByRole('img', { name: 'done' })).toBeVisible()
  await expect(row('Stop').getByRole('img', { name: 'cancelled' })).toBeVisible()
  await expect(row('Stop')).toContainText('took its place')
})
