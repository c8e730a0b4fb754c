import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { bootBanner, bootDisk } from './boot-disk'
import { expect, test } from './fixtures'
import { act, createRunning, expectState, openTab } from './helpers/guests'
import { domainState } from './helpers/host'
import { expectTerminal, typeInTerminal } from './helpers/terminal'

const MiB = 1024 * 1024
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const row = (page: Page, title: string): Locator => page.getByRole('table', { name: 'Images' }).getByRole('row').filter({ hasText: title })

/** Whatever a failed test leaves: its images carry its guest's name. */
test.afterEach(({ store }) => {
  const images = join(store, 'images')
  for (const name of readdirSync(images)) if (name.startsWith('e2e-')) rmSync(join(images, name), { recursive: true, force: true })
})

/** Removes an image by its row and waits until the row is gone. */
async function removeImage(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Remove the image ${title}` }).click()
  const dialog = page.getByRole('dialog', { name: `Remove the image ${title}` })
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(row(page, title)).toHaveCount(0)
}

test('an upload goes on after a reload in its middle; the disk boots; it stays while it is needed', async ({ page, server, guestName }) => {
  test.setTimeout(300_000)
  const name = guestName('upload')
  const disk = bootDisk(48 * MiB)
  const file = join(server.data, `${name}.img`)
  writeFileSync(file, disk)
  await page.goto('/images')
  // A slow line, so that there is a middle.
  const line = await page.context().newCDPSession(page)
  const speed = (uploadThroughput: number) =>
    line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput })
  await line.send('Network.enable')
  await speed(8 * MiB)
  const form = page.getByRole('form', { name: 'Upload' })
  const begin = async () => {
    await form.getByLabel('File').setInputFiles(file)
    await form.getByLabel('SHA-256').fill(sha256(disk))
    await form.getByRole('button', { name: 'Upload', exact: true }).click()
  }
  await begin()
  await expect(form.getByRole('status')).toContainText(/^(16|24|32) MiB of 48 MiB/)
  await page.reload()
  const uploads = join(server.data, 'uploads')
  const [id = '', ...others] = readdirSync(uploads)
  expect(others).toEqual([])
  const kept = () => statSync(join(uploads, id, 'data')).size
  await expect.poll(kept).toBeGreaterThanOrEqual(16 * MiB)
  await begin()
  await expect(form.getByRole('status')).toContainText(/ MiB of 48 MiB/)
  const shown = Number(/^(\d+)/.exec(await form.getByRole('status').innerText())?.[1])
  expect(shown).toBeGreaterThanOrEqual(16)
  expect(readdirSync(uploads)).toEqual([id])
  await speed(-1)

  await expect(row(page, name)).toContainText('upload', { timeout: 60_000 })
  const stored = join(server.store, 'images', name)
  expect(sha256(readFileSync(join(stored, 'disk.raw')))).toBe(sha256(disk))
  await expect.poll(() => readdirSync(uploads)).toEqual([])

  await createRunning(page, { name, source: new RegExp(name), memory: '64 MiB' })
  await openTab(page, 'Console')
  await expectTerminal(page, bootBanner)
  await typeInTerminal(page, 'hello')
  await expectTerminal(page, 'HELLO')

  await page.goto('/images')
  await page.getByRole('button', { name: `Remove the image ${name}` }).click()
  const dialog = page.getByRole('dialog', { name: `Remove the image ${name}` })
  await expect(dialog.getByRole('alert')).toContainText(name)
  await expect(dialog.getByRole('button', { name: 'Remove', exact: true })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.goto(`/guests/${encodeURIComponent(`local~libvirt~${name}`)}`)
  await act(page, 'Kill')
  await page.getByRole('dialog').getByRole('button', { name: 'Kill' }).click()
  await expectState(page, name, 'stopped')
  await act(page, 'Remove')
  const removal = page.getByRole('dialog', { name: `Remove ${name}` })
  await removal.getByLabel(`Type ${name} to confirm`).fill(name)
  await removal.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => domainState(name)).toBe('gone')
  await page.goto('/images')
  await removeImage(page, name)
  expect(existsSync(stored)).toBe(false)
})

test('a file that is not what its checksum says becomes no image', async ({ page, server, guestName }) => {
  const name = guestName('torn')
  const file = join(server.data, `${name}.img`)
  writeFileSync(file, bootDisk(2 * MiB))
  await page.goto('/images')
  const form = page.getByRole('form', { name: 'Upload' })
  await form.getByLabel('File').setInputFiles(file)
  await form.getByLabel('SHA-256').fill('not one')
  await expect(form.getByLabel('SHA-256')).toHaveAccessibleDescription('64 hexadecimal digits')
  await expect(form.getByRole('button', { name: 'Upload', exact: true })).toHaveAttribute('aria-disabled', 'true')
  await form.getByLabel('SHA-256').fill('0'.repeat(64))
  await form.getByRole('button', { name: 'Upload', exact: true }).click()
  // The field that is wrong says so, and nothing that was typed is lost.
  await expect(form.getByLabel('SHA-256')).toHaveAccessibleDescription(/another checksum/)
  await expect(form.getByLabel('SHA-256')).toHaveValue('0'.repeat(64))
  await expect(form.getByLabel('Title')).toHaveValue(name)
  await page.getByRole('region', { name: 'Messages' }).getByRole('link', { name: 'Show the job' }).click()
  await expect(page.getByRole('heading', { level: 1 }).getByRole('img', { name: 'failed' })).toBeVisible()
  const step = page.getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: 'Compare the checksum' })
  await expect(step).toContainText('sha256sum --check')
  await expect(step).toContainText('exit 1')
  expect(existsSync(join(server.store, 'images', name))).toBe(false)
  expect(readdirSync(join(server.store, 'images')).filter((each) => each.endsWith('.part'))).toEqual([])
})

test('an address on this machine needs leave, and its file must fit its checksum', async ({ page, server, guestName }) => {
  const name = guestName('address')
  const disk = bootDisk(6 * MiB)
  const asked: string[] = []
  const web = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (request.url === '/SHA256SUMS') return void response.end(`${sha256(disk)}  disk.img\n`)
    if (request.url !== '/disk.img') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-length': disk.length })
    response.end(request.method === 'HEAD' ? undefined : disk)
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  const base = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  try {
    await page.goto('/images')
    const form = page.getByRole('form', { name: 'Add by address' })
    const leave = form.getByLabel('The address may be on a private network')
    const add = async (title: string, checksum: string, allow: boolean) => {
      await form.getByLabel('Address', { exact: true }).fill(`${base}/disk.img`)
      await form.getByLabel('Checksum').fill(checksum)
      await form.getByLabel('Title').fill(title)
      await leave.setChecked(allow)
      await form.getByRole('button', { name: 'Add', exact: true }).click()
    }
    await add(name, `sha256:${sha256(disk)}`, false)
    await expect(form.getByLabel('Address', { exact: true })).toHaveAccessibleDescription(/not on the public internet/)
    expect(asked).toEqual([])

    const wrong = `${name}-wrong`
    await add(wrong, `sha256:${'0'.repeat(64)}`, true)
    await page.getByRole('region', { name: 'Messages' }).getByRole('link', { name: 'Show the job' }).first().click()
    await expect(page.getByRole('heading', { level: 1 }).getByRole('img', { name: 'failed' })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('list', { name: 'Steps' })).toContainText('curl')
    expect(existsSync(join(server.store, 'images', wrong))).toBe(false)

    await page.goto('/images')
    await add(name, `${base}/SHA256SUMS`, true)
    await expect(row(page, name)).toContainText('address', { timeout: 60_000 })
    expect(sha256(readFileSync(join(server.store, 'images', name, 'disk.raw')))).toBe(sha256(disk))
    expect(asked).toContain('GET /SHA256SUMS')
    await removeImage(page, name)
  } finally {
    web.close()
  }
})
