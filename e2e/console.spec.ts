import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { act, createTiny, expectState, guestPath } from './helpers/guests'
import { virsh } from './helpers/host'
import { countLines, expectTerminal, terminalInput, terminalText, typeInTerminal } from './helpers/terminal'

test.setTimeout(600_000)

const prompt = /tiny:\S*# *$/

/** The screen after a boot: so much was printed that nothing of before is on it any more, down to the new prompt. */
const bootedAfter = (before: string): RegExp => new RegExp(`^(?![\\s\\S]*${before})[\\s\\S]*bailiwick-tiny ready[\\s\\S]*tiny:\\S*# *$`)

/** Scrolls back, a page at a time, until it is seen; fails at the top. */
async function scrollUpTo(page: Page, wanted: RegExp): Promise<void> {
  for (;;) {
    const seen = await terminalText(page)
    if (wanted.test(seen)) return
    await terminalInput(page).press('Shift+PageUp')
    await expect.poll(() => terminalText(page), { message: `there is more above, up to ${wanted}` }).not.toBe(seen)
  }
}

test('two browsers on one console: one types, the other sees, and may take over', async ({ page, otherPage, tiny, guestName }) => {
  const name = guestName('two')
  await createTiny(page, name, { source: tiny.x86_64 })
  await page.goto(guestPath('libvirt', name, 'console'))
  await expectTerminal(page, prompt, 150_000)
  await otherPage.goto(guestPath('libvirt', name, 'console'))
  const tools = page.getByRole('toolbar', { name: 'Console tools' })
  const otherTools = otherPage.getByRole('toolbar', { name: 'Console tools' })
  await expect(tools.getByRole('status')).toHaveText('You are typing · 2 watching')
  await expect(otherTools.getByRole('status')).toHaveText('You, in another window · 2 watching')

  await typeInTerminal(page, 'echo "first-$((6 * 7))"')
  await expectTerminal(otherPage, /^first-42$/m)
  // Each page draws when it comes to it.
  await expect
    .poll(async () => (await terminalText(page)) === (await terminalText(otherPage)), { message: 'both show the same' })
    .toBe(true)

  await test.step('what a watcher types goes nowhere', async () => {
    await typeInTerminal(otherPage, 'echo "unheard-$((6 * 7))"')
    await typeInTerminal(page, 'echo "second-$((6 * 7))"')
    await expectTerminal(otherPage, /^second-42$/m)
    expect(await terminalText(otherPage)).not.toContain('unheard')
  })

  await test.step('several lines, then a hidden one, are typed as keys on its serial port; the last is stopped on the way', async () => {
    const dialog = page.getByRole('dialog', { name: 'Type text as keys' })
    const open = async (text: string) => {
      await tools.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Type text as keys…' }).click()
      await dialog.getByLabel('Text to type').fill(text)
    }
    await typeInTerminal(page, 'clear; cat > /tmp/typed')
    const lines = Array.from({ length: 6 }, (_, at) => `${at}: |@-~ "$HOME" \\ !! {}`)
    await open(lines.join('\n'))
    await dialog.getByLabel('Press Enter at the end').check()
    await expect(dialog.getByRole('status')).toContainText('6 lines')
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await expect(dialog).toHaveCount(0, { timeout: 60_000 })
    await terminalInput(page).press('Control+d')
    await typeInTerminal(page, 'clear; sha256sum < /tmp/typed')
    const sum = createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex')
    await expectTerminal(page, new RegExp(`^${sum} `, 'm'))

    // As a login asks: without an echo.
    await typeInTerminal(page, 'clear; printf "Password: "; read -s p; echo; echo "$p" | sha256sum')
    await expectTerminal(page, /^Password: *$/m)
    await open('s3cret phrase')
    await dialog.getByLabel('Hide the text').check()
    const masked = () =>
      dialog.getByLabel('Text to type').evaluate((box) => getComputedStyle(box).getPropertyValue('-webkit-text-security'))
    expect(await masked()).toBe('disc')
    await dialog.getByLabel('Press Enter at the end').check()
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await expectTerminal(page, new RegExp(`^${createHash('sha256').update('s3cret phrase\n').digest('hex')} `, 'm'))
    expect(await terminalText(page)).not.toContain('s3cret')

    await typeInTerminal(page, 'clear; cat > /tmp/stopped')
    await open('x'.repeat(500))
    await dialog.getByLabel('Speed').selectOption({ label: '30 characters per second' })
    await dialog.getByRole('button', { name: 'Type it' }).click()
    await expect(dialog.getByRole('status')).toContainText(/^[1-9]\d* of 500 characters typed$/)
    await dialog.getByRole('button', { name: 'Stop typing' }).click()
    await expect(dialog.getByRole('alert')).toContainText(/^Stopped after \d+ of 500 characters\.$/)
    const [, typed] = /after (\d+) of/.exec(await dialog.getByRole('alert').innerText()) ?? []
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toHaveCount(0)
    await terminalInput(page).press('Enter')
    await terminalInput(page).press('Control+d')
    await typeInTerminal(page, 'echo "stopped-$(tr -d "\\n" < /tmp/stopped | wc -c)-end"')
    await expectTerminal(page, new RegExp(`^stopped-${typed}-end$`, 'm'))
  })

  await test.step('the other takes over', async () => {
    await otherTools.getByRole('button', { name: 'Take control' }).click()
    await expect(otherTools.getByRole('status')).toHaveText('You are typing · 2 watching')
    await expect(tools.getByRole('status')).toHaveText('You, in another window · 2 watching')
    await expect(tools.getByRole('button', { name: 'Take control' })).toBeVisible()
    await typeInTerminal(otherPage, 'echo "third-$((6 * 7))"')
    await expectTerminal(page, /^third-42$/m)
  })

  await test.step('when it leaves, the first types again', async () => {
    await otherPage.close()
    await expect(tools.getByRole('status')).toHaveText('Nobody is typing')
    await typeInTerminal(page, 'echo "fourth-$((6 * 7))"')
    await expectTerminal(page, /^fourth-42$/m)
    await expect(tools.getByRole('status')).toHaveText('You are typing')
  })
})

test('a reload shows what was there, each line once', async ({ browser, page, tiny, guestName }) => {
  const name = guestName('again')
  await createTiny(page, name, { source: tiny.x86_64 })
  await page.goto(guestPath('libvirt', name, 'console'))
  await expectTerminal(page, prompt)
  await typeInTerminal(page, 'for n in 1 2 3 4 5 6 7 8; do echo "line-$n-$((n * 11))"; done')
  await expectTerminal(page, /^line-8-88\n.*tiny:\S*# *$/m)
  const before = await terminalText(page)
  for (const round of ['once', 'and once more']) {
    await test.step(round, async () => {
      await page.reload()
      await expectTerminal(page, /^line-8-88\n.*tiny:\S*# *$/m)
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) expect(await countLines(page, `line-${n}-${n * 11}`)).toBe(1)
      await expect.poll(() => terminalText(page)).toBe(before)
    })
  }
  await typeInTerminal(page, 'echo "still-$((6 * 7))"')
  await expect.poll(() => countLines(page, 'still-42')).toBe(1)
  await test.step('the page has it before its scripts run, and lets go of it for the terminal', async () => {
    await expect(page.locator('.console-first')).toHaveCount(0)
    const still = await browser.newContext({ storageState: await page.context().storageState(), javaScriptEnabled: false })
    const first = await still.newPage()
    for (const url of [page.url(), page.url().replace(/\/guests\/(.*)\/console/, '/console/$1')]) {
      await first.goto(url)
      await expect(first.locator('.console-first')).toHaveText(/line-8-88\n.*still-42\ntiny:\S*#$/s)
    }
    await still.close()
  })
  await test.step('the picture on its page leads to the screen, whichever console was open before', async () => {
    const views = page.getByRole('navigation', { name: 'Views of this guest' })
    await views.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: /a still picture/ }).click()
    const kind = page.getByRole('combobox', { name: 'Console' })
    await expect(kind).toHaveValue('vnc')
    await kind.selectOption('serial')
    await expect(page).toHaveURL(/kind=serial/)
    await expect.poll(() => countLines(page, 'still-42')).toBe(1)
    await page.reload()
    await expect(kind).toHaveValue('serial')
  })
})

test('a console outlives stop, start and restart of its guest', async ({ page, tiny, guestName }) => {
  const name = guestName('lives')
  await createTiny(page, name, { source: tiny.x86_64 })
  await page.goto(guestPath('libvirt', name, 'console'))
  await expectTerminal(page, prompt)
  await typeInTerminal(page, 'echo "life-$((1 * 1))"')
  await expectTerminal(page, /^life-1$/m)
  const console = page.getByRole('region', { name: 'Console', exact: true })

  await test.step('stopped from outside: words and a button, and the last words of the guest stay', async () => {
    await virsh('destroy', name)
    await expect(console.getByText('The VM is stopped. The console goes on when it starts.')).toBeVisible()
    await expectState(page, name, 'stopped')
    await expectTerminal(page, /^life-1$/m)
  })

  await test.step('started from the console: the same console goes on', async () => {
    await console.getByRole('button', { name: 'Start' }).click()
    await expectState(page, name, 'running')
    await expectTerminal(page, bootedAfter('life-1'), 90_000)
    await test.step('above the new boot stands what was said before', async () => {
      await scrollUpTo(page, /same console goes on/)
      await scrollUpTo(page, /^life-1$/m)
    })
    await typeInTerminal(page, 'echo "life-$((1 + 1))"')
    await expect.poll(() => countLines(page, 'life-2')).toBe(1)
    await expect(console.getByText('The VM is stopped.')).toHaveCount(0)
  })

  await test.step('restarted: it goes on again', async () => {
    await act(page, 'Restart')
    // Its new boot fills the screen, down to a new prompt.
    await expectTerminal(page, bootedAfter('life-2'), 90_000)
    await expectState(page, name, 'running')
    await typeInTerminal(page, 'echo "life-$((1 + 2))"')
    await expect.poll(() => countLines(page, 'life-3')).toBe(1)
  })
})
