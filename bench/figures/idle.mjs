import { processes, signedIn } from '../browser.mjs'
import { markList } from '../in-page.mjs'
import { ownCpu, rss, tree, treeCpu } from '../proc.mjs'

const minute = 60_000
const MB = 1e6

/** What the server and an open page use while nothing happens, with 1,000 guests. */
export async function idle(world) {
  const server = await world.scale(1000)
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await page.addInitScript(markList, 1000)
  await page.goto(`${server.base}/guests`)
  await page.evaluate(() => window.benchList)
  // What starting and opening the page cost is over, and figures have come a few times.
  await page.waitForTimeout(20_000)

  const renderers = await processes(world.browser, 'renderer')
  const pageCpu = () => renderers.reduce((sum, pid) => sum + ownCpu(pid), 0)
  const before = { page: pageCpu(), tree: treeCpu(server.pid), own: ownCpu(server.pid) }
  await page.waitForTimeout(minute)
  const used = { page: pageCpu() - before.page, tree: treeCpu(server.pid) - before.tree, own: ownCpu(server.pid) - before.own }

  const session = await context.newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
  const elements = await page.evaluate(() => document.querySelectorAll('*').length)
  const memory = rss(server.pid)
  const others = tree(server.pid).filter((pid) => pid !== server.pid)
  await context.close()
  const children = others.reduce((sum, pid) => sum + rss(pid), 0)
  return {
    memory: {
      values: [memory / MB],
      note: `the server's process; its ${others.length} children (\`virsh event\`) hold ${(children / MB).toFixed(0)} MB more, shared libraries counted in each`,
    },
    serverCpu: { values: [used.tree], note: `with the programs it starts; ${used.own.toFixed(2)} s of it in the server's own process` },
    pageCpu: { values: [used.page], note: "the renderer's process, user and system" },
    elements: { values: [elements] },
    heap: { values: [heap / MB], note: 'after a garbage collection' },
  }
}
