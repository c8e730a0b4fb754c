// npm run bench: measures Bailiwick against its goals, from a bare clone. `npm run bench -- weight list` measures only the groups named.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goals, groups, isMet } from '../bench/goals.mjs'
import { machine } from '../bench/machine.mjs'
import { fetchPeers } from '../bench/peers.mjs'
import { table } from '../bench/table.mjs'
import { announce, examine, install, report } from './lib/host.mjs'
import { runIsolated } from './lib/namespace.mjs'
import { ownDir } from './lib/paths.mjs'
import { buildAll, installModules } from './lib/project.mjs'
import { say } from './lib/say.mjs'
import { becomeRoot, readSystem } from './lib/system.mjs'

const named = process.argv.slice(2)
const unknown = named.find((name) => !groups.includes(name))
if (unknown) {
  console.error(`There is no group ${unknown}. The groups are: ${groups.join(' ')}`)
  process.exit(2)
}

async function prepare() {
  if (process.getuid?.() !== 0) throw new Error('The bench needs namespaces of its own, and so root: run npm run bench as root')
  const found = await examine(readSystem(), { tests: true })
  if (found.groups.length > 0) {
    announce(found, { serve: false })
    const become = await becomeRoot(() => false)
    if (become) await install(become, found)
  }
  await installModules()
  await buildAll()
}

try {
  await prepare()
  // Read before there is any load of our own.
  const here = await machine()
  const path = join(ownDir, 'bench', 'results.json')
  mkdirSync(join(ownDir, 'bench'), { recursive: true })
  rmSync(path, { force: true })
  const wanted = named.length > 0 ? groups.filter((name) => named.includes(name)) : groups
  const peers = wanted.includes('cockpit') ? await fetchPeers() : { reason: 'it was not asked for' }
  const code = await runIsolated('bench/inside.mjs', wanted, {
    env: { BAILIWICK_BENCH_PEERS: JSON.stringify(peers) },
    onLine: (line) => process.stdout.write(`${line}\n`),
  })
  if (code !== 0) say(`The bench ended early, with ${code}.`)
  const results = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const text = table(here, results)
  writeFileSync(join(ownDir, 'bench', 'table.md'), `${text}\n`)
  console.log(`\n${text}\n`)
  const measured = goals.filter(({ key }) => results[key])
  const missed = measured.filter((goal) => results[goal.key].error || !isMet(goal, results[goal.key].values ?? []))
  console.log(`${measured.length - missed.length} met, ${missed.length} missed`)
  // A goal that is missed is a finding; a figure that could not be taken is a failure.
  const failed = measured.some(({ key }) => results[key].error) || Boolean(results.plain?.error)
  process.exitCode = code !== 0 || failed ? 1 : 0
} catch (error) {
  report(error)
  process.exitCode = 1
}
