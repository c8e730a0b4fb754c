import { expect, type Locator, type Page } from '@playwright/test'

/** Where one types: the terminal's own text field. */
export const terminalInput = (page: Page): Locator =>
  page.getByRole('region', { name: 'Console', exact: true }).getByRole('textbox', { name: /console of/ })

/** The lines that the terminal shows now, as a screen reader finds them: oldest first, without the empty ones at the end. */
export async function terminalText(page: Page): Promise<string> {
  const lines = await page.getByRole('region', { name: 'Console', exact: true }).getByRole('listitem').allInnerTexts()
  return lines
    .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trimEnd()
}

/** Waits until the terminal shows something. */
export const expectTerminal = (page: Page, wanted: string | RegExp, timeout = 120_000): Promise<void> =>
  expect
    .poll(() => terminalText(page), { timeout, message: `the terminal shows ${wanted}` })
    .toEqual(typeof wanted === 'string' ? expect.stringContaining(wanted) : expect.stringMatching(wanted))

/** Types a line and Enter into the terminal. */
export async function typeInTerminal(page: Page, line: string): Promise<void> {
  const input = terminalInput(page)
  await input.focus()
  await input.pressSequentially(line)
  await input.press('Enter')
}

/** How often the terminal shows exactly this line. */
export const countLines = async (page: Page, line: string): Promise<number> =>
  (await terminalText(page)).split('\n').filter((each) => each.trim() === line).length
