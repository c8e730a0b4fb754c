import type { Browser, Page } from '@playwright/test'
import { test as base, expect, type SignedIn, setUp } from './fixtures'
import { type CbsdHost, newCbsdHost } from './helpers/cbsd'
import { hostCommand } from './helpers/host'
import { startServer, type TestServer } from './helpers/server'
import { expectTerminal, terminalInput, terminalText, typeInTerminal } from './helpers/terminal'

type World = { host: CbsdHost; server: TestServer; signedIn: SignedIn }

/** A jail that runs, on a server of its own: no machine has to boot for this. */
const test = base.extend<{ open: (signedIn?: SignedIn | null) => Promise<Page> }, { world: World }>({
  world: [
    async ({ browser, store }, use) => {
      const host = await newCbsdHost(store)
      await host.cbsd('jcreate', 'jname=shared', 'ver=14.1')
      await host.cbsd('jstart', 'jname=shared')
      const server = await startServer({ store, env: { BAILIWICK_PATH: host.bin, BAILIWICK_CBSD_WORKDIR: host.workdir } })
      await use({ host, server, signedIn: await setUp(browser, server) })
      await server.remove()
      await host.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  /** A browser of its own. Without an argument it is signed in; with null it holds nothing but that its terminal tells its text. */
  open: async ({ browser, world }, use) => {
    const made: Awaited<ReturnType<Browser['newContext']>>[] = []
    await use(async (signedIn = world.signedIn) => {
      const origins = world.signedIn.origins
      const context = await browser.newContext({ baseURL: world.server.url, storageState: signedIn ?? { cookies: [], origins } })
      made.push(context)
      return context.newPage()
    })
    for (const context of made) await context.close()
  },
})
test.setTimeout(240_000)

const consolePage = `/guests/${encodeURIComponent('local~cbsd~shared')}/console`
const tools = (page: Page) => page.getByRole('toolbar', { name: 'Console tools' })
const who = (page: Page) => tools(page).getByRole('status')
/** The bar over the glass about the keyboard. */
const bar = (page: Page) => page.getByRole('region', { name: 'Console', exact: true }).getByRole('status')
const people = (page: Page) => page.getByRole('dialog', { name: 'Who is here' })
const openPeople = async (page: Page) => {
  await tools(page).getByRole('button', { name: 'People' }).click()
  await expect(people(page)).toBeVisible()
}
const openConsole = async (page: Page) => {
  await page.goto(consolePage)
  await expectTerminal(page, /[#$] *$/)
}

test('two browsers hand the keyboard over: asked, given, taken back; offered, declined, accepted', async ({ open }) => {
  const a = await open()
  const b = await open()
  await openConsole(a)
  await openConsole(b)
  await expect(who(a)).toHaveText('You are typing · 2 watching')

  await test.step('B asks, and nothing changes yet', async () => {
    await openPeople(b)
    await expect(people(b).getByRole('listitem')).toHaveText([/admin \(you\).*watches/, /admin \(your other window\).*types/])
    await people(b).getByRole('button', { name: 'Ask for control' }).click()
    await expect(bar(b).filter({ hasText: 'You asked your other window for control.' })).toBeVisible()
    await expect(bar(a).filter({ hasText: 'Your other window asks for control.' })).toBeVisible()
    await typeInTerminal(a, 'echo "still-$((6 * 7))"')
    await expectTerminal(b, /^still-42$/m)
  })

  await test.step('A says not now; B asks again and A gives', async () => {
    await a.getByRole('button', { name: 'Not now' }).click()
    await expect(bar(b).filter({ hasText: 'Your other window: not now.' })).toBeVisible()
    await openPeople(b)
    await people(b).getByRole('button', { name: 'Ask for control' }).click()
    // By keyboard, out of the terminal.
    await terminalInput(a).press('Control+Shift+ArrowUp')
    await expect(a.getByRole('button', { name: 'Give', exact: true })).toBeFocused()
    await a.keyboard.press('Enter')
    await expect(bar(b).filter({ hasText: 'You have control now' })).toBeVisible()
    await expect(who(b)).toHaveText('You are typing · 2 watching')
  })

  await test.step('B types, A sees, and what A types goes nowhere', async () => {
    await typeInTerminal(a, 'echo "unheard-$((6 * 7))"')
    await typeInTerminal(b, 'echo "given-$((6 * 7))"')
    await expectTerminal(a, /^given-42$/m)
    expect(await terminalText(a)).not.toContain('unheard')
  })

  await test.step('A takes back, which B is told', async () => {
    await tools(a).getByRole('button', { name: 'Take control' }).click()
    await expect(bar(b).filter({ hasText: 'Your other window took control.' })).toBeVisible()
    await typeInTerminal(a, 'echo "back-$((6 * 7))"')
    await expectTerminal(b, /^back-42$/m)
  })

  await test.step('A offers by keyboard alone; B declines, then accepts', async () => {
    const offer = async () => {
      await tools(a).getByRole('button', { name: 'People' }).press('Enter')
      await people(a).getByRole('button', { name: 'Offer control: admin (your other window)' }).press('Enter')
    }
    await terminalInput(a).press('Control+Shift+ArrowUp')
    await expect(tools(a).getByRole('button', { name: 'People' })).toBeFocused()
    await offer()
    await b.getByRole('button', { name: 'No, thanks' }).click()
    await expect(bar(a).filter({ hasText: 'Your other window: not now.' })).toBeVisible()
    await offer()
    await b.getByRole('button', { name: 'Take it', exact: true }).click()
    await expect(who(b)).toHaveText('You are typing · 2 watching')
  })

  await test.step('when B leaves, A, who asked, has it', async () => {
    await openPeople(a)
    await people(a).getByRole('button', { name: 'Ask for control' }).click()
    await expect(bar(b).filter({ hasText: 'asks for control.' })).toBeVisible()
    await b.close()
    await expect(who(a)).toHaveText('You are typing')
  })
})

test('a watch link shows the live bytes to a browser without cookies, takes no keys, and goes dark when revoked', async ({
  open,
  world,
}) => {
  const a = await open()
  await openConsole(a)
  await openPeople(a)
  await people(a).getByRole('button', { name: 'Watch links' }).click()
  const dialog = a.getByRole('dialog', { name: 'Watch links to shared' })
  await expect(dialog).toContainText('There are no watch links to this guest.')
  await dialog.getByLabel('Good for').selectOption('15 minutes')
  await dialog.getByRole('button', { name: 'Make a link' }).click()
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
  expect(link).toMatch(new RegExp(`^${world.server.url}/watch/[A-Za-z0-9_-]{43}$`))
  const row = dialog.getByRole('list', { name: 'Links that are good now' }).getByRole('listitem')
  await expect(row).toHaveText(/Shell, made by admin.*until .* · not used yet/)
  await dialog.getByRole('button', { name: 'Close' }).click()

  const stranger = await open(null)
  const asked: string[] = []
  stranger.on('request', (request) => asked.push(request.url()))
  const watched = stranger.getByRole('region', { name: 'Watch a console' })
  const text = () => watched.getByRole('listitem').allInnerTexts()

  await test.step('it shows what happens, with the name and the end, and asks for nothing else', async () => {
    await stranger.goto(link)
    await expect(stranger.getByRole('heading', { level: 1, name: 'shared' })).toBeVisible()
    await expect(watched).toContainText(/until .* · \d+ min.* left/)
    await typeInTerminal(a, 'echo "shown-$((6 * 7))"')
    await expect.poll(text).toContain('shown-42')
    await expect(watched).not.toContainText('admin')
    expect(asked.filter((url) => url.includes('/api/trpc'))).toEqual([])
    expect(await stranger.context().cookies()).toEqual([])
  })

  await test.step('it is seen among those who are here', async () => {
    await openPeople(a)
    await expect(people(a).getByRole('listitem').filter({ hasText: 'Watch link of admin' })).toContainText('may only watch')
    await a.keyboard.press('Escape')
    await expect(people(a)).toHaveCount(0)
  })

  await test.step('its keys go nowhere', async () => {
    await watched.getByRole('textbox').focus()
    await stranger.keyboard.type('echo "from-$((0))outside"')
    await stranger.keyboard.press('Enter')
    await typeInTerminal(a, 'echo "after-$((6 * 7))"')
    await expect.poll(text).toContain('after-42')
    expect(await terminalText(a)).not.toContain('outside')
    await expect(who(a)).toHaveText('You are typing · 2 watching')
  })

  await test.step('it opens nothing else', async () => {
    const other = await open(null)
    await other.goto('/guests')
    await expect(other).toHaveURL(/\/login/)
  })

  await test.step('revoked, it goes dark at once and says why, also after a reload', async () => {
    await openPeople(a)
    await people(a).getByRole('button', { name: 'Watch links' }).click()
    await expect(row).toHaveText(/last used .* · 1 watches now/)
    await row.getByRole('button', { name: /^Revoke/ }).click()
    await expect(watched.getByText('This watch link was revoked.')).toBeVisible()
    await expect(watched.getByRole('listitem')).toHaveCount(0)
    await expect(dialog).toContainText('There are no watch links to this guest.')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(who(a)).toHaveText('You are typing')
    await typeInTerminal(a, 'echo "alone-$((6 * 7))"')
    await expectTerminal(a, /^alone-42$/m)
    expect(await watched.innerText()).not.toContain('alone')
    await stranger.reload()
    await expect(stranger.getByRole('heading', { name: 'Ended' })).toBeVisible()
    await expect(watched.getByText('This watch link was revoked.')).toBeVisible()
  })
})

test('the shell of a host opens from its page, says as whom it runs, and can be switched off', async ({ open, browser, store }) => {
  const user = (await hostCommand(['id', '-un'])).trim()
  const page = await open()
  await page.goto('/hosts/local')
  await page.getByRole('link', { name: 'Shell', exact: true }).click()
  await expect(page.getByText(`Runs as ${user} on this machine`)).toBeVisible()
  await expectTerminal(page, /[#$%>] *$/)
  await typeInTerminal(page, '/bin/sh -c \'echo "me-$(id -un)-me"\'')
  await expectTerminal(page, new RegExp(`^me-${user}-me$`, 'm'))

  const off = await startServer({ store, env: { BAILIWICK_HOST_SHELL: 'off' } })
  const context = await browser.newContext({ baseURL: off.url, storageState: await setUp(browser, off) })
  const other = await context.newPage()
  await other.goto('/hosts/local/shell')
  await expect(other.getByText('this server was started with BAILIWICK_HOST_SHELL=off')).toBeVisible()
  await expect(terminalInput(other)).toHaveCount(0)
  await context.close()
  await off.remove()
})
