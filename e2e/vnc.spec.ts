import { expect, test } from './fixtures'
import { createTiny, guestPath } from './helpers/guests'
import { virsh } from './helpers/host'
import { look } from './helpers/picture'

test.setTimeout(240_000)

test('the screen shows pixels that change by themselves and by what is typed', async ({ page, context, tiny, guestName }) => {
  const name = guestName('screen')
  await createTiny(page, name, { source: tiny.x86_64 })
  await page.goto(guestPath('libvirt', name, 'console'))
  await page.getByRole('combobox', { name: 'Console' }).selectOption('Screen')
  const tools = page.getByRole('toolbar', { name: 'Console tools' })
  await expect(tools.getByRole('status')).toHaveText('Connected')
  const screen = page.getByRole('application', { name: `Screen of ${name}` })
  const eye = await context.newPage()
  const seen = async () => look(eye, await screen.screenshot())

  await test.step('it is a picture, and its clock goes', async () => {
    await expect
      .poll(async () => (await seen()).lit, { timeout: 60_000, message: 'something is written on the screen' })
      .toBeGreaterThan(500)
    expect((await seen()).colours).toBeGreaterThan(1)
    const before = (await seen()).sign
    await expect.poll(async () => (await seen()).sign, { timeout: 30_000 }).not.toBe(before)
  })

  await test.step('keys reach the guest', async () => {
    const before = (await seen()).lit
    await screen.click()
    await page.keyboard.type('seq -s "#" 100 300')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await seen()).lit, { timeout: 30_000 }).toBeGreaterThan(before + 2000)
  })

  await test.step('a guest that is off says so, and starts from here', async () => {
    await virsh('destroy', name)
    await expect(page.getByText(`${name} is not running`)).toBeVisible()
    await page.getByRole('region', { name: 'Console', exact: true }).getByRole('button', { name: 'Start' }).click()
    await expect(tools.getByRole('status')).toHaveText('Connected', { timeout: 60_000 })
    await expect.poll(async () => (await seen()).lit, { timeout: 60_000 }).toBeGreaterThan(500)
  })
})
