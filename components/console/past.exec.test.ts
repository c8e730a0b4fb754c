import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { guestOf } from '@/server/consoles/fixtures/console-server'
import { SocketClient } from '@/server/consoles/fixtures/socket-client'
import { glassServer, openChromium } from './fixtures/glass-page'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

let browser: Browser
let server: Awaited<ReturnType<typeof glassServer>>
beforeAll(async () => {
  browser = await openChromium()
  server = await glassServer(() => ({ kind: 'pty', argv: ['/bin/bash', '--norc', '--noprofile', '-i'], env: { PS1: '$ ' } }))
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** Keeps each text that the terminal's rows show, one after the other. */
function keepShown() {
  const shown: string[] = []
  Object.assign(window, { shown })
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll('.xterm-rows > div')].map((row) => (row.textContent ?? '').trimEnd())
    const text = rows.join('\n').trimEnd()
    if (text !== '' && text !== shown.at(-1)) shown.push(text)
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Long enough for the past to come in several frames. */
const dots = '.'.repeat(20)

it('shows the last screen of a long past from the first moment on, and has all of it once', async () => {
  server.publish({ type: 'guest', guest: guestOf('long') })
  const before = new SocketClient(server.url('long'))
  await before.until((c) => c.text.includes('$ '))
  before.type(`seq -f "%g ${dots}" 30001 39000; echo the "end"\r`)
  await before.until((c) => /the end\r\n.*\$ $/.test(c.text))
  before.close()

  const context = await browser.newContext({ viewport: { width: 1000, height: 600 }, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  await page.addInitScript(keepShown)
  await page.goto(server.address({ name: 'long', kind: 'shell', reader: '' }))
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
  await expect.poll(async () => (await shown()).at(-1), { timeout: 30_000 }).toMatch(/^39000 \.+\nthe end\n\$$/m)
  const all = async () => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Copy all text' }).click()
    return (await page.evaluate(() => navigator.clipboard.readText())).split('\n').filter((line) => /^3\d{4} /.test(line))
  }
  await expect.poll(all, { timeout: 30_000 }).toEqual(Array.from({ length: 9000 }, (_, i) => `${30_001 + i} ${dots}`))
  for (const text of await shown()) expect(text).toMatch(/^39000 \.+\nthe end\n\$/m)
  await context.close()
})
