import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { createTiny, openTab } from './helpers/guests'
import { hostCommand } from './helpers/host'
import { expectTerminal, typeInTerminal } from './helpers/terminal'
import { type Sshd, startSshd } from './hosts/sshd'

/** This machine once more, behind a real ssh daemon whose login shell is tcsh. Who may come in stands in `door`. */
let folder: string
let door: string
let sshd: Sshd
const daemons: Sshd[] = []

const start = async (port?: number): Promise<Sshd> => {
  const daemon = await startSshd({ port, config: [`AuthorizedKeysFile ${door}`] })
  daemons.push(daemon)
  return daemon
}

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-e2e-door-'))
  door = join(folder, 'authorized_keys')
  writeFileSync(door, '')
  sshd = await start()
})
test.afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.stop()
  rmSync(folder, { recursive: true })
})

const fingerprintOf = async ({ hostKey }: Sshd): Promise<string> => {
  const file = join(folder, 'key.pub')
  writeFileSync(file, `${hostKey}\n`)
  return (await hostCommand(['ssh-keygen', '-lf', file])).split(' ')[1] ?? '?'
}

async function openDialog(page: Page): Promise<Locator> {
  await page.goto('/hosts')
  await page.getByRole('button', { name: 'Add a host' }).click()
  return page.getByRole('dialog', { name: 'Add a host' })
}

/** Lets Bailiwick in by the line that the dialog shows. */
async function letIn(dialog: Locator): Promise<void> {
  const line = dialog.getByText(/^ssh-ed25519 /).first()
  await expect(line).toBeVisible()
  writeFileSync(door, `${await line.innerText()}\n`)
}

async function addHost(page: Page, name: string): Promise<void> {
  const dialog = await openDialog(page)
  await dialog.getByLabel('Address', { exact: true }).fill(sshd.address)
  await dialog.getByLabel('Port').fill(String(sshd.port))
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await letIn(dialog)
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.getByRole('button', { name: 'They are the same' }).click()
  await expect(dialog.getByRole('list', { name: 'What the test found' })).toContainText('Signed in as root')
  await dialog.getByRole('button', { name: 'Add the host' }).click()
  await expect(dialog).toBeHidden()
}

const named = (word: string) => `e2e-${word}-${randomBytes(2).toString('hex')}`
const cardOf = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

async function removeHost(page: Page, name: string): Promise<void> {
  await page.goto('/hosts')
  await cardOf(page, name).getByRole('button', { name: 'Remove the host' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the host' }).click()
  await expect(cardOf(page, name)).toHaveCount(0)
}

test('adding a host: every fault is said at its field, and nothing typed is lost', async ({ page }) => {
  const dialog = await openDialog(page)
  const address = dialog.getByLabel('Address', { exact: true })
  const port = dialog.getByLabel('Port')
  const name = named('far')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await address.fill('-oProxyCommand=touch')
  await port.fill('99999')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await expect(address).toHaveAccessibleDescription(/A host name or an address/)
  await expect(port).toHaveAccessibleDescription(/From 1 to 65535/)
  await expect(address).toHaveValue('-oProxyCommand=touch')

  // Nobody listens there.
  await address.fill('127.0.0.1')
  await port.fill('1')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await expect(dialog.getByText(/nothing answers|refused/i)).toBeVisible()
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue(name)

  // The right place: the fingerprint is the daemon's, and without the line in its file nobody is let in.
  await port.fill(String(sshd.port))
  await dialog.getByRole('button', { name: 'Connect' }).click()
  const key = dialog.getByRole('region', { name: 'Host key' })
  await expect(key).toContainText(await fingerprintOf(sshd))
  await expect(key).toContainText('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')
  await expect(dialog.getByRole('button', { name: 'Add the host' })).toHaveCount(0)
  await key.getByRole('button', { name: 'They are the same' }).click()
  const found = dialog.getByRole('list', { name: 'What the test found' })
  await expect(found).toContainText('does not let root in')
  await expect(found.getByText(/^ssh-ed25519 /)).toBeVisible()

  await letIn(dialog)
  await dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(found).toContainText('Signed in as root')
  const libvirt = found.getByRole('listitem').filter({ hasText: 'libvirt' })
  await expect(libvirt.getByRole('img', { name: 'works' })).toBeVisible()
  await expect(found.getByRole('listitem').filter({ hasText: 'Incus' })).toBeVisible()
  await expect(found.getByRole('listitem').filter({ hasText: 'CBSD' }).getByRole('img')).not.toHaveAccessibleName('works')
  // Nothing was stored by all that.
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(cardOf(page, name)).toHaveCount(0)
})

test('a host behind csh: its guests, a console, cut off, greyed and back', async ({ page, guestName, tiny }) => {
  test.setTimeout(400_000)
  expect(tiny.x86_64).toBeTruthy()
  const guest = guestName('far')
  await createTiny(page, guest)
  const host = named('mars')
  await addHost(page, host)
  const card = cardOf(page, host)
  await expect(card.getByText('up', { exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(card).toContainText(`root@${sshd.address} port ${sshd.port}`)

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /Guests/ })
    .click()
  const row = page.getByRole('table', { name: 'Guests' }).getByRole('row').filter({ hasText: guest }).filter({ hasText: host })
  await expect(row.getByRole('img', { name: 'running' })).toBeVisible()
  await row.getByRole('link', { name: guest, exact: true }).click()
  await openTab(page, 'Console')
  await expectTerminal(page, /#|\$/)
  await typeInTerminal(page, 'echo over-$((40+2))')
  await expectTerminal(page, 'over-42')

  await test.step('the shell of the host itself: whose it is stands there, and it is that one’s', async () => {
    await page.goto('/hosts')
    await card.getByRole('link', { name: host, exact: true }).first().click()
    await page.getByRole('link', { name: 'Shell', exact: true }).click()
    await expect(page.getByText(/Runs as root on .* over ssh/)).toBeVisible()
    await expectTerminal(page, /[#$%>] *$/)
    // Its login shell is tcsh, and a child of the daemon of this test.
    await typeInTerminal(page, 'echo "me-$user-$tcsh-end"; hostname; id -un')
    await expectTerminal(page, new RegExp(`^me-root-[\\d.]+-end\\n${hostname()}\\nroot$`, 'm'))
    await typeInTerminal(
      page,
      `/bin/sh -c 'p=$$; while [ $p -gt 1 ]; do read c < /proc/$p/comm; echo "by-$c"; p=$(grep PPid /proc/$p/status | cut -f 2); done'`,
    )
    await expectTerminal(page, /^by-tcsh$[\s\S]*^by-sshd/m)
    await page.setViewportSize({ width: 900, height: 600 })
    await expect(async () => {
      await typeInTerminal(page, 'clear; stty size')
      await expectTerminal(page, /^\d+ (?:[2-9]\d|10\d|11\d)$/m, 3000)
    }, 'the shell has fewer than 120 columns').toPass({ timeout: 60_000 })
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  // Figures of the host itself come over the same way.
  await page.goto('/hosts')
  await expect(card.getByText(/load \d/)).toBeVisible({ timeout: 30_000 })

  await sshd.kill()
  await expect(card.getByText('down', { exact: true })).toBeVisible({ timeout: 30_000 })
  await expect(card).toContainText(/last seen \d+ (s|min) ago/)
  const tree = page.getByRole('navigation', { name: 'Hosts and guests' })
  await expect(tree).toContainText(/last seen \d+ (s|min) ago/)
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /Guests/ })
    .click()
  await expect(row).toContainText(/last seen \d+ (s|min) ago/)
  await expect(row.getByRole('img', { name: 'unknown' })).toBeVisible()
  // The same machine without ssh goes on.
  const here = page.getByRole('table', { name: 'Guests' }).getByRole('row').filter({ hasText: guest }).filter({ hasNotText: host })
  await expect(here.getByRole('img', { name: 'running' })).toBeVisible()
  await row.getByRole('link', { name: guest, exact: true }).click()
  await expect(page.getByRole('main')).toContainText(/last seen/)
  const start = page.getByRole('main').getByRole('button', { name: 'Start', exact: true })
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  await expect(start).toHaveAccessibleDescription(new RegExp(`${host} does not answer`))
  await page.goto('/')
  await expect(page.getByRole('main')).toContainText(/last seen/)

  await sshd.start()
  await page.goto('/hosts')
  await expect(card.getByText('up', { exact: true })).toBeVisible({ timeout: 60_000 })
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /Guests/ })
    .click()
  await expect(row.getByRole('img', { name: 'running' })).toBeVisible({ timeout: 30_000 })
  await removeHost(page, host)
})

test('another host key is refused with a warning, until somebody has compared it', async ({ page }) => {
  test.setTimeout(240_000)
  const host = named('venus')
  await addHost(page, host)
  const card = cardOf(page, host)
  await expect(card.getByText('up', { exact: true })).toBeVisible({ timeout: 60_000 })
  const before = await fingerprintOf(sshd)
  const { port } = sshd
  await sshd.stop()
  sshd = await start(port)
  const now = await fingerprintOf(sshd)
  await expect(card).toContainText('The host key has changed', { timeout: 90_000 })
  await expect(card.getByText('down', { exact: true })).toBeVisible()

  await card.getByRole('button', { name: 'Compare the keys' }).click()
  const dialog = page.getByRole('dialog', { name: `Settings of ${host}` })
  await expect(dialog.getByRole('region', { name: 'Host key' })).toContainText(before)
  await dialog.getByRole('button', { name: 'Ask for its key again' }).click()
  const key = dialog.getByRole('region', { name: 'Host key' })
  await expect(key.getByRole('alert')).toContainText('The host key has changed')
  await expect(key).toContainText(before)
  await expect(key).toContainText(now)
  await key.getByRole('button', { name: 'I compared them on the host: accept the new key' }).click()
  await expect(dialog.getByRole('list', { name: 'What the test found' })).toContainText('Signed in as root')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(card.getByText('up', { exact: true })).toBeVisible({ timeout: 60_000 })
  await removeHost(page, host)
})
