// Runs inside the namespaces of `scripts/lib/namespace.mjs`: node inside.mjs <state folder> <group …>
// Private engines, then the groups of figures; what they found goes into .bailiwick/bench/results.json.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareEngines } from '../scripts/lib/host.mjs'
import { ownDir } from '../scripts/lib/paths.mjs'
import { hideState, joinOutside } from '../scripts/lib/private-state.mjs'
import { capture } from '../scripts/lib/run.mjs'
import { say, step } from '../scripts/lib/say.mjs'
import { cbsd } from './figures/cbsd.mjs'
import { cockpit } from './figures/cockpit.mjs'
import { echo } from './figures/echo.mjs'
import { flood } from './figures/flood.mjs'
import { idle } from './figures/idle.mjs'
import { list } from './figures/list.mjs'
import { outside } from './figures/outside.mjs'
import { proof } from './figures/proof.mjs'
import { pty } from './figures/pty.mjs'
import { sampling } from './figures/sampling.mjs'
import { consoles } from './figures/server-side.mjs'
import { sessions } from './figures/sessions.mjs'
import { start } from './figures/start.mjs'
import { weight } from './figures/weight.mjs'
import { goals } from './goals.mjs'
import { makeWorld } from './world.mjs'

// Our standard input is a pipe from the outside. Its end is the end: with us, everything in here dies.
process.stdin.on('end', () => process.exit(130))
process.stdin.on('error', () => process.exit(130))
process.stdin.resume()

const measure = {
  weight,
  list,
  idle,
  sampling,
  cbsd,
  outside,
  echo,
  flood,
  consoles,
  pty,
  sessions: async (world) => {
    await world.alone()
    return sessions(world)
  },
  proof: async (world) => {
    await world.alone()
    return proof()
  },
  cockpit,
  start: async (world) => {
    await world.alone()
    return start(world)
  },
}

/** A group that takes longer is given up. */
const longestMs = 12 * 60_000

const [state = '', ...wanted] = process.argv.slice(2)
const peers = JSON.parse(process.env.BAILIWICK_BENCH_PEERS ?? '{"reason":"it was not asked for"}')
if (peers.usr) peers.reason = await layOverUsr(peers.usr)
await hideState(state)
if (!(await joinOutside())) say('No way out of the network of the bench: images cannot be built')
await prepareEngines([])

const folder = join(state, 'bench')
const store = join(state, 'store')
for (const path of [folder, store]) mkdirSync(path, { recursive: true, mode: 0o755 })
mkdirSync(join(ownDir, 'bench'), { recursive: true })
const world = await makeWorld({ folder, store, peers })
const results = {}

/** Lays programs that were unpacked, and not installed, over /usr of this namespace. Gives why that cannot be, or nothing. */
async function layOverUsr(usr) {
  // Of this namespace alone, before anything is mounted.
  await capture(['mount', '--make-rprivate', '/'])
  const { code, stderr } = await capture(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${usr}:/usr`, '/usr'])
  return code === 0 ? undefined : `its files could not be laid over /usr: ${stderr.trim()}`
}

async function group(name) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${longestMs / 60_000} minutes`)), longestMs)
  })
  try {
    Object.assign(results, await step(`Measuring: ${name}`, () => Promise.race([measure[name](world), late])))
  } catch (error) {
    say(`${name}: ${error.stack}`)
    const words = String(error.message).split('\n')[0]
    for (const { key, group: of } of goals) if (of === name) results[key] = { error: words }
    if (name === 'pty') results.plain = { error: words }
    if (name === 'cockpit') results.peers = { reason: words }
  } finally {
    clearTimeout(timer)
    writeFileSync(join(ownDir, 'bench', 'results.json'), JSON.stringify(results, null, 2))
  }
}

for (const name of wanted) await group(name)
await world.close()
process.exit(0)
