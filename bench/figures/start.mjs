import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { join } from 'node:path'
import { root } from '../../scripts/lib/paths.mjs'
import { freePort } from '../server.mjs'
import { median, times } from '../stats.mjs'

/** Resolves with true at the first byte of an answer, with false when nothing listens yet. */
const answers = (port) =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/setup', timeout: 10_000 }, (reply) => {
      reply.once('data', () => {
        asked.destroy()
        resolve(true)
      })
      reply.once('end', () => resolve(true))
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })

/** ms from `npm start` to the first byte of a page. */
async function once(folder, store) {
  const port = await freePort()
  const from = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      BAILIWICK_DATA: join(folder, 'start'),
      BAILIWICK_STORE: store,
      BAILIWICK_LOG: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let words = ''
  for (const out of [child.stdout, child.stderr])
    out.on('data', (data) => {
      words += data
    })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let gone = false
  void ended.then(() => {
    gone = true
  })
  while (!(await answers(port))) {
    if (gone || performance.now() - from > 120_000) throw new Error(`npm start did not serve: ${words.slice(-400)}`)
    await new Promise((done) => setTimeout(done, 5))
  }
  const ms = performance.now() - from
  process.kill(-child.pid, 'SIGINT')
  await ended
  return ms
}

/** `npm start` where everything is installed, built and running. */
export async function start(world) {
  await once(world.folder, world.store)
  const took = await times(5, () => once(world.folder, world.store))
  return { start: { values: [median(took) / 1000], note: 'of /setup, rendered' } }
}
