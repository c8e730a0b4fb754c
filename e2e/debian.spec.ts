import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { chooseFiles, downloadFile, filesPanel, openFolder, uploadOf } from './helpers/files'
import { act, expectState, openTab } from './helpers/guests'
import { hostCommand, virsh } from './helpers/host'
import { waitForImage, waitForTiny } from './helpers/images'
import { expectTerminal, terminalInput, terminalText, typeInTerminal } from './helpers/terminal'

const minutes = 60_000
const sum = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Types lines into the console by the dialog for that, with Enter at their end. */
async function typeAsKeys(page: Page, lines: string[], { hidden = false } = {}): Promise<void> {
  await page.getByRole('toolbar', { name: 'Console tools' }).getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Type text as keys…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
  await dialog.getByLabel('Text to type').fill(lines.join('\n'))
  if (hidden) await dialog.getByLabel('Hide the text').check()
  await dialog.getByLabel('Press Enter at the end').check()
  await expect(dialog.getByRole('status')).toContainText(`${lines.length} line`)
  await dialog.getByRole('button', { name: 'Type it' }).click()
  await expect(dialog).toHaveCount(0, { timeout: minutes })
}

test('Debian as a VM: built here, made by the form, signed in to, grown, and seen on its screen', async ({ page, server, guestName }) => {
  test.setTimeout(30 * minutes)
  const version = (await hostCommand(['sh', '-c', '. /etc/os-release; echo $VERSION_ID'])).trim()
  const id = `debian-${version}-x86_64`
  // Where one image is shown, all are.
  await waitForTiny(page)
  await expect(page.getByRole('button', { name: 'Build Debian, VM disk' })).toBeVisible()
  const row = page.getByRole('table', { name: 'Images' }).getByRole('row').filter({ hasText: id })
  // The contract suite leaves the one that it built: building takes minutes.
  if (!(await row.isVisible())) {
    await page.getByRole('button', { name: 'Build Debian, VM disk' }).click()
    const dialog = page.getByRole('dialog', { name: 'Build Debian, VM disk' })
    await expect(dialog).toContainText('mmdebstrap --mode=root')
    await dialog.getByRole('button', { name: 'Build', exact: true }).click()
    const job = page.getByRole('main').getByRole('list', { name: 'Jobs' }).getByRole('listitem').filter({ hasText: 'Debian' })
    await expect(job.getByRole('progressbar')).toBeVisible()
    await expect(job).toContainText(/I: \S+/, { timeout: minutes })
    await waitForImage(page, id, 12 * minutes)
  }
  await expect(row).toContainText('yes')

  const name = guestName('debian')
  await page.goto('/guests/new')
  const form = page.getByRole('form', { name: 'Create' })
  const source = form.getByRole('radio', { name: new RegExp(`^Debian ${version}`) })
  await source.focus()
  await source.press('Space')
  await form.getByLabel('Name').fill(name)
  await form.getByRole('textbox', { name: 'Disk' }).fill('1 GiB')
  await expect(form.getByRole('textbox', { name: 'Disk' })).toHaveAccessibleDescription(/needs a disk of at least 3 GiB/)
  await form.getByRole('textbox', { name: 'Disk' }).fill('9 GiB')
  await form.getByLabel('Memory').fill('1 GiB')
  await form.getByLabel('User').fill('anna')
  await form.getByLabel('Password').fill('a secret phrase')
  const commands = page.getByRole('complementary', { name: 'Commands that will run' })
  await expect(commands).toContainText('genisoimage')
  await expect(commands).not.toContainText('a secret phrase')
  await form.getByRole('button', { name: 'Create and start' }).click()
  await expectState(page, name, 'running', 2 * minutes)
  expect(await virsh('domblkinfo', name, 'vda')).toMatch(/Capacity:\s+9663676416/)
  expect(statSync(join(server.store, 'guests', name)).isDirectory()).toBe(true)

  await openTab(page, 'Console')
  // Lines of cloud-init follow behind the first prompt, on the same line.
  await expectTerminal(page, new RegExp(`${name} login:`), 12 * minutes)
  await expectTerminal(page, /Cloud-init.* finished/, 5 * minutes)
  await terminalInput(page).focus()
  await terminalInput(page).press('Enter')
  await expectTerminal(page, new RegExp(`${name} login: *$`), minutes)
  await test.step('its name and password are typed as keys in one go, and nobody sees the password', async () => {
    await typeAsKeys(page, ['anna', 'a secret phrase'], { hidden: true })
    await expectTerminal(page, new RegExp(`anna@${name}:\\S*\\$ *$`), 2 * minutes)
    expect(await terminalText(page)).not.toContain('secret')
  })
  await test.step('many lines are typed as keys, with what is special to a shell', async () => {
    const lines = Array.from({ length: 12 }, (_, at) => `${at}: |@-~ "$HOME" 'é' \\ !! {}`)
    await typeInTerminal(page, 'clear; cat > /tmp/typed')
    await typeAsKeys(page, lines)
    await terminalInput(page).press('Control+d')
    await typeInTerminal(page, 'clear; sha256sum < /tmp/typed')
    await expectTerminal(page, new RegExp(`^${sum(`${lines.join('\n')}\n`)} `, 'm'), minutes)
  })
  await typeInTerminal(page, 'clear; hostname; df -BG --output=size / | tail -1; cat /etc/debian_version; echo all-$((6*7))')
  await expectTerminal(page, /^all-42$/m, minutes)
  await expectTerminal(page, new RegExp(`^${name}$`, 'm'))
  await expectTerminal(page, /^\s*9G$/m)
  await expectTerminal(page, new RegExp(`^${version}\\.\\d+$`, 'm'))

  await test.step('files go in and come out by its guest agent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'e2e-debian-'))
    const [file, bytes] = ['größe 1.bin', randomBytes(300_000)]
    await openTab(page, 'Files')
    await openFolder(page, '/srv')
    await chooseFiles(page, folder, [file, bytes])
    await expect(uploadOf(page, file)).toContainText('done', { timeout: 2 * minutes })
    await expect(filesPanel(page).getByRole('row').filter({ hasText: file })).toContainText('293 KiB')
    expect(await downloadFile(page, file, join(folder, 'back'))).toBe(file)
    expect(sum(readFileSync(join(folder, 'back')))).toBe(sum(bytes))
    rmSync(folder, { recursive: true })
    await openTab(page, 'Console')
    await typeInTerminal(page, 'clear; stat -c %U-%a /srv/*; sha256sum < /srv/*.bin')
    await expectTerminal(page, new RegExp(`^root-644\\n${sum(bytes)} `, 'm'), minutes)
  })

  await page.getByRole('combobox', { name: 'Console' }).selectOption('Screen')
  const screen = page.getByRole('application', { name: `Screen of ${name}` })
  const picture = () =>
    screen.evaluate((element) => {
      const canvas = element.getElementsByTagName('canvas')[0]
      if (!canvas?.width || !canvas.height) return 0 // No picture yet.
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      let lit = 0
      for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0) > 200) lit++
      return lit
    })
  // Letters of a login prompt: light, and not all over.
  await expect.poll(picture, { timeout: minutes }).toBeGreaterThan(300)
  const before = await picture()
  await screen.click()
  await page.keyboard.type('somebody')
  await expect.poll(picture, { timeout: minutes }).toBeGreaterThan(before)

  await act(page, 'Stop')
  await expectState(page, name, 'stopped', 3 * minutes)
})
