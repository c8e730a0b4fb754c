import { hostname } from 'node:os'
import { expect, test } from './fixtures'
import { createTiny, guestPath } from './helpers/guests'
import { hostCommand, incus, virsh } from './helpers/host'
import { waitForTiny } from './helpers/images'

test('engines with their versions, and why something is missing', async ({ page }) => {
  await page.goto('/hosts')
  const host = page.getByRole('region', { name: hostname(), exact: true })
  const engines = host.getByRole('list', { name: 'Engines' })
  const libvirt = engines.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /libvirt/i }) })
  const [, version = '?'] = /libvirt (\d+\.\d+\.\d+)/.exec(await virsh('version', '--daemon')) ?? []
  await expect(libvirt.getByRole('heading')).toContainText('ready')
  await expect(libvirt).toContainText(version)
  await expect(libvirt).toContainText((await hostCommand(['qemu-system-x86_64', '--version'])).match(/version (\d+\.\d+)/)?.[1] ?? '?')

  const ofIncus = engines.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /Incus/ }) })
  const server = JSON.parse(await incus('query', '/1.0'))
  await expect(ofIncus.getByRole('heading')).toContainText(server.environment.server_version)
  await expect(ofIncus).toContainText('containers')
  // Where Incus has no QEMU driver, the page says so beside "VMs".
  if (!/qemu/.test(server.environment.driver)) await expect(ofIncus.getByText(/^VMs – \S+/)).toBeVisible()
  await expect(host).toContainText((await hostCommand(['uname', '-r'])).trim())
})

test('the accelerator is chosen by what was seen', async ({ page, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  await page.goto('/hosts')
  const part = page.getByRole('region', { name: hostname(), exact: true }).getByRole('region', { name: 'Accelerator' })
  const button = part.getByRole('button')
  // The first start tests by itself once Tiny Linux is there.
  await expect(button).toHaveText('Test the accelerator', { timeout: 60_000 })
  // Looked for from before: it may be over soon.
  await Promise.all([expect(button).toHaveText('Testing…'), button.click()])
  await expect(button).toHaveText('Test the accelerator', { timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    /Test KVM: (KVM works|no KVM here|KVM does not boot a kernel here), \S+/,
  )
  await expect(part).toContainText(/KVM works: |KVM does not work: \S+|No KVM: \S+/)
  await expect(part).toContainText((await hostCommand(['uname', '-r'])).trim())
  const boots = (await part.innerText()).includes('KVM works')

  const name = guestName('accel')
  await createTiny(page, name)
  const xml = await virsh('dumpxml', name)
  expect(/<domain type='(\w+)'/.exec(xml)?.[1]).toBe(boots ? 'kvm' : 'qemu')
  await page.goto(guestPath('libvirt', name))
  if (!boots) await expect(page.getByRole('main')).toContainText('emulated')
  await page.goto('/jobs')
  await expect(
    page
      .getByRole('row')
      .filter({ hasText: 'Test KVM' })
      .first()
      .getByRole('img', { name: /done|found a fault/ }),
  ).toBeVisible()
})

test('more hosts: one that works, one that does not, and the others go on', async ({ page, guestName }) => {
  test.setTimeout(700_000)
  await waitForTiny(page)
  const [good, dead] = [guestName('pretend'), guestName('dead')]
  await page.goto('/hosts')
  const add = async (name: string, uri: string) => {
    await page.getByRole('button', { name: 'Add a host' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a host' })
    await dialog.getByRole('radio', { name: 'This machine' }).check({ force: true })
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel('Libvirt address').fill(uri)
    await dialog.getByRole('button', { name: 'Add the host' }).click()
    return dialog
  }
  const wrong = await add('-x', 'not an address')
  await expect(wrong.getByLabel('Name')).toHaveAccessibleDescription(/must start with a letter or digit/)
  await expect(wrong.getByLabel('Libvirt address')).toHaveAccessibleDescription(/A libvirt address such as/)
  await wrong.getByRole('button', { name: 'Cancel' }).click()

  await add(good, 'test:///default')
  const works = page.getByRole('region', { name: good, exact: true })
  await expect(works.getByText('up', { exact: true })).toBeVisible()
  await add(dead, 'qemu+unix:///system?socket=/nonexistent/libvirt-sock')
  const fails = page.getByRole('region', { name: dead, exact: true })
  await expect(fails).toContainText('/nonexistent/libvirt-sock')
  await expect(fails).toContainText('not answering')
  await expect(page.getByRole('region', { name: hostname(), exact: true }).getByText('up', { exact: true })).toBeVisible()

  await works.getByRole('link', { name: '1', exact: true }).click()
  const row = page.getByRole('table', { name: 'Guests' }).getByRole('row').filter({ hasText: good })
  await expect(row.getByRole('link', { name: 'test', exact: true })).toBeVisible()
  await expect(row.getByRole('img', { name: 'running' })).toBeVisible()

  await page.goto('/hosts')
  for (const name of [good, dead]) {
    await page.getByRole('region', { name, exact: true }).getByRole('button', { name: 'Remove the host' }).click()
    const dialog = page.getByRole('dialog', { name: `Remove the host ${name}` })
    await dialog.getByRole('button', { name: 'Remove the host' }).click()
    await expect(page.getByRole('region', { name, exact: true })).toHaveCount(0)
  }
  // Its guests and images went with it.
  const guests = page.getByRole('table', { name: 'Guests' })
  await page.goto('/guests?kind=vm')
  await expect(page.getByRole('heading', { name: 'Guests' })).toBeVisible()
  await expect(guests.getByRole('row').filter({ hasText: good })).toHaveCount(0)
  await page.goto('/images')
  const images = page.getByRole('table', { name: 'Images' })
  await expect(images.getByRole('row').filter({ hasText: hostname() })).not.toHaveCount(0)
  await expect(images.getByRole('row').filter({ hasText: new RegExp(`${good}|${dead}`) })).toHaveCount(0)
  await expect(images.getByRole('row').filter({ hasText: 'tiny-linux-x86_64' })).toHaveCount(1)
})
