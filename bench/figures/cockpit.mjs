import { join } from 'node:path'
import { cockpitVersion, startCockpit } from '../cockpit.mjs'
import { median, times } from '../stats.mjs'
import { ready, timeCommand, timeToRow, waitForRow } from '../terminal.mjs'
import { echoResult, typeLetters } from './echo.mjs'
import { floods, mbPerSecond } from './flood.mjs'

/** A page of Cockpit with its terminal in front, and the frame the terminal is in. */
async function openTerminal(world, cockpit) {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC' })
  const page = await context.newPage()
  await page.goto(`${cockpit.base}/system/terminal`)
  return { context, page, frame: await frameOf(page, '/system/terminal.html') }
}

/** The frame whose address has `part`, with a terminal in it that has a prompt. */
async function frameOf(page, part) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const frame = page.frames().find((one) => one.url().includes(part))
    if (frame) {
      await ready(page, frame)
      await waitForRow(frame, prompt, 15_000)
      return frame
    }
    await page.waitForTimeout(50)
  }
  throw new Error(`Cockpit showed no ${part}`)
}

const prompt = '[#$]$'

/** What a result is, or in words why there is none. */
async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    return { error: String(error.message).split('\n')[0] }
  }
}

/** Whether text and shell are there after a reload, and how long until a prompt is. */
async function afterReload(world, cockpit) {
  const { context, page, frame } = await openTerminal(world, cockpit)
  await page.keyboard.type('kept=yes; echo text-""before')
  await page.keyboard.press('Enter')
  await frame.waitForFunction(() => window.benchGlass.lines().includes('text-before'))
  const from = Date.now()
  await page.reload()
  const again = await frameOf(page, '/system/terminal.html')
  const ms = Date.now() - from
  const text = await again.evaluate(() => window.benchGlass.lines().includes('text-before'))
  await page.keyboard.type('echo shell-""$kept-')
  await page.keyboard.press('Enter')
  await again.waitForFunction(() => window.benchGlass.lines().some((line) => /^shell-.*-$/.test(line)))
  const shell = await again.evaluate(() => window.benchGlass.lines().includes('shell-yes-'))
  await context.close()
  return { ms, text, shell }
}

/** Cockpit's terminal on this machine, by the same keys and the same clock as ours. */
async function terminal(world, cockpit) {
  const { context, page, frame } = await openTerminal(world, cockpit)
  const results = {}
  await page.waitForTimeout(1500)
  results.echoShell = await attempt(async () => echoResult(await typeLetters(page, 150, frame)))
  await page.keyboard.press('Control+u')
  const flood = async ({ command, bytes }, rounds) => {
    const took = await times(rounds, async () => {
      const ms = await timeCommand(page, command, frame)
      await waitForRow(frame, prompt)
      return ms
    })
    return { values: [mbPerSecond(bytes, median(took))] }
  }
  results.floodSeq = await attempt(() => flood(floods.seq, 5))
  results.floodLines = await attempt(() => flood(floods.lines, 3))
  results.ctrlC = await attempt(async () => {
    const took = await times(5, async () => {
      await page.keyboard.type('yes')
      await page.keyboard.press('Enter')
      await page.waitForTimeout(1500)
      const ms = await timeToRow(page, 'Control+c', { pattern: prompt, frame })
      await waitForRow(frame, prompt)
      return ms
    })
    return { values: [median(took) / 1000] }
  })
  await context.close()
  results.reattach = await attempt(async () => {
    const { ms, text, shell } = await afterReload(world, cockpit)
    return {
      words: text && shell ? `${ms} ms` : `${text ? 'text' : 'no text'}, ${shell ? 'same shell' : 'another shell'} (prompt after ${ms} ms)`,
    }
  })
  return results
}

/**
 * Cockpit's machines. They ask systemd whether libvirt runs, and there is none in the namespaces of the bench, nor a way
 * to libvirt's test driver: so what stands beside list and serial port is what the page says. Gives these words.
 */
async function machines(world, cockpit) {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC' })
  // It would first say that this processor has no virtualization, which is not what is asked.
  await context.addInitScript(() => localStorage.setItem('virtualization-disabled-ignored', 'true'))
  const page = await context.newPage()
  await page.goto(`${cockpit.base}/machines`)
  const title = page.frameLocator('iframe[src*="/machines/"], iframe[name*="machines"]').locator('h1')
  await title.first().waitFor({ timeout: 20_000 })
  const words = (await title.first().innerText()).trim()
  await context.close()
  return words
}

/** The figures that need Cockpit's machines. */
const ofMachines = ['list100', 'list1000', 'missing', 'bytes', 'libvirtStart', 'libvirtStop', 'elements', 'heap', 'pageCpu', 'echoSerial']

/** Cockpit as a peer: what it reaches here, now. Results by the key of the figure they stand beside. */
export async function cockpit(world) {
  if (world.peers.reason) return { peers: { reason: world.peers.reason } }
  await world.alone()
  const running = await startCockpit(join(world.folder, 'cockpit'))
  try {
    const results = await terminal(world, running)
    const words = await machines(world, running).catch((error) => String(error.message).split('\n')[0])
    const reason = `its page of machines says “${words}”: it asks systemd, and none is in the namespaces of the bench`
    return { peers: { version: await cockpitVersion(), results, machines: { keys: ofMachines, reason } } }
  } finally {
    await running.close()
  }
}
