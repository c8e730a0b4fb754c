import { chromium } from '@playwright/test'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })

/** A browser context with nothing cached, signed in to the server. `port`: when another one than the server's leads to it. */
export async function signedIn(browser, server, port = server.port) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC' })
  await context.addCookies([{ name: 'bailiwick_session', value: server.cookie, url: `http://127.0.0.1:${port}` }])
  return context
}

/** Processes of a kind ("renderer") of a browser: their ids. */
export async function processes(browser, type) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter((one) => one.type === type).map(({ id }) => id)
}
