import { signedIn } from '../browser.mjs'
import { markBack } from '../in-page.mjs'
import { ownCpu } from '../proc.mjs'
import { attach } from '../socket.mjs'
import { median, quantile, times } from '../stats.mjs'
import { openConsole, ready, waitForRow } from '../terminal.mjs'
import { floods, mbPerSecond } from './flood.mjs'
import { echoes, stopped, timed } from './pty.mjs'

/** A reload: ms from the navigation until the line from before is seen, and until the terminal has it; that also from asking for the session. */
async function reload(page, i) {
  const text = `text-before-${i}`
  await page.keyboard.type(`kept=${i}; echo text-""before-${i}`)
  await page.keyboard.press('Enter')
  await page.waitForFunction((line) => window.benchGlass.lines().includes(line), text)
  await page.addInitScript(markBack, { text })
  let asked = Number.NaN
  const note = (socket) => {
    if (socket.url().includes('/ws/console')) asked = Date.now()
  }
  page.on('websocket', note)
  await page.reload()
  await page.waitForFunction(() => window.benchBack, undefined, { timeout: 20_000, polling: 50 })
  page.off('websocket', note)
  const { shown, live, at } = await page.evaluate(() => window.benchBack)
  return { shown, live, since: at - asked }
}

/** The same text and the same shell after five reloads, and how soon. */
async function reattached(world, server, guest) {
  const context = await signedIn(world.browser, server)
  try {
    const page = await context.newPage()
    await openConsole(page, server, guest, 'shell', '[#$]$')
    const backs = await times(5, async (i) => {
      const back = await reload(page, i)
      await ready(page, page)
      await page.keyboard.type('echo shell-""$kept-')
      await page.keyboard.press('Enter')
      await page.waitForFunction((line) => window.benchGlass.lines().includes(line), `shell-${i}-`, { timeout: 10_000 })
      await waitForRow(page, '[#$]$')
      return back
    })
    const middle = (what) => median(backs.map((back) => back[what])).toFixed(0)
    return {
      values: [median(backs.map(({ shown }) => shown))],
      note: `from the reload's own start: the text comes with the page; ${middle('live')} ms until the terminal has it and takes keys, ${middle('since')} of them from asking for the session. Same text and same shell each time`,
    }
  } catch (error) {
    return { error: String(error.message).split('\n')[0] }
  } finally {
    await context.close()
  }
}

/** What the consoles do without a page, and how soon a page is back after a reload. */
export async function consoles(world) {
  const { server, container } = await world.guests()
  await world.only(container)
  const guest = `local~incus~${container}`
  const reattach = await reattached(world, server, guest)
  const url = `ws://127.0.0.1:${server.port}/ws/console?guest=${encodeURIComponent(guest)}&kind=shell&cols=120&rows=40`
  const client = await attach(url, { origin: server.base, cookie: `bailiwick_session=${server.cookie}` })
  client.send({ t: 'take' })
  client.type('\r')
  await client.until(/[#$] $/)
  const took = await echoes(client, 100)
  const before = ownCpu(server.pid)
  const long = await times(3, () => timed(client, floods.half.command))
  const cpu = (ownCpu(server.pid) - before) / 3
  const stops = await times(5, () => stopped(client))
  client.close()
  return {
    reattach,
    through: {
      values: [mbPerSecond(floods.half.bytes, median(long))],
      note: `median of three times 100 MB; the server's process used ${cpu.toFixed(1)} s of processor time for 100 MB`,
    },
    ctrlCServer: { values: [median(stops) / 1000], note: `slowest of five ${(Math.max(...stops) / 1000).toFixed(3)} s` },
    echoServer: {
      values: [quantile(took, 0.5), quantile(took, 0.95)],
      note: `through socket, server, \`incus exec\` and back, without a page; p99 ${quantile(took, 0.99).toFixed(1)} ms`,
    },
  }
}
