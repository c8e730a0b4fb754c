import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { importBusybox } from '@/server/engines/incus/fixture-image'
import { createLocalExec } from '@/server/exec/local'
import { expect, test } from './fixtures'
import { chooseFiles, downloadFile, openFolder, filesPanel as panel, uploadOf as sent } from './helpers/files'
import { createTiny, expectState, guestPath, openTab } from './helpers/guests'
import { incus } from './helpers/host'
import { askProcedure, cookieOf, send } from './wire'

const exec = createLocalExec({})
const image = 'e2e-files'
let removeImage = async () => {}
let folder: string
test.beforeAll(async () => {
  removeImage = await importBusybox(exec, image)
  folder = mkdtempSync(join(tmpdir(), 'e2e-files-'))
})
test.afterAll(async () => {
  await removeImage()
  await exec.close()
  rmSync(folder, { recursive: true, force: true })
})

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const row = (page: Page, name: string): Locator => panel(page).getByRole('row').filter({ hasText: name })
const choose = (page: Page, ...files: [name: string, content: string | Uint8Array][]) => chooseFiles(page, folder, ...files)

test('files go into a container and come out of it', async ({ page, session, server, guestName }) => {
  test.setTimeout(300_000)
  const name = guestName('files')
  await incus('launch', image, name)
  await page.goto(guestPath('incus', name))
  await openTab(page, 'Files')

  await test.step('one looks around', async () => {
    await panel(page).getByRole('button', { name: 'etc', exact: true }).click()
    await expect(row(page, 'passwd')).toContainText('rw-r--r--')
    await panel(page).getByRole('button', { name: 'One folder up' }).click()
    await openFolder(page, '/root/none')
    await expect(panel(page)).toContainText('There is no such folder')
    await openFolder(page, '/root/../etc')
    await expect(panel(page).getByLabel('Path of the folder')).toHaveAccessibleDescription(/may not go up by/)
    const upload = panel(page).getByRole('button', { name: 'Upload', exact: true })
    await expect(upload).toHaveAccessibleDescription(/Nothing can be uploaded here/)
    await openFolder(page, '/root')
    await expect(upload).not.toHaveAttribute('aria-disabled')
    await expect(panel(page)).toContainText('Nothing is in this folder')
  })

  const odd = `with blanks, "quotes" & größe -> 1.bin`
  const bytes = randomBytes(9_000_000)
  await test.step('an upload arrives whole, with its name', async () => {
    await choose(page, [odd, bytes], ['-rf', 'first\n'])
    await expect(sent(page, odd)).toContainText('done', { timeout: 60_000 })
    await expect(sent(page, '-rf')).toContainText('done', { timeout: 60_000 })
    await expect(row(page, odd)).toContainText('8.6 MiB')
    const inside = await incus('exec', name, '--', '/bin/sh', '-c', 'wc -c < "$1"; ls -ln "$1"', 'sh', `/root/${odd}`)
    expect(inside).toMatch(/^9000000\n-rw-r--r-- +1 0 +0 /)
  })

  await test.step('a download is the same file, under its name', async () => {
    const path = join(folder, 'back')
    expect(await downloadFile(page, odd, path)).toContain('größe')
    expect(sum(readFileSync(path))).toBe(sum(bytes))
  })

  await test.step('what is there is replaced only when one says so, and keeps its owner', async () => {
    await incus('exec', name, '--', 'chown', '1000:1000', '/root/-rf')
    await choose(page, ['-rf', 'second\n'])
    const dialog = page.getByRole('dialog', { name: 'Replace -rf' })
    await expect(dialog).toContainText(`Write /root/-rf in ${name}`)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await incus('exec', name, '--', 'cat', '/root/-rf')).toBe('first\n')
    await choose(page, ['-rf', 'second\n'])
    await dialog.getByRole('button', { name: 'Replace', exact: true }).click()
    await expect(sent(page, '-rf').last()).toContainText('done')
    expect(await incus('exec', name, '--', 'cat', '/root/-rf')).toBe('second\n')
    expect(await incus('exec', name, '--', 'stat', '-c', '%u:%g', '/root/-rf')).toBe('1000:1000\n')
  })

  await test.step('a file is dropped', async () => {
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
      return transfer
    })
    await panel(page).dispatchEvent('drop', { dataTransfer: data })
    await expect(sent(page, 'dropped.txt')).toContainText('done')
    expect(await incus('exec', name, '--', 'cat', '/root/dropped.txt')).toBe('dropped')
  })

  await test.step('one that is stopped on its way says so, and is not there', async () => {
    await page.route('**/upload/**', () => {}) // The server is never reached.
    await choose(page, ['halted.bin', 'x'.repeat(1000)])
    await page.getByRole('button', { name: 'Stop the upload of halted.bin' }).click()
    await expect(sent(page, 'halted.bin')).toContainText('stopped: nothing was written in the guest')
    await page.unroute('**/upload/**')
    await page.getByRole('button', { name: 'Take halted.bin from the list' }).click()
    await expect(sent(page, 'halted.bin')).toHaveCount(0)
    expect(await incus('exec', name, '--', 'ls', '/root')).not.toContain('halted')
    await choose(page, ['halted.bin', 'x'.repeat(1000)])
    await expect(sent(page, 'halted.bin')).toContainText('done')
    expect(await incus('exec', name, '--', 'cat', '/root/halted.bin')).toBe('x'.repeat(1000))
  })

  await test.step('a link to a file of the host is a link in the guest', async () => {
    const outside = join(folder, 'outside')
    writeFileSync(outside, 'of the host')
    await incus('exec', name, '--', 'ln', '-s', outside, '/root/leak')
    await panel(page).getByRole('button', { name: 'Read again' }).click()
    await panel(page).getByRole('button', { name: 'Download leak' }).click()
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('There is no such file')
    await choose(page, ['leak', 'of the guest'])
    await page.getByRole('dialog', { name: 'Replace leak' }).getByRole('button', { name: 'Replace', exact: true }).click()
    await expect(sent(page, 'leak')).toContainText('done')
    expect(readFileSync(outside, 'utf8')).toBe('of the host')
    expect(await incus('exec', name, '--', 'cat', '/root/leak')).toBe('of the guest')
  })

  await test.step('no trick with a path reaches the host or another folder', async () => {
    const id = `local~incus~${name}`
    for (const path of ['/root/../etc', 'etc', '/a\nb']) {
      const { status } = await askProcedure(server, session, 'file.list', { id, path })
      expect(status).toBe(400)
    }
    const query = new URLSearchParams({ guest: id, path: `/root/../../${folder}/outside` })
    expect((await send(server, `/files?${query}`, { headers: { cookie: cookieOf(session) } })).status).toBe(400)
    expect((await send(server, `/files?guest=${encodeURIComponent(id)}&path=/etc/passwd`)).status).toBe(401)
    expect(existsSync(join(folder, 'outside'))).toBe(true)
  })

  await test.step('the job says what ran', async () => {
    await openTab(page, 'Jobs')
    const job = page.getByRole('row').filter({ hasText: 'Push dropped.txt' })
    await expect(job.getByRole('img', { name: 'done' })).toBeVisible()
    await job.getByRole('link').first().click()
    await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Write /root/dropped.txt')
    await expect(page.getByRole('list', { name: 'Steps' })).toContainText('exit 0')
  })

  await test.step('one that is stopped says why nothing can be moved', async () => {
    await page.goto(guestPath('incus', name, 'files'))
    await incus('stop', '--force', name)
    await expect(page.getByText('It is not running: its own system is what reads and writes its files')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Upload' })).toHaveCount(0)
  })
})

test('a VM without a guest agent says what is missing', async ({ page, tiny, guestName }) => {
  test.setTimeout(700_000)
  expect(tiny.x86_64).toBeDefined()
  const name = guestName('agent')
  await createTiny(page, name)
  await openTab(page, 'Files')
  await expect(page.getByText('install and start qemu-guest-agent in it')).toBeVisible()
  await expectState(page, name, 'running')
})
