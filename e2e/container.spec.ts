import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { act, createRunning, expectState, guestPath, openTab } from './helpers/guests'
import { hostCommand, incus, instances } from './helpers/host'
import { waitForImage, waitForTiny } from './helpers/images'
import { expectTerminal, terminalInput, typeInTerminal } from './helpers/terminal'

const image = /^bailiwick-debian-\d+$/

/** The title that Bailiwick gives this machine's own Debian, such as "Debian 12". */
const debian = async (): Promise<string> => `Debian ${(await hostCommand(['sh', '-c', '. /etc/os-release; echo $VERSION_ID'])).trim()}`

/** The alias of the Debian image, as Incus itself lists it. */
async function alias(): Promise<string | undefined> {
  const images: { aliases: { name: string }[] }[] = JSON.parse(await incus('image', 'list', '--format', 'json'))
  return images.flatMap(({ aliases }) => aliases.map(({ name }) => name)).find((name) => image.test(name))
}

/** Builds the container image through the Images page, with its progress in view, unless an earlier test has. */
async function buildContainer(page: Page): Promise<void> {
  const id = `${(await debian()).toLowerCase().replace(' ', '-')}-container`
  // Where one image is shown, all are.
  await waitForTiny(page)
  const row = page.getByRole('table', { name: 'Images' }).getByRole('row').filter({ hasText: id })
  await expect(page.getByRole('button', { name: 'Build Debian, container' })).toBeVisible()
  if (await row.isVisible()) return
  await page.getByRole('button', { name: 'Build Debian, container' }).click()
  const dialog = page.getByRole('dialog', { name: 'Build Debian, container' })
  await expect(dialog).toContainText('mmdebstrap --mode=root --variant=minbase')
  await dialog.getByRole('button', { name: 'Build', exact: true }).click()
  const job = page.getByRole('main').getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Debian' })
  await expect(job.getByRole('progressbar')).toBeVisible()
  // mmdebstrap's own lines pass by.
  await expect(job).toContainText(/^.*I: \S+/, { timeout: 60_000 })
  await waitForImage(page, id, 600_000)
}

test('a Debian container: built, created, typed into, changed and put back, renamed, cloned, ended', async ({ page, guestName }) => {
  test.setTimeout(1_200_000)
  await buildContainer(page)
  expect(await alias()).toMatch(image)

  const name = guestName('web')
  await createRunning(page, { name, source: await debian(), type: 'Container' })
  expect((await instances()).get(name)).toBe('running')
  const inside = (...argv: string[]) => incus('exec', name, '--', ...argv)
  expect(await inside('hostname')).toBe(`${name}\n`)
  expect(await inside('ps', '-o', 'comm=', '1')).toBe('systemd\n')
  // Unprivileged: root inside is nobody outside.
  expect(await inside('cat', '/proc/self/uid_map')).not.toMatch(/^\s*0\s+0\s/)

  await openTab(page, 'Console')
  await expectTerminal(page, /root@\S+:~# *$/)
  await typeInTerminal(page, 'cat /etc/os-release')
  await expectTerminal(page, /^ID=debian$/m)
  await expectTerminal(page, new RegExp(`^PRETTY_NAME="Debian GNU/Linux ${(await debian()).slice(7)}`, 'm'))
  await typeInTerminal(page, 'echo before > /root/note; stty size')
  await expectTerminal(page, /^\d+ \d+$/m)

  // Paused, it answers nobody; resumed, it does.
  await act(page, 'Pause')
  await expectState(page, name, 'paused')
  expect((await instances()).get(name)).toBe('frozen')
  await act(page, 'Resume')
  await expectState(page, name, 'running')
  await terminalInput(page).focus()
  await typeInTerminal(page, 'echo awake-$((40+2))')
  await expectTerminal(page, 'awake-42')

  await act(page, 'Snapshot')
  const take = page.getByRole('dialog', { name: 'Take a snapshot' })
  await take.getByLabel('Name of the new snapshot').fill('clean')
  await expect(take).toContainText('incus')
  await take.getByRole('button', { name: 'Take a snapshot' }).click()
  await expect(take).toHaveCount(0)
  await openTab(page, 'Snapshots')
  const table = page.getByRole('table', { name: 'Snapshots' })
  await expect(table.getByRole('row').filter({ hasText: 'clean' })).toBeVisible({ timeout: 60_000 })
  // It stands still until the snapshot is whole.
  await expectState(page, name, 'running')
  expect(await incus('query', `/1.0/instances/${name}/snapshots`)).toContain(`/snapshots/clean`)

  await inside('sh', '-c', 'echo after > /root/note; touch /root/new')
  await expect(table.getByRole('button', { name: 'Restore clean' })).toBeEnabled()
  await table.getByRole('button', { name: 'Restore clean' }).click()
  const restore = page.getByRole('dialog', { name: `Restore clean of ${name}` })
  await expect(restore).toContainText('is lost')
  await restore.getByRole('button', { name: 'Restore', exact: true }).click()
  await expectState(page, name, 'running')
  await page.goto(guestPath('incus', name, 'jobs'))
  const jobs = page.getByRole('table', { name: 'Jobs' }).getByRole('row')
  await expect(jobs.filter({ hasText: 'to snapshot clean' }).getByRole('img', { name: 'done' })).toBeVisible({ timeout: 60_000 })
  // The restored container has begun anew, and its shell ended with the old one.
  await page.goto(guestPath('incus', name, 'console'))
  await page.getByRole('button', { name: 'Open a new shell' }).click()
  await expect(page.getByText('You are typing')).toBeVisible()
  await typeInTerminal(page, 'cat /root/note; ls /root/new')
  await expectTerminal(page, /^before$/m)
  await expectTerminal(page, /No such file or directory/)

  await act(page, 'Stop')
  await expectState(page, name, 'stopped', 120_000)
  expect((await instances()).get(name)).toBe('stopped')

  const renamed = guestName('moved')
  await act(page, 'Rename')
  const rename = page.getByRole('dialog', { name: `Rename ${name}` })
  await rename.getByLabel('New name').fill(renamed)
  await rename.getByRole('button', { name: 'Rename' }).click()
  await expectState(page, renamed, 'stopped')
  expect([...(await instances()).keys()]).toEqual(expect.not.arrayContaining([name]))

  const copy = guestName('copy')
  await act(page, 'Clone')
  const clone = page.getByRole('dialog', { name: `Clone ${renamed}` })
  await clone.getByLabel('New name').fill(copy)
  await clone.getByRole('button', { name: 'Clone' }).click()
  // Incus lists the copy before it is whole; the job says when it is.
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(`Clone ${renamed} to ${copy}: done`, { timeout: 120_000 })
  await expectState(page, copy, 'stopped')
  expect((await instances()).get(copy)).toBe('stopped')

  await act(page, 'Start')
  await expectState(page, copy, 'running')
  await act(page, 'Kill')
  await page
    .getByRole('dialog', { name: `Kill ${copy}` })
    .getByRole('button', { name: 'Kill' })
    .click()
  await expectState(page, copy, 'stopped')
  expect((await instances()).get(copy)).toBe('stopped')

  for (const each of [copy, renamed]) {
    await page.goto(guestPath('incus', each))
    await act(page, 'Remove')
    const remove = page.getByRole('dialog', { name: `Remove ${each}` })
    await remove.getByLabel(`Type ${each} to confirm`).fill(each)
    await remove.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect.poll(async () => (await instances()).has(each), { timeout: 60_000 }).toBe(false)
  }
})

test('a container gets its user, and its image goes with its alias', async ({ page, guestName }) => {
  test.setTimeout(1_200_000)
  await buildContainer(page)
  const name = guestName('user')
  await page.goto('/guests/new')
  const form = page.getByRole('form', { name: 'Create' })
  await form.getByRole('radio', { name: 'Container', exact: true }).press('Space')
  await form.getByRole('radio', { name: await debian() }).press('Space')
  await form.getByLabel('Name').fill(name)
  await form.getByLabel('User').fill('anna')
  await form.getByLabel('Password').fill('a secret phrase')
  const commands = page.getByRole('complementary', { name: 'Commands that will run' })
  await expect(commands).toContainText('incus')
  await expect(commands).not.toContainText('a secret phrase')
  await form.getByRole('button', { name: 'Create and start' }).click()
  await expectState(page, name, 'running', 120_000)
  await expect.poll(() => incus('exec', name, '--', 'cloud-init', 'status', '--wait'), { timeout: 120_000 }).toContain('status: done')
  expect(await incus('exec', name, '--', 'id', '-un', 'anna')).toBe('anna\n')
  expect(await incus('exec', name, '--', 'passwd', '--status', 'anna')).toMatch(/^anna P /)
  // An address of Incus's network shows on the page by itself.
  await expect(page.getByRole('main')).toContainText(/10\.\d+\.\d+\.\d+/, { timeout: 60_000 })

  await incus('delete', '--force', name)
  await page.goto('/images')
  const title = await debian()
  const row = page.getByRole('table', { name: 'Images' }).getByRole('row').filter({ hasText: '-container' })
  await row.getByRole('button', { name: `Remove the image ${title}` }).click()
  const dialog = page.getByRole('dialog', { name: `Remove the image ${title}` })
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(row).toHaveCount(0)
  expect(await alias()).toBeUndefined()
})
