import { spawn } from 'node:child_process'
import { signedIn } from '../browser.mjs'
import { markState } from '../in-page.mjs'
import { median, quantile } from '../stats.mjs'

/** Runs a command that is not ours; resolves with when it ended, ms since 1970. */
function run(argv) {
  return new Promise((resolve, reject) => {
    let words = ''
    const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.on('data', (data) => {
      words += data
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      const at = performance.timeOrigin + performance.now()
      if (code === 0) resolve(at)
      else reject(new Error(`${argv.join(' ')} ended with ${code}: ${words}`))
    })
  })
}

/** Changes a guest from outside so many times; ms from the end of each command until the list shows it. */
async function change(page, name, rounds, commands) {
  const took = { running: [], stopped: [] }
  for (let i = 0; i < rounds; i++)
    for (const state of ['running', 'stopped']) {
      await page.evaluate(markState, { name, state })
      const ended = await run(commands[state])
      const shown = await page.evaluate(() => window.benchState)
      took[state].push(shown - ended)
      // Apart from each other, as a person's changes are.
      await page.waitForTimeout(250)
    }
  return took
}

const result = (numbers) => ({ values: [median(numbers), quantile(numbers, 0.99)], note: `${numbers.length} changes` })

/** How soon a change made with virsh or incus shows in an open list. */
export async function outside(world) {
  const { server, vm, container } = await world.guests()
  await world.only(null)
  const context = await signedIn(world.browser, server)
  const page = await context.newPage()
  await page.goto(`${server.base}/guests`)
  await page.getByRole('link', { name: vm, exact: true }).last().waitFor()
  const libvirt = await change(page, vm, 25, {
    running: ['virsh', '-q', '-c', 'qemu:///system', 'start', vm],
    stopped: ['virsh', '-q', '-c', 'qemu:///system', 'destroy', vm],
  })
  const incus = await change(page, container, 15, {
    running: ['incus', 'start', container],
    stopped: ['incus', 'stop', '--force', container],
  })
  await context.close()
  return {
    libvirtStart: result(libvirt.running),
    libvirtStop: result(libvirt.stopped),
    incusStart: result(incus.running),
    incusStop: result(incus.stopped),
  }
}
