import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type CbsdHost, openCreate, openGuest } from './helpers/cbsd'
import { act, expectState, openTab } from './helpers/guests'
import { look } from './helpers/picture'
import { expectTerminal, terminalText, typeInTerminal } from './helpers/terminal'

const commands = (page: Page) => page.getByRole('complementary', { name: 'Commands that will run' })

/** Asks for the removal of the guest whose page is open, by its name. */
async function askRemoval(page: Page, name: string): Promise<void> {
  await act(page, 'Remove')
  const dialog = page.getByRole('dialog', { name: `Remove ${name}` })
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
}

/** A jail's life: made, typed into, kept, copied, put back, packed, removed. */
export async function playJail(page: Page, host: CbsdHost): Promise<void> {
  /** What the note in a jail says, read on its host; while its files are being put back there may be none. */
  const note = (guest: string): string => {
    const path = join(host.workdir, 'jails-data', `${guest}-data`, 'root', 'note')
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  await test.step('a jail is created, and the exact command is shown before', async () => {
    const form = await openCreate(page, host, 'Jail')
    await form.getByLabel('Name', { exact: true }).fill('web')
    await form.getByRole('checkbox', { name: 'A base of its own' }).check()
    await expect(commands(page)).toContainText(/cbsd jcreate jname=web .*inter=0/)
    await form.getByRole('button', { name: 'Create and start' }).click()
    await expectState(page, 'web', 'running')
    expect(await host.running()).toContain('web')
  })

  await test.step('its shell is a shell in it', async () => {
    await openTab(page, 'Console')
    await expectTerminal(page, /# *$/)
    await typeInTerminal(page, 'hostname; echo before > /root/note')
    await expectTerminal(page, /^web\.my\.domain$/m)
    await expect.poll(() => note('web')).toBe('before\n')
  })

  await test.step('it is as large as the window, also over ssh', async () => {
    const columns = async (mark: string) => {
      const line = new RegExp(`^${mark} \\d+ (\\d+) end$`, 'm')
      await typeInTerminal(page, `echo "${mark} $(stty size) end"`)
      await expectTerminal(page, line)
      return Number(line.exec(await terminalText(page))?.[1])
    }
    const whole = await columns('wide')
    await page.setViewportSize({ width: 900, height: 800 })
    let turn = 0
    await expect.poll(() => columns(`narrow${++turn}`)).toBeLessThan(whole)
    await page.setViewportSize({ width: 1280, height: 800 })
    await expect.poll(() => columns(`wide${++turn}`)).toBe(whole)
  })

  await test.step('a snapshot', async () => {
    await act(page, 'Snapshot')
    const take = page.getByRole('dialog', { name: 'Take a snapshot' })
    await take.getByLabel('Name of the new snapshot').fill('clean')
    await expect(take).toContainText('cbsd jsnapshot mode=create jname=web snapname=clean')
    await take.getByRole('button', { name: 'Take a snapshot' }).click()
    await expect(take).toHaveCount(0)
    await openTab(page, 'Snapshots')
    await expect(page.getByRole('table', { name: 'Snapshots' }).getByRole('row').filter({ hasText: 'clean' })).toBeVisible({
      timeout: 60_000,
    })
    expect((await host.cbsd('jsnapshot', 'mode=list', 'jname=web', 'header=0')).stdout).toMatch(/^web +clean /)
  })

  await test.step('going back is refused while it runs, and works when it is off', async () => {
    const restore = page.getByRole('table', { name: 'Snapshots' }).getByRole('button', { name: 'Restore clean' })
    await expect(restore).toBeDisabled()
    await expect(restore).toHaveAttribute('title', 'Stop it first: CBSD would put its files back under the running system')
    await openTab(page, 'Console')
    await typeInTerminal(page, 'echo after > /root/note')
    await expect.poll(() => note('web')).toBe('after\n')
    await act(page, 'Stop')
    await expectState(page, 'web', 'stopped')
    expect(await host.running()).not.toContain('web')
  })

  await test.step('a clone has an address of its own', async () => {
    const home = page.url().replace(/\/console$/, '')
    await act(page, 'Clone')
    const clone = page.getByRole('dialog', { name: 'Clone web' })
    await clone.getByLabel('New name').fill('copy')
    await clone.getByRole('button', { name: 'Clone' }).click()
    await expectState(page, 'copy', 'stopped')
    const addresses = (await host.cbsd('jls', 'display=ip4_addr', 'header=0')).stdout.trim().split(/\s+/)
    expect(new Set(addresses).size).toBe(addresses.length)
    expect(note('copy')).toBe('after\n')
    await page.goto(home)
    await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible()
  })

  await test.step('rollback', async () => {
    await openTab(page, 'Snapshots')
    await page.getByRole('table', { name: 'Snapshots' }).getByRole('button', { name: 'Restore clean' }).click()
    const restore = page.getByRole('dialog', { name: 'Restore clean of web' })
    await expect(restore).toContainText('is lost')
    await restore.getByRole('button', { name: 'Restore', exact: true }).click()
    await expect.poll(() => note('web'), { timeout: 60_000 }).toBe('before\n')
    await act(page, 'Start')
    await expectState(page, 'web', 'running')
    await openTab(page, 'Console')
    // The shell of before ended with the jail.
    await page.getByRole('button', { name: 'Open a new shell' }).click()
    await expect(page.getByText('You are typing')).toBeVisible()
    await typeInTerminal(page, 'cat /root/note')
    await expectTerminal(page, /^before$/m)
    await act(page, 'Stop')
    await expectState(page, 'web', 'stopped')
  })

  await test.step('export', async () => {
    await act(page, 'Export')
    const dialog = page.getByRole('dialog', { name: 'Export web' })
    await expect(dialog).toContainText(/cbsd jexport jname=web/)
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    await expect.poll(() => existsSync(join(host.workdir, 'export', 'web.img')), { timeout: 60_000 }).toBe(true)
  })

  await test.step('removal', async () => {
    for (const name of ['copy', 'web']) {
      await openGuest(page, name)
      await askRemoval(page, name)
      await expect.poll(() => existsSync(join(host.workdir, 'jails-system', name)), { timeout: 60_000 }).toBe(false)
      await page.goto('/guests')
      await expect(page.getByRole('table', { name: 'Guests' }).getByRole('link', { name, exact: true })).toHaveCount(0)
    }
  })
}

/** The life of a bhyve VM of a cloud profile: made, typed into, looked at, stopped, removed. */
export async function playVm(page: Page, host: CbsdHost): Promise<void> {
  await test.step('created with a flavour', async () => {
    const form = await openCreate(page, host, 'VM')
    await form.getByLabel('Name', { exact: true }).fill('vmone')
    await form.getByLabel('Filter by name or system').fill('Debian: 12')
    await form.getByRole('radio', { name: /Debian: 12/ }).press('Space')
    await form.getByLabel('Flavour').selectOption('small1')
    await expect(commands(page)).toContainText(/cbsd bcreate jname=vmone vm_os_type=linux vm_os_profile=cloud-Debian-x86-12 flavor=small1/)
    await form.getByRole('button', { name: 'Create and start' }).click()
    await expectState(page, 'vmone', 'running', 120_000)
  })

  await test.step('its serial console', async () => {
    await openTab(page, 'Console')
    await page.getByRole('combobox', { name: 'Console' }).selectOption('Serial')
    await typeInTerminal(page, '')
    // Below it is the status line of CBSD's tmux.
    await expectTerminal(page, /^tiny:~# *$/m, 120_000)
    await typeInTerminal(page, 'echo $((6 * 7)) here')
    await expectTerminal(page, /^42 here$/m)
  })

  await test.step('its screen', async () => {
    await page.getByRole('combobox', { name: 'Console' }).selectOption('Screen')
    await expect(page.getByRole('toolbar', { name: 'Console tools' }).getByRole('status')).toHaveText(/^You are typing/, {
      timeout: 30_000,
    })
    const screen = page.getByRole('application', { name: 'Screen of vmone' })
    const eye = await page.context().newPage()
    await expect
      .poll(async () => (await look(eye, await screen.screenshot())).lit, {
        timeout: 60_000,
        message: 'something is written on the screen',
      })
      .toBeGreaterThan(500)
    await eye.close()
  })

  await test.step('stopped and removed', async () => {
    await act(page, 'Stop')
    await expectState(page, 'vmone', 'stopped', 120_000)
    await askRemoval(page, 'vmone')
    await expect.poll(() => existsSync(join(host.workdir, 'jails-system', 'vmone')), { timeout: 60_000 }).toBe(false)
  })
}
