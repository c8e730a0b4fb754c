import { signedIn } from '../browser.mjs'
import { ownCpu, rss, treeCpu } from '../proc.mjs'
import { median, quantile, times } from '../stats.mjs'
import { barePage, openConsole, timeCommand, timeToRow, waitForRow, whileWatched } from '../terminal.mjs'

const lineText = `${'0'.repeat(98)}7`
const lineCount = 200_000
const seqBytes = Array.from({ length: 200_000 }, (_, i) => `${i + 1}\n`).join('').length

/** What is poured, and how many bytes the program writes. */
export const floods = {
  seq: { command: 'seq 1 200000', bytes: seqBytes },
  lines: { command: `yes ${lineText} | head -n ${lineCount}`, bytes: lineCount * 100 },
  /** 100 MB and 200 MB of 100-column lines. */
  half: { command: `yes ${lineText} | head -n ${5 * lineCount}`, bytes: 5 * lineCount * 100 },
  long: { command: `yes ${lineText} | head -n ${10 * lineCount}`, bytes: 10 * lineCount * 100 },
}

export const mbPerSecond = (bytes, ms) => bytes / 1e6 / (ms / 1000)

/** MB/s of xterm.js alone, of the same size, fed from memory in the page: more than that cannot reach the glass. */
async function ceiling(world, size, unit, count) {
  const page = await barePage(world)
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

/** 200 MB at a stretch: MB/s, and how the page answers meanwhile. */
async function sustained(page, server) {
  const before = { own: ownCpu(server.pid), tree: treeCpu(server.pid), memory: rss(server.pid) }
  const { result: ms, frames, handled, drawn } = await whileWatched(page, () => timeCommand(page, floods.long.command))
  const used = { own: ownCpu(server.pid) - before.own, tree: treeCpu(server.pid) - before.tree }
  const seconds = ms / 1000
  return {
    sustained: {
      values: [mbPerSecond(floods.long.bytes, ms)],
      note: `server meanwhile: ${share(used.own, seconds)} of a core, ${share(used.tree - used.own, seconds)} more in \`incus exec\`; its memory ${(before.memory / 1e6).toFixed(0)} MB before, ${(rss(server.pid) / 1e6).toFixed(0)} MB after`,
    },
    calm: {
      values: [quantile(handled, 0.5), Math.max(...handled)],
      note: `${handled.length} keys; until the frame after the key: ${quantile(drawn, 0.5).toFixed(0)} ms at the median, ${Math.max(...drawn).toFixed(0)} ms at most; between two frames ${quantile(frames, 0.5).toFixed(0)} ms at the median, ${Math.max(...frames).toFixed(0)} ms at most`,
    },
  }
}
const share = (used, seconds) => `${((100 * used) / seconds).toFixed(0)} %`

/** How fast a flood reaches the glass of a container's shell, and how soon Ctrl-C ends one. */
export async function flood(world) {
  const { server, container } = await world.guests()
  await world.only(container)
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await openConsole(page, server, `local~incus~${container}`, 'shell', '[#$]$')
  const runs = async ({ command }) => {
    const took = await times(5, async () => {
      const ms = await timeCommand(page, command)
      await waitForRow(page, '[#$]$')
      return ms
    })
    return median(took)
  }
  const seqMs = await runs(floods.seq)
  const linesMs = await runs(floods.lines)
  const rows = await page.evaluate(() => window.benchGlass.lines().length)
  const stops = await times(5, async () => {
    await page.keyboard.type('yes')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(1500)
    const ms = await timeToRow(page, 'Control+c', { pattern: '[#$]$' })
    await waitForRow(page, '[#$]$')
    return ms
  })
  const long = await sustained(page, server)
  await context.close()
  const glass = { rows, cols: 120 }
  const seqCeiling = median(await times(5, () => ceiling(world, glass, null, 200_000)))
  const linesCeiling = median(await times(5, () => ceiling(world, glass, `${lineText}\r\n`, lineCount)))
  const alone = (bytes, ms) => `xterm.js alone, fed from memory: ${mbPerSecond(bytes, ms).toFixed(1)} MB/s`
  return {
    floodSeq: { values: [mbPerSecond(floods.seq.bytes, seqMs)], note: alone(floods.seq.bytes, seqCeiling) },
    floodLines: { values: [mbPerSecond(floods.lines.bytes, linesMs)], note: alone(floods.lines.bytes, linesCeiling) },
    ctrlC: { values: [median(stops) / 1000], note: `slowest of five ${(Math.max(...stops) / 1000).toFixed(2)} s` },
    ...long,
  }
}
