import { spawn } from 'node:child_process'
import { signedIn } from '../browser.mjs'
import { markList, readAllNames } from '../in-page.mjs'
import { median, times } from '../stats.mjs'
import { openWire } from '../wire.mjs'

/** ms from navigation until every row is there and those in sight are painted. */
async function show(context, base, total, look = async () => {}) {
  const page = await context.newPage()
  await page.addInitScript(markList, total)
  await page.goto(`${base}/guests`)
  const ms = await page.evaluate(() => window.benchList)
  await look(page)
  await page.close()
  return ms
}

/** Five navigations, each by a browser that has nothing cached, then five more with everything cached. */
async function visits(world, total) {
  const server = await world.scale(total)
  const cold = await times(5, async () => {
    const context = await signedIn(world.browser, server)
    const ms = await show(context, server.base, total)
    await context.close()
    return ms
  })
  const context = await signedIn(world.browser, server)
  await show(context, server.base, total)
  const warm = await times(5, () => show(context, server.base, total))
  await context.close()
  return { seconds: median(cold) / 1000, note: `nothing cached; ${(median(warm) / 1000).toFixed(2)} s with assets cached` }
}

/** Bytes in both directions until the list stood and 1 s beyond, with the assets cached. */
async function bytes(world, total) {
  const server = await world.scale(total)
  const wire = await openWire(server.port)
  const base = `http://127.0.0.1:${wire.port}`
  const context = await signedIn(world.browser, server, wire.port)
  await show(context, base, total, (page) => page.waitForTimeout(1000))
  const counted = await times(5, async () => {
    const before = wire.bytes.down + wire.bytes.up
    await show(context, base, total, (page) => page.waitForTimeout(1000))
    return wire.bytes.down + wire.bytes.up - before
  })
  await context.close()
  wire.close()
  return median(counted)
}

async function missing(world, total) {
  const server = await world.scale(total)
  const context = await signedIn(world.browser, server)
  let names = []
  await show(context, server.base, total, async (page) => {
    names = await page.evaluate(readAllNames)
  })
  await context.close()
  return total - names.length
}

/** Seconds that `virsh list --all` itself takes. */
async function virshSeconds(uri) {
  const took = await times(5, () => {
    const from = performance.now()
    return new Promise((resolve, reject) => {
      const child = spawn('virsh', ['-c', uri, 'list', '--all'], { stdio: 'ignore' })
      child.on('error', reject)
      child.on('close', () => resolve(performance.now() - from))
    })
  })
  return median(took) / 1000
}

export async function list(world) {
  const hundred = await visits(world, 100)
  const thousand = await visits(world, 1000)
  const virsh = await virshSeconds(world.uri(1000))
  return {
    list100: { values: [hundred.seconds], note: hundred.note },
    list1000: { values: [thousand.seconds], note: `${thousand.note}; \`virsh list --all\` alone: ${virsh.toFixed(2)} s` },
    missing: { values: [await missing(world, 1000)], note: 'by scrolling through all of them and reading their names' },
    bytes: {
      values: [(await bytes(world, 1000)) / 1000],
      note: 'both directions, headers and the live socket included, until 1 s after the list',
    },
  }
}
