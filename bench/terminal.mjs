import { markRow } from './in-page.mjs'

/** Opens a console of a guest in the page and waits for its prompt. */
export async function openConsole(page, server, id, kind, prompt) {
  await page.goto(`${server.base}/guests/${encodeURIComponent(id)}/console?kind=${kind}`)
  await page.locator('.xterm-rows').waitFor({ timeout: 30_000 })
  // The session outlives the guest's last run: a shell that ended with it is opened anew by hand.
  const anew = page.getByRole('button', { name: 'Open a new shell' })
  const attached = page.getByText('You are typing')
  await anew.or(attached).first().waitFor({ timeout: 30_000 })
  if (await anew.isVisible()) await anew.click()
  await anew.waitFor({ state: 'hidden' })
  await page.locator('.xterm-helper-textarea').focus()
  // A serial port shows its prompt only when it is asked.
  await page.keyboard.press('Enter')
  await waitForRow(page, prompt)
}

/** Waits until the last row with anything in it matches. */
export async function waitForRow(page, pattern, timeout = 60_000) {
  await page.waitForFunction(
    (source) => {
      const rows = [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd())
      return new RegExp(source).test(rows.findLast((row) => row !== '') ?? '')
    },
    pattern,
    { timeout, polling: 50 },
  )
}

/** Presses `key`; resolves with the ms until the row stands on the glass. */
export async function timeToRow(page, key, { text, pattern, press = key }) {
  await page.evaluate(markRow, { text, pattern, key: key.split('+').at(-1) })
  await page.keyboard.press(press)
  return page.evaluate(() => window.benchRow)
}

/** Types a line and measures from Enter until the last line of what it prints is drawn, ms. */
export async function timeCommand(page, command) {
  const mark = `end-${Math.random().toString(36).slice(2, 8)}`
  await page.keyboard.type(`${command}; echo e""${mark.slice(1)}`)
  return timeToRow(page, 'Enter', { text: mark })
}
