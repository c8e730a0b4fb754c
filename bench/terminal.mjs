import { findGlass, markCalm, markRow } from './in-page.mjs'
import { projectFile } from './server.mjs'

/** Opens a console of a guest in the page and waits for its prompt. */
export async function openConsole(page, server, id, kind, prompt) {
  await page.goto(`${server.base}/guests/${encodeURIComponent(id)}/console?kind=${kind}`)
  await page.locator('.xterm').waitFor({ timeout: 30_000 })
  // The session outlives the guest's last run: a shell that ended with it is opened anew by hand.
  const anew = page.getByRole('button', { name: 'Open a new shell' })
  const attached = page.getByText('You are typing')
  await anew.or(attached).first().waitFor({ timeout: 30_000 })
  if (await anew.isVisible()) await anew.click()
  await anew.waitFor({ state: 'hidden' })
  await ready(page, page)
  // A serial port shows its prompt only when it is asked.
  await page.keyboard.press('Enter')
  await waitForRow(page, prompt)
}

/** Takes the terminal in `frame` (a page is one, too) for what is measured next, and gives it the keys. */
export async function ready(_page, frame) {
  await frame.waitForFunction(findGlass, undefined, { timeout: 30_000, polling: 50 })
  await frame.locator('.xterm-helper-textarea').focus()
}

/** Waits until the last row with anything in it matches. */
export async function waitForRow(frame, pattern, timeout = 60_000) {
  await frame.waitForFunction((source) => new RegExp(source).test(window.benchGlass.lines().findLast((row) => row !== '') ?? ''), pattern, {
    timeout,
    polling: 50,
  })
}

/** Presses `key`; resolves with the ms until the row stands on the glass. */
export async function timeToRow(page, key, { text, pattern, press = key, frame = page }) {
  await frame.evaluate(markRow, { text, pattern, key: key.split('+').at(-1) })
  await page.keyboard.press(press)
  return frame.evaluate(() => window.benchRow)
}

/** Types a line and measures from Enter until the last line of what it prints is drawn, ms. */
export async function timeCommand(page, command, frame = page) {
  const mark = `end-${Math.random().toString(36).slice(2, 8)}`
  await page.keyboard.type(`${command}; echo e""${mark.slice(1)}`)
  return timeToRow(page, 'Enter', { text: mark, frame })
}

/** Does `work` while the page is watched: the pauses between its frames, and how soon it answers a key four times a second, ms. */
export async function whileWatched(page, work) {
  await page.evaluate(markCalm)
  let going = true
  const pressing = (async () => {
    while (going) {
      await page.keyboard.press('F8')
      await new Promise((done) => setTimeout(done, 250))
    }
  })()
  const result = await work()
  going = false
  await pressing
  const { frames, handled, drawn } = await page.evaluate(() => {
    window.benchCalm.stop()
    const { frames, handled, drawn } = window.benchCalm
    return { frames, handled, drawn }
  })
  return { result, frames, handled, drawn }
}

/** An empty page with the code of xterm.js, and room for a terminal in the element `t`: what nobody's page can be ahead of. */
export async function barePage(world) {
  const page = await world.browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.setContent('<div id=t style="width:1000px;height:700px"></div>')
  await page.addStyleTag({ path: projectFile('node_modules/@xterm/xterm/css/xterm.css') })
  await page.addScriptTag({ path: projectFile('node_modules/@xterm/xterm/lib/xterm.js') })
  return page
}
