import type { Browser } from '@playwright/test'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { Terminal } from '@xterm/headless'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { guestOf } from '@/server/consoles/fixtures/console-server'
import { SocketClient } from '@/server/consoles/fixtures/socket-client'
import { glassServer, glassText, openChromium } from './fixtures/glass-page'

const cols = 80
const rows = 24
vi.setConfig({ hookTimeout: 60_000 })

let browser: Browser
let server: Awaited<ReturnType<typeof glassServer>>
beforeAll(async () => {
  browser = await openChromium()
  server = await glassServer(() => ({ kind: 'pty', argv: ['/usr/bin/vttest', `${rows}x${cols}.${cols}`] }))
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** vttest in a terminal of 80 by 24. One socket types and decides the size, the page shows it; a second terminal is the judge. */
async function start(name: string) {
  server.publish({ type: 'guest', guest: guestOf(name) })
  const keys = new SocketClient(server.url(name, 'shell', `&cols=${cols}&rows=${rows}`))
  await keys.until(({ text }) => text.includes('\x1b[0c'))
  // What a VT100 with advanced video says when asked what it is: who types answers.
  keys.type('\x1b[?1;2c')
  const page = await (await browser.newContext({ viewport: { width: 1000, height: 700 } })).newPage()
  await page.goto(server.address({ name, kind: 'shell' }))
  return {
    keys,
    page,
    /** Waits for a screen that asks to go on, on the glass, and returns it once the judge agrees. */
    async screen(wanted: RegExp): Promise<string[]> {
      await vi.waitFor(async () => expect(await glassText(page)).toMatch(wanted), { timeout: 20_000, interval: 50 })
      let seen = ''
      await vi.waitFor(
        async () => {
          seen = await glassText(page)
          expect(seen).toBe(await judged(keys.bytes))
        },
        { timeout: 20_000, interval: 50 },
      )
      return seen.split('\n').map((line) => line.padEnd(cols))
    },
    async end() {
      keys.socket.terminate()
      await page.context().close()
    },
  }
}

/** What a terminal without a page makes of the same bytes. */
async function judged(bytes: Uint8Array): Promise<string> {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true })
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  const lines = Array.from(
    { length: rows },
    (_, at) =>
      active
        .getLine(active.baseY + at)
        ?.translateToString(true)
        .trimEnd() ?? '',
  )
  terminal.dispose()
  return lines.join('\n').trimEnd()
}

const blank = ' '.repeat(cols)
const stars = '*'.repeat(cols)
const pluses = `*${'+'.repeat(cols - 2)}*`

it('moves the cursor as vttest wants it', async () => {
  const test = await start('cursor')
  try {
    await test.screen(/Enter choice number \(0 - 12\):$/)
    test.keys.type('1\r')
    const frame = await test.screen(/with {2}one \(1\) free position around it\. {4}Push <RETURN>/)
    // A frame of * and + to the very edges, and in its middle one of E.
    expect([frame[0], frame[1], frame[rows - 2], frame[rows - 1]]).toEqual([stars, pluses, pluses, stars])
    for (const line of frame.slice(2, -2)) expect([line.slice(0, 2), line.slice(-2)]).toEqual(['*+', '+*'])
    const es = `*+        ${'E'.repeat(60)}        +*`
    expect([frame[8], frame[15]]).toEqual([es, es])
    for (const line of frame.slice(9, 15)) expect(line).toMatch(/^\*\+ {8}E .{56} E {8}\+\*$/)
    expect(frame.filter((line) => line === `*+${' '.repeat(cols - 4)}+*`)).toHaveLength(12)

    test.keys.type('\r')
    // The second round of it is of 132 columns, which is 80 here.
    await vi.waitFor(() => expect(test.keys.text.match(/Push <RETURN>/g)?.length).toBe(2), 20_000)
    test.keys.type('\r')
    const margins = await test.screen(/^Z {78}z\n\s*\nPush <RETURN>/m)
    for (const [at, letter] of [...'IJKLMNOPQRSTUVWXYZ'].entries())
      expect(margins[2 + at]).toBe(`${letter}${' '.repeat(cols - 2)}${letter.toLowerCase()}`)

    test.keys.type('\r')
    await vi.waitFor(() => expect(test.keys.text.match(/Push <RETURN>/g)?.length).toBe(4), 20_000)
    test.keys.type('\r')
    const inside = await test.screen(/Below should be four identical lines:[\s\S]*Push <RETURN>$/)
    expect(inside.slice(3, 7)).toEqual(Array.from({ length: 4 }, () => 'A B C D E F G H I'.padEnd(cols)))
    test.keys.type('\r')
    await test.screen(/^This is a correct sentence$[\s\S]*Push <RETURN>$/m)
  } finally {
    await test.end()
  }
}, 120_000)

it('has the features of the screen that vttest looks for', async () => {
  const test = await start('screen')
  const next = (wanted: RegExp) => {
    test.keys.type('\r')
    return test.screen(wanted)
  }
  try {
    await test.screen(/Enter choice number \(0 - 12\):$/)
    test.keys.type('2')
    const wrapped = await next(/Test of WRAP AROUND mode setting\.\)[\s\S]*Push <RETURN>$/)
    expect(wrapped.slice(0, 4)).toEqual([stars, stars, stars, blank])
    const tabs = await next(/should look the same\. Push <RETURN>$/)
    expect(tabs[0]).toBe(tabs[1])
    expect(tabs[0]?.match(/\*/g)?.length).toBe(13)
    await next(/80 column mode, light background\.Push <RETURN>/)
    await vi.waitFor(() => expect(test.keys.text.match(/light background\.Push <RETURN>/g)?.length).toBe(1), 20_000)
    test.keys.type('\r')
    await vi.waitFor(() => expect(test.keys.text.match(/light background\.Push <RETURN>/g)?.length).toBe(2), 20_000)
    await next(/80 column mode, dark background\.Push <RETURN>/)
    test.keys.type('\r')
    await vi.waitFor(() => expect(test.keys.text.match(/dark background\.Push <RETURN>/g)?.length).toBe(2), 20_000)
    const region = await next(/^Soft scroll down region \[12\.\.13\] size 2 Line 29/m)
    expect(region.map((line) => line.trimEnd()).filter(Boolean)).toEqual([
      'Push <RETURN>',
      'Soft scroll down region [12..13] size 2 Line 29',
    ])
    const whole = await next(/^Push <RETURN>[\s\S]*Soft scroll down region \[1\.\.24\] size 24 Line 7$/m)
    expect(whole.filter((line) => line.startsWith('Soft scroll down'))).toHaveLength(23)
    await next(/^Jump scroll down region \[12\.\.13\] size 2 Line 29/m)
    await next(/^Push <RETURN>[\s\S]*Jump scroll down region \[1\.\.24\] size 24 Line 7$/m)
    const bottom = await next(/This line should be the one above the bottom of the screen\. Push <RETURN>\n.*bottom of the screen\.$/)
    expect(bottom).toHaveLength(rows)
    const top = await next(/This line should be at the top of the screen\. Push <RETURN>/)
    expect(top[0]).toMatch(/^This line should be at the top/)
    await next(/Dark background\. Push <RETURN>$/)
    expect(await test.page.locator('.xterm-rows').innerHTML()).toMatch(/xterm-bold[^>]*xterm-underline|xterm-underline[^>]*xterm-bold/)
    await next(/Light background\. Push <RETURN>$/)
    const saved = await next(/of 5 x 4 A's filling the top left of the screen\.\s*Push <RETURN>$/)
    expect(saved.slice(0, 4).map((line) => line.trimEnd())).toEqual(['AAAAA', 'AAAAA', 'AAAAA', 'AAAAA'])
    // Characters of the line drawing set, where the cursor was put back to.
    expect(saved.find((line) => line.startsWith('line:'))).toContain('──────────  ──────────')
    expect(saved.find((line) => line.startsWith('diamonds:'))).toContain('◆◆◆◆◆◆◆◆◆◆  ◆◆◆◆◆◆◆◆◆◆')
  } finally {
    await test.end()
  }
}, 120_000)
