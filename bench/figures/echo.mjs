import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import { signedIn } from '../browser.mjs'
import { markEcho } from '../in-page.mjs'
import { quantile } from '../stats.mjs'
import { barePage, openConsole, ready } from '../terminal.mjs'

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

/** The same in an empty page, its terminal on a socket that sends each key back at once: no program, no server of ours. */
async function bare(world) {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(sockets, 'listening')
  sockets.on('connection', (socket) =>
    socket.on('message', (data) => socket.send(data.toString() === '\x15' ? Buffer.from('\r\x1b[K') : data)),
  )
  const page = await barePage(world)
  await page.evaluate(
    (port) =>
      new Promise((open) => {
        const terminal = new Terminal({ cols: 120, rows: 40 })
        terminal.open(document.getElementById('t'))
        const socket = new WebSocket(`ws://127.0.0.1:${port}`)
        socket.binaryType = 'arraybuffer'
        socket.onmessage = ({ data }) => terminal.write(new Uint8Array(data))
        terminal.onData((data) => socket.send(new TextEncoder().encode(data)))
        socket.onopen = open
      }),
    sockets.address().port,
  )
  await ready(page, page)
  await page.waitForTimeout(1500)
  const took = await typeLetters(page)
  await page.close()
  sockets.close()
  return took
}

/** From a key to its letter in the terminal: a container's shell, and a VM's serial port. */
export async function echo(world) {
  const { server, vm, container } = await world.guests()
  await world.only(container)
  const echoShell = await measure(world, server, `local~incus~${container}`, 'shell', '[#$]$')
  const alone = await bare(world)
  echoShell.note += `; xterm.js alone in an empty page, on a socket that sends each key back at once: ${quantile(alone, 0.5).toFixed(1)} / ${quantile(alone, 0.95).toFixed(1)} ms`
  await world.only(vm)
  const echoSerial = await measure(world, server, `local~libvirt~${vm}`, 'serial', '[#$]$')
  return { echoShell, echoSerial }
}
