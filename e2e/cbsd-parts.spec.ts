import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { test as base, expect, setUp } from './fixtures'
import { type CbsdHost, newCbsdHost, openCreate, openGuest } from './helpers/cbsd'
import { act, choose, expectState, openTab } from './helpers/guests'
import { expectTerminal, typeInTerminal } from './helpers/terminal'

/** A page of a server whose machine plays a CBSD host, and another node that it can move guests to. */
type Bench = { page: Page; host: CbsdHost; other: CbsdHost }
const otherNode = { name: 'node2.my.domain', address: '10.0.0.2' }

const test = base.extend<{ bench: Bench }>({
  bench: async ({ browser, store, startServer }, use) => {
    const host = await newCbsdHost(store)
    const other = await newCbsdHost(store, '--node', otherNode.name)
    writeFileSync(join(host.workdir, '.standin/nodes'), `${otherNode.name} ${other.workdir} ${otherNode.address}\n`)
    // As if emulators/qemu-user-static were installed.
    const emulator = join(host.bin, 'qemu-aarch64-static')
    writeFileSync(emulator, '#!/bin/sh\nexec "$@"\n')
    chmodSync(emulator, 0o755)
    try {
      const server = await startServer({ env: { BAILIWICK_PATH: host.bin, BAILIWICK_CBSD_WORKDIR: host.workdir } })
      const context = await browser.newContext({ baseURL: server.url, storageState: await setUp(browser, server) })
      await use({ page: await context.newPage(), host, other })
      await context.close()
    } finally {
      await host.remove()
      await other.remove()
    }
  },
})

/** Presses the button of a dialog that shows its commands, and waits until it has closed. */
async function confirm(
  page: Page,
  title: string | RegExp,
  verb: string,
  command: RegExp,
  fill?: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
) {
  const dialog = page.getByRole('dialog', { name: title })
  await fill?.(dialog)
  await expect(dialog).toContainText(command)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await expect(dialog).toHaveCount(0)
}

/** Starts the jail whose page is open, and types into its shell. */
async function tryShell(page: Page, name: string): Promise<void> {
  await expectState(page, name, 'running', 60_000)
  await openTab(page, 'Console')
  await expectTerminal(page, /# *$/)
  await typeInTerminal(page, 'echo "$((6 * 7)) from $(hostname)"')
  await expectTerminal(page, new RegExp(`^42 from ${name}`, 'm'))
}

test('jails that are no FreeBSD of this machine, what is hidden, and a move to another node', async ({ bench: { page, host, other } }) => {
  test.setTimeout(300_000)

  await test.step('a Linux jail is made, started and typed into', async () => {
    const form = await openCreate(page, host, 'Jail')
    await form.getByLabel('Name', { exact: true }).fill('penguin')
    await form.getByLabel('Profile').selectOption({ value: 'debian_bookworm' })
    await form.getByRole('button', { name: 'Create and start' }).click()
    await tryShell(page, 'penguin')
    await expect(page.getByRole('main')).toContainText('Linux jail')
  })

  await test.step('a jail of another instruction set', async () => {
    const form = await openCreate(page, host, 'Jail')
    await form.getByLabel('Name', { exact: true }).fill('armed')
    await form.getByLabel('Instruction set').selectOption({ value: 'aarch64' })
    await form.getByRole('button', { name: 'Create and start' }).click()
    await tryShell(page, 'armed')
    expect((await host.cbsd('jget', 'mode=quiet', 'jname=armed', 'emulator')).stdout.trim()).toBe('qemu-aarch64-static')
    await openTab(page, 'Overview')
    await expect(page.getByRole('main')).toContainText('aarch64')
  })

  await test.step('what it does not have is greyed with the reason, and what its zeros mean is said', async () => {
    await openTab(page, 'Hardware')
    await expect(page.getByRole('main')).toContainText(/It shares the network of its host, with the address 10\.0\.0\.\d+/)
    await expect(page.getByRole('main')).toContainText(
      'Limits need RACCT, which is off on this host: put kern.racct.enable=1 into /boot/loader.conf',
    )
    await openTab(page, 'Settings')
    const row = page.getByRole('table', { name: 'Settings' }).getByRole('row').filter({ hasText: 'cpuset' })
    await expect(row).toContainText('= all')
    await page.setViewportSize({ width: 390, height: 844 })
    const sideways = () =>
      page.getByRole('table', { name: 'Settings' }).evaluate(({ parentElement: box }) => (box ? box.scrollWidth - box.clientWidth : -1))
    await expect.poll(sideways).toBe(0)
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  await test.step('a hidden guest leaves the tree and the list, until it is asked for', async () => {
    await act(page, 'Hide')
    await confirm(page, 'Hide: armed', 'Hide', /cbsd jset jname=armed hidden=1/)
    await page.goto('/guests')
    const tree = page.getByRole('navigation', { name: 'Hosts and guests' })
    const list = page.getByRole('table', { name: 'Guests' })
    await expect(tree.getByRole('link', { name: 'penguin' })).toBeVisible()
    await expect(tree.getByRole('link', { name: 'armed' })).toHaveCount(0)
    await expect(list.getByRole('link', { name: /^armed/ })).toHaveCount(0)
    await tree.getByRole('checkbox', { name: 'Show 1 hidden' }).check()
    await expect(tree.getByRole('link', { name: 'armed' })).toBeVisible()
    await page.getByRole('checkbox', { name: '1 hidden', exact: true }).check()
    await expect(list.getByRole('link', { name: /^armed/ })).toBeVisible()
  })

  await test.step('removal offers nothing that CBSD cannot do', async () => {
    await openGuest(page, 'penguin')
    await act(page, 'Stop')
    await expectState(page, 'penguin', 'stopped')
    await act(page, 'Remove')
    const dialog = page.getByRole('dialog', { name: 'Remove penguin' })
    await expect(dialog).toContainText(/cbsd jremove jname=penguin/)
    await expect(dialog.getByRole('checkbox')).toHaveCount(0)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  await test.step('a jail moves to another node', async () => {
    expect((await host.cbsd('node', 'mode=add', `node=${otherNode.address}`, 'pw=x')).code).toBe(0)
    await page.goto('/hosts/local')
    await expect(page.getByRole('table', { name: 'Nodes' }).getByRole('row').filter({ hasText: otherNode.name })).toBeVisible({
      timeout: 30_000,
    })
    await openGuest(page, 'penguin')
    await act(page, 'Move to another node')
    await confirm(page, 'Move penguin to another node', 'Move to another node', /cbsd jcoldmigrate jname=penguin node=node2\.my\.domain/)
    await expect.poll(async () => (await other.cbsd('jls', 'display=jname', 'header=0')).stdout, { timeout: 60_000 }).toContain('penguin')
    await expect(page.getByRole('main')).toContainText(/A copy: its master is/, { timeout: 30_000 })
    await expect(page.getByRole('region', { name: 'Messages' })).not.toContainText('failed')
  })
})

test('a CD from the browser into the media of the host', async ({ bench: { page, host } }) => {
  await page.goto('/hosts/local')
  const cd = Buffer.alloc(100_000)
  cd.write('CD001', 32_769)
  await page.getByRole('button', { name: 'Upload a CD' }).click()
  const dialog = page.getByRole('dialog', { name: /^Upload a CD to/ })
  await dialog.getByLabel('File').setInputFiles({ name: 'my own.iso', mimeType: 'application/octet-stream', buffer: cd })
  await expect(dialog.getByLabel('Name')).toHaveValue('my-own.iso')
  await dialog.getByRole('button', { name: 'Upload', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Media' }).getByRole('row').filter({ hasText: 'my-own.iso' })).toBeVisible({
    timeout: 30_000,
  })
  expect(readFileSync(join(host.workdir, 'src/iso/my-own.iso')).equals(cd)).toBe(true)
})

test('disks, media and a checkpoint of a bhyve VM', async ({ bench: { page, host }, tiny }) => {
  test.setTimeout(600_000)
  expect(tiny.x86_64).toBeDefined()
  const disk = (name: string) => join(host.workdir, 'jails-data/vmone-data', name)

  const form = await openCreate(page, host, 'VM')
  await form.getByLabel('Name', { exact: true }).fill('vmone')
  await form.getByLabel('Filter by name or system').fill('Debian: 12')
  await choose(form.getByRole('radio', { name: /Debian: 12/ }))
  await form.getByRole('button', { name: 'Create and start' }).click()
  await expectState(page, 'vmone', 'running', 120_000)

  await test.step('a checkpoint of what runs', async () => {
    await openTab(page, 'Console')
    await page.getByRole('combobox', { name: 'Console' }).selectOption('Serial')
    await expectTerminal(page, /^tiny:~#/m, 120_000)
    // What came before, such as an answer of the terminal, is a line of its own.
    await typeInTerminal(page, '')
    await typeInTerminal(page, 'remembered=yes; echo "$((6 * 7)) kept"')
    await expectTerminal(page, /^42 kept$/m, 60_000)
    await openTab(page, 'Snapshots')
    await page.getByRole('button', { name: 'Take a checkpoint' }).click()
    await confirm(page, 'Take a checkpoint of vmone', 'Take a checkpoint', /cbsd bcheckpoint mode=create jname=vmone name=noon/, (dialog) =>
      dialog.getByLabel('Name of the new checkpoint').fill('noon'),
    )
    await expect(page.getByRole('main').getByText('noon', { exact: true })).toBeVisible({ timeout: 60_000 })
    await act(page, 'Kill')
    await confirm(page, 'Kill vmone', 'Kill', /cbsd bstop jname=vmone noacpi=1/)
    await expectState(page, 'vmone', 'stopped')
  })

  await test.step('it goes on from there', async () => {
    await openTab(page, 'Snapshots')
    await page.getByRole('button', { name: /Start from it/ }).click()
    await confirm(page, 'Start vmone from noon', 'Start', /cbsd bstart jname=vmone checkpoint=noon/)
    await expectState(page, 'vmone', 'running', 120_000)
    await openTab(page, 'Console')
    await typeInTerminal(page, 'echo "it is $remembered"')
    await expectTerminal(page, /^it is yes$/m, 60_000)
    await act(page, 'Kill')
    await confirm(page, 'Kill vmone', 'Kill', /noacpi=1/)
    await expectState(page, 'vmone', 'stopped')
  })

  await test.step('a disk is added, grown and removed', async () => {
    await openTab(page, 'Hardware')
    await page.getByRole('button', { name: 'Add a disk' }).click()
    await confirm(page, 'Add a disk to vmone', 'Add a disk', /cbsd bhyve-dsk mode=attach .*dsk_size=1g/, (dialog) =>
      dialog.getByLabel('Size').fill('1 GiB'),
    )
    // By keyboard: rows move while the page reads the guest again, and a pointer would meet another one.
    const row = page.getByRole('table', { name: 'Disks' }).getByRole('row').filter({ hasText: 'dsk2.vhd' })
    await expect(row).toContainText('1 GiB', { timeout: 30_000 })
    await row.getByRole('button', { name: /Grow/ }).press('Enter')
    await confirm(page, 'Grow dsk2.vhd of vmone', 'Grow', /mode=modify .*dsk_size=2g/, (dialog) =>
      dialog.getByLabel('New size').fill('2 GiB'),
    )
    await expect(row).toContainText('2 GiB', { timeout: 30_000 })
    await row.getByRole('button', { name: /Remove/ }).press('Enter')
    await confirm(page, 'Remove dsk2.vhd of vmone', 'Remove', /mode=delete .*dsk_path=dsk2\.vhd/, (dialog) =>
      dialog.getByLabel(/^Type /).fill('dsk2.vhd'),
    )
    await expect(row).toHaveCount(0, { timeout: 30_000 })
    expect(existsSync(disk('dsk2.vhd'))).toBe(false)
    expect(existsSync(disk('dsk1.vhd'))).toBe(true)
  })

  await test.step('a CD goes in and out', async () => {
    const iso = join(host.workdir, 'src/iso/own.iso')
    writeFileSync(iso, 'CD')
    await host.cbsd('media', 'mode=register', 'name=own.iso', `path=${iso}`, 'type=iso')
    await page.getByRole('button', { name: 'Attach', exact: true }).click()
    await confirm(page, 'Attach a CD or disk to vmone', 'Attach', /cbsd media mode=attach name=own\.iso/, async (dialog) => {
      await dialog.getByLabel('Medium').selectOption({ value: 'own.iso' })
    })
    const row = page.getByRole('table', { name: 'Media' }).getByRole('row').filter({ hasText: 'own.iso' })
    await expect(row).toBeVisible({ timeout: 30_000 })
    // The page reads the guest again when the job has ended, which may come between looking for the button and pressing it.
    await expect(async () => {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Eject own.iso' }).click({ timeout: 5_000 })
      await expect(page.getByRole('dialog', { name: 'Eject own.iso from vmone' })).toBeVisible({ timeout: 5_000 })
    }).toPass({ timeout: 60_000 })
    await confirm(page, 'Eject own.iso from vmone', 'Eject', /cbsd media mode=detach name=own\.iso/)
    await expect(row).toHaveCount(0, { timeout: 30_000 })
    expect(existsSync(iso)).toBe(true)
  })
})
