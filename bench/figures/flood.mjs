import { signedIn } from '../browser.mjs'
import { projectFile } from '../server.mjs'
import { median, times } from '../stats.mjs'
import { openConsole, timeCommand, timeToRow, waitForRow } from '../terminal.mjs'

const seq = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\n`).join('')
const line = `${'0'.repeat(98)}7\n`
const lines = { count: 200_000, bytes: 200_000 * line.length }

const mbPerSecond = (bytes, ms) => bytes / 1e6 / (ms / 1000)

/** MB/s of xterm.js alone, of the same size, fed from memory in the page: more than that cannot reach the glass. */
async function ceiling(world, size, unit, count) {
  const page = await world.browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.setContent('<div id=t style="width:1000px;height:700px"></div>')
  await page.addStyleTag({ path: projectFile('node_modules/@xterm/xterm/css/xterm.css') })
  await page.addScriptTag({ path: projectFile('node_modules/@xterm/xterm/lib/xterm.js') })
  const ms = await page.evaluate(
    async ({ size, unit, count }) => {
      const terminal = new Terminal({ ...size, scrollback: 2000 })
      terminal.open(document.getElementById('t'))
      const text = unit === null ? Array.from({ length: count }, (_, i) => `${i + 1}\r\n`).join('') : unit.repeat(count)
      const bytes = new TextEncoder().encode(`${text}end-of-it\r\n`)
      const from = performance.now()
      const drawn = new Promise((resolve) => {
        const rows = document.querySelector('.xterm-rows')
        new MutationObserver(() => rows.textContent.includes('end-of-it') && resolve(performance.now())).observe(rows, {
          subtree: true,
          childList: true,
        })
      })
      for (let at = 0; at < bytes.length; at += 1 << 20)
        await new Promise((done) => terminal.write(bytes.subarray(at, at + (1 << 20)), done))
      return (await drawn) - from
    },
    { size, unit, count },
  )
  await page.close()
  return ms
}

/** How fast a flood reaches the glass of a container's shell, and how soon Ctrl-C ends one. */
export async function flood(world) {
  const { server, container } = await world.guests()
  await world.only(container)
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await openConsole(page, server, `local~incus~${container}`, 'shell', '[#$]$')
  const runs = async (command) => {
    const took = await times(5, async () => {
      const ms = await timeCommand(page, command)
      await waitForRow(page, '[#$]$')
      return ms
    })
    return median(took)
  }
  const seqMs = await runs('seq 1 200000')
  const linesMs = await runs(`yes ${'0'.repeat(98)}7 | head -n ${lines.count}`)
  const size = await page.evaluate(() => ({ rows: document.querySelector('.xterm-rows').children.length }))
  const stops = await times(5, async () => {
    await page.keyboard.type('yes')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(1500)
    const ms = await timeToRow(page, 'Control+c', { pattern: '[#$]$' })
    await waitForRow(page, '[#$]$')
    return ms
  })
  await context.close()
  const glass = { rows: size.rows, cols: 120 }
  const seqCeiling = median(await times(5, () => ceiling(world, glass, null, 200_000)))
  const linesCeiling = median(await times(5, () => ceiling(world, glass, `${line.trim()}\r\n`, lines.count)))
  const alone = (bytes, ms) => `xterm.js alone, fed from memory: ${mbPerSecond(bytes, ms).toFixed(1)} MB/s`
  return {
    floodSeq: { values: [mbPerSecond(seq.length, seqMs)], note: alone(seq.length, seqCeiling) },
    floodLines: { values: [mbPerSecond(lines.bytes, linesMs)], note: alone(lines.bytes, linesCeiling) },
    ctrlC: { values: [median(stops) / 1000] },
  }
}
