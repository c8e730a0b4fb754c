import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { createTiny, guestPath } from './helpers/guests'
import { virsh } from './helpers/host'
import { keymapOf } from './helpers/keymap'
import { look } from './helpers/picture'
import { serialOf } from './helpers/serial'

test.setTimeout(480_000)

const tools = (page: Page) => page.getByRole('toolbar', { name: 'Console tools' })
const screenOf = (page: Page, name: string) => page.getByRole('application', { name: `Screen of ${name}` })
async function openScreen(page: Page, name: string): Promise<Locator> {
  await page.goto(`${guestPath('libvirt', name, 'console')}?kind=vnc`)
  await expect(tools(page).getByRole('status')).toHaveText(/^(You are typing|Nobody is typing|You, in|admin is)/)
  return screenOf(page, name)
}
async function menu(page: Page, button: string, entry: string): Promise<void> {
  await tools(page).getByRole('button', { name: button }).click()
  await tools(page).getByRole('menu').getByText(entry, { exact: true }).click()
}

test('the screen shows pixels that change by themselves and by what is typed', async ({
  browser,
  page,
  context,
  server,
  session,
  tiny,
  guestName,
}) => {
  const name = guestName('screen')
  await createTiny(page, name, { source: tiny.x86_64 })
  const serial = await serialOf(server, session, name)
  await serial.says('bailiwick-tiny ready')
  serial.close()
  const screen = await openScreen(page, name)
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

  await test.step('a picture of it can be saved', async () => {
    const download = page.waitForEvent('download')
    await menu(page, 'View', 'Save a picture of the screen')
    const file = await download
    expect(file.suggestedFilename()).toBe(`${name}.png`)
    const saved = await look(eye, await readFile(await file.path()))
    expect(saved.lit).toBeGreaterThan(1000)
    expect(saved.colours).toBeGreaterThan(1)
  })

  await test.step('the guest’s page has a small picture of it, which goes on', async () => {
    const other = await context.newPage()
    await other.goto(guestPath('libvirt', name))
    const still = other.getByRole('img', { name: `Screen of ${name}, a still picture` })
    await expect(still).toBeVisible({ timeout: 30_000 })
    const stillSeen = async () => look(eye, await still.screenshot())
    expect((await stillSeen()).lit).toBeGreaterThan(100)
    const source = await still.getAttribute('src')
    await expect.poll(() => still.getAttribute('src'), { timeout: 30_000 }).not.toBe(source)
    await other.close()
  })

  await test.step('another window sees the same and may take over; who only looks types nothing', async () => {
    const other = await context.newPage()
    const second = await openScreen(other, name)
    await expect(tools(other).getByRole('status')).toHaveText('You, in another window · 2 watching')
    await expect.poll(async () => (await look(eye, await second.screenshot())).lit, { timeout: 30_000 }).toBeGreaterThan(2000)
    await tools(other).getByRole('button', { name: 'Take control' }).click()
    await expect(tools(page).getByRole('status')).toHaveText(/^You, in another window · 2 watching/)
    await menu(other, 'View', 'Only look')
    await expect(tools(other).getByRole('button', { name: 'Paste' })).toBeDisabled()
    await other.close()
    await expect(tools(page).getByRole('status')).toHaveText(/^Nobody is typing/)
  })

  await test.step('it is scaled and thinned as one likes, at once, also where nothing moves', async () => {
    const canvas = screen.locator('canvas')
    const scale = () => canvas.evaluate((element: HTMLCanvasElement) => element.getBoundingClientRect().width / element.width)
    /** Whether every shade is one of eight. */
    const thin = () =>
      canvas.evaluate((element: HTMLCanvasElement) =>
        element
          .getContext('2d')
          ?.getImageData(0, 0, element.width, element.height)
          .data.every((value, at) => at % 4 === 3 || (value & 0x1f) === 0),
      )
    await menu(page, 'View', 'Each pixel as it is')
    await expect.poll(scale).toBe(1)
    await menu(page, 'View', 'Fit into the window')
    await expect.poll(scale).not.toBe(1)
    const choose = async (label: string) => {
      await menu(page, 'View', 'Picture and keyboard…')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Colours').selectOption({ label })
      await dialog.getByRole('button', { name: 'Close' }).click()
    }
    expect(await thin()).toBe(false)
    await choose('Few (for very slow lines)')
    await expect.poll(thin).toBe(true)
    await choose('All')
    await expect.poll(thin).toBe(false)
  })

  const port = await serialOf(server, session, name)
  const stranger = await browser.newContext({ baseURL: server.url })
  const watcher = await stranger.newPage()
  const watched = watcher.getByRole('application', { name: `Screen of ${name}` })
  await test.step('a watch link shows it to a browser without cookies, whose keys go nowhere', async () => {
    await tools(page).getByRole('button', { name: 'People' }).click()
    await page.getByRole('dialog', { name: 'Who is here' }).getByRole('button', { name: 'Watch links' }).click()
    const dialog = page.getByRole('dialog', { name: `Watch links to ${name}` })
    await dialog.getByRole('button', { name: 'Make a link' }).click()
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await watcher.goto(link)
    await expect.poll(async () => (await look(eye, await watched.screenshot())).lit, { timeout: 30_000 }).toBeGreaterThan(2000)
    await watched.click()
    // Nothing here needs Shift, which the browser's driver does not press.
    await watcher.keyboard.type('touch /tmp/by-watcher', { delay: 20 })
    await watcher.keyboard.press('Enter')
    await page.bringToFront()
    await screen.click()
    await page.keyboard.type('touch /tmp/by-writer', { delay: 20 })
    await page.keyboard.press('Enter')
    port.type('until [ -e /tmp/by-writer ]; do sleep 1; done; echo "seen-$(cd /tmp; echo by-*)-end"')
    await port.says('seen-by-writer-end')
  })

  await test.step('its kernel hears Magic SysRq', async () => {
    await menu(page, 'Send keys', 'Magic SysRq H: help')
    await port.says('sysrq: HELP')
  })

  await test.step('Ctrl-Alt-Del makes the guest start anew, which goes on before both, and takes keys again', async () => {
    const ready = port.count('bailiwick-tiny ready')
    await tools(page).getByRole('button', { name: 'Ctrl-Alt-Del', exact: true }).click()
    // Its own init says so: nobody else has reset it.
    await port.says('Requesting system reboot')
    await port.says('bailiwick-tiny ready', { times: ready + 1 })
    await screen.click()
    // The shell on the screen begins a little later than the one on the serial port.
    port.type('until [ -e /tmp/again ]; do sleep 1; done; echo "again-$((6 * 7))-end"')
    await expect(async () => {
      await page.keyboard.press('Enter')
      await page.keyboard.type('touch /tmp/again', { delay: 20 })
      await page.keyboard.press('Enter')
      await port.says('again-42-end', { timeout: 5000 })
    }).toPass({ timeout: 60_000 })
    const before = (await look(eye, await watched.screenshot())).sign
    await expect.poll(async () => (await look(eye, await watched.screenshot())).sign, { timeout: 30_000 }).not.toBe(before)
    await stranger.close()
    port.close()
  })

  await test.step('a guest that is off says so over what was seen last, and starts from here', async () => {
    await virsh('destroy', name)
    await expect(page.getByText(`${name} is not running`)).toBeVisible()
    // Darkened, yet all its shades of grey are there; an empty screen has two or three.
    expect((await seen()).colours).toBeGreaterThan(8)
    await page.getByRole('region', { name: 'Console', exact: true }).getByRole('button', { name: 'Start' }).click()
    await expect(page.getByText(`${name} is not running`)).toBeHidden({ timeout: 60_000 })
    await expect.poll(async () => (await seen()).lit, { timeout: 60_000 }).toBeGreaterThan(500)
    const before = (await seen()).sign
    await expect.poll(async () => (await seen()).sign, { timeout: 30_000 }).not.toBe(before)
  })
})

test('what is typed into the screen arrives as it was meant, on French and German keyboards', async ({
  page,
  server,
  session,
  tiny,
  guestName,
}) => {
  const name = guestName('keys')
  await createTiny(page, name, { source: tiny.x86_64 })
  const serial = await serialOf(server, session, name)
  await serial.says('bailiwick-tiny ready')
  const screen = await openScreen(page, name)

  const characters = `|@-0123456789 {[]}\\ zyqwam,;:!?<>/*+="#$%&()_`
  const layouts = [
    ['de', 'German'],
    ['fr', 'French'],
    ['us', 'English (US)'],
  ] as const
  /** Gives the guest's console a keyboard. */
  const setKeyboard = async (id: string, mark: string) => {
    serial.type(`echo ${keymapOf(id)} | base64 -d | gunzip | loadkmap; echo ${mark}-$?`)
    await serial.says(`${mark}-0`)
  }
  /** What the shell on the guest's screen wrote into /tmp/got-NAME: the guest says it on its serial port as it finds it. */
  const arrives = (wanted: string, file: string) => serial.says(`got-${file}: ${wanted} end`)
  serial.type(
    `while sleep 1; do for f in /tmp/got-*; do [ -s $f ] && sed "s/^/\${f#/tmp/}: /;s/$/ end/" $f && mv $f /tmp/old; done; done &`,
  )

  for (const [id, label] of layouts) {
    await test.step(`pasted as keys: ${label}`, async () => {
      await setKeyboard(id, `set-${id}`)
      const path = `typed-${id}`
      await tools(page).getByRole('button', { name: 'Paste' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Keyboard layout of the guest').selectOption({ label })
      await dialog.getByLabel('Text to paste').fill(`echo '${characters}' > /tmp/got-${path}\n`)
      await dialog.getByLabel('Speed').selectOption({ label: '100 characters per second' })
      await dialog.getByRole('button', { name: 'Type it' }).click()
      await expect(dialog).toBeHidden({ timeout: 30_000 })
      await arrives(characters, path)
    })
  }

  // What a person does on each keyboard for: echo '|@-01' > /tmp/got-NAME
  type Hit = { code: string; key: string; held: '' | 'Shift' | 'AltGraph' }
  const hit = (code: string, key: string, held: Hit['held'] = ''): Hit => ({ code, key, held })
  const word = (text: string) => [...text].map((letter) => hit(`Key${letter.toUpperCase()}`, letter))
  const space = hit('Space', ' ')
  const boards: { id: string; name: string; quote: Hit; special: Hit[]; greater: Hit; slash: Hit; m: Hit; minus: Hit }[] = [
    {
      id: 'fr',
      name: 'French',
      quote: hit('Digit4', "'"),
      special: [
        hit('Digit6', '|', 'AltGraph'),
        hit('Digit0', '@', 'AltGraph'),
        hit('Digit6', '-'),
        hit('Digit0', '0', 'Shift'),
        hit('Digit1', '1', 'Shift'),
      ],
      greater: hit('IntlBackslash', '>', 'Shift'),
      slash: hit('Period', '/', 'Shift'),
      m: hit('Semicolon', 'm'),
      minus: hit('Digit6', '-'),
    },
    {
      id: 'de',
      name: 'German',
      quote: hit('Backslash', "'", 'Shift'),
      special: [
        hit('IntlBackslash', '|', 'AltGraph'),
        hit('KeyQ', '@', 'AltGraph'),
        hit('Slash', '-'),
        hit('Digit0', '0'),
        hit('Digit1', '1'),
      ],
      greater: hit('IntlBackslash', '>', 'Shift'),
      slash: hit('Digit7', '/', 'Shift'),
      m: hit('KeyM', 'm'),
      minus: hit('Slash', '-'),
    },
  ]
  for (const { id, name, quote, special, greater, slash, m, minus } of boards)
    await test.step(`typed on a ${name} keyboard before a guest that has one, too`, async () => {
      await setKeyboard(id, `again-${id}`)
      const keys = [
        ...[...word('echo'), space, quote, ...special, quote, space, greater],
        ...[slash, ...word('t'), m, ...word('p'), slash, ...word('got'), minus, ...word(`live${id}`)],
        hit('Enter', 'Enter'),
      ]
      await screen.click()
      await screen.locator('canvas').evaluate(async (canvas, all) => {
        const codes = { Shift: 'ShiftLeft', AltGraph: 'AltRight' }
        const send = (type: string, code: string, key: string) =>
          canvas.dispatchEvent(new KeyboardEvent(type, { code, key, bubbles: true, cancelable: true }))
        for (const { code, key, held } of all) {
          if (held) send('keydown', codes[held], held)
          send('keydown', code, key)
          send('keyup', code, key)
          if (held) send('keyup', codes[held], held)
          // As fast as a person at most: a keyboard keeps 16 bytes.
          await new Promise((resolve) => setTimeout(resolve, 30))
        }
      }, keys)
      await arrives('|@-01', `live${id}`)
    })

  await test.step('typed on another keyboard than the guest’s, by what is on the keys', async () => {
    await setKeyboard('fr', 'other')
    await menu(page, 'View', 'Picture and keyboard…')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Keyboard of the guest').selectOption({ label: 'French' })
    await dialog.getByRole('button', { name: 'Close' }).click()
    await screen.click()
    await page.keyboard.type(`echo '|@-0123456789 AzQw;:!?' > /tmp/got-other`, { delay: 20 })
    await page.keyboard.press('Enter')
    await arrives('|@-0123456789 AzQw;:!?', 'other')
  })

  await test.step('a key combination: Ctrl-C ends what runs on the screen', async () => {
    await page.keyboard.type('cat > /tmp/cut', { delay: 20 })
    await page.keyboard.press('Enter')
    await menu(page, 'Send keys', 'A combination…')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Key', { exact: true }).press('Control+c')
    await dialog.getByRole('button', { name: 'Send' }).click()
    await expect(screen.locator('canvas'), 'keys go to the guest again').toBeFocused()
    await page.keyboard.type('echo back > /tmp/got-back', { delay: 20 })
    await page.keyboard.press('Enter')
    await arrives('back', 'back')
  })
  serial.close()
})
