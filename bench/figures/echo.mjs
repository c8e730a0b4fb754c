import { signedIn } from '../browser.mjs'
import { markEcho } from '../in-page.mjs'
import { quantile } from '../stats.mjs'
import { openConsole } from '../terminal.mjs'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const perLine = 30

/** Types letters at the pace of a fast typist and gives the ms from key to glass of each. `frame`: where the terminal is. */
export async function typeLetters(page, count = 150, frame = page) {
  await frame.evaluate(markEcho)
  for (let i = 0; i < count; i++) {
    if (i % perLine === 0 && i > 0) {
      await allDrawn(frame, i)
      await page.keyboard.press('Control+u')
      await page.waitForTimeout(300)
    }
    await page.keyboard.press(letters[(i * 7) % letters.length])
    await page.waitForTimeout(60 + ((i * 37) % 50))
  }
  await allDrawn(frame, count)
  return frame.evaluate(() => window.benchEcho)
}

const allDrawn = (frame, count) =>
  frame.waitForFunction((wanted) => window.benchEcho.length >= wanted, count, { timeout: 15_000, polling: 50 })

/** p50 and p95 of these ms, for the table; p99 in the note. */
export const echoResult = (took) => ({
  values: [quantile(took, 0.5), quantile(took, 0.95)],
  note: `${took.length} keys; p99 ${quantile(took, 0.99).toFixed(1)} ms`,
})

async function measure(world, server, id, kind, prompt) {
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await openConsole(page, server, id, kind, prompt)
  await page.waitForTimeout(1500)
  const took = await typeLetters(page)
  await context.close()
  return echoResult(took)
}

/** From a key to its letter in the terminal: a container's shell, and a VM's serial port. */
export async function echo(world) {
  const { server, vm, container } = await world.guests()
  await world.only(container)
  const echoShell = await measure(world, server, `local~incus~${container}`, 'shell', '[#$]$')
  await world.only(vm)
  const echoSerial = await measure(world, server, `local~libvirt~${vm}`, 'serial', '[#$]$')
  return { echoShell, echoSerial }
}
