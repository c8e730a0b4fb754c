// npm test: everything, from a bare clone. `npm test -- unit exec` runs only the parts named.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { announce, examine, install, report } from './lib/host.mjs'
import { runIsolated } from './lib/namespace.mjs'
import { ownDir } from './lib/paths.mjs'
import { buildAll, generateClient, installModules } from './lib/project.mjs'
import { add, closing, none } from './lib/results.mjs'
import { begun, more, say, step } from './lib/say.mjs'
import { becomeRoot, nodeIsNewEnough, readSystem } from './lib/system.mjs'
import { checks, clearReport, readSuite, runCheck, runPart, suites } from './lib/test-parts.mjs'

const parts = ['biome', 'types', 'schema', 'unit', 'exec', 'build', 'release', 'contract', 'e2e']
const named = process.argv.slice(2)
const unknown = named.find((name) => !parts.includes(name))
if (unknown) {
  console.error(`There is no part ${unknown}. The parts are: ${parts.join(' ')}`)
  process.exit(2)
}
const wants = (name) => named.length === 0 || named.includes(name)
const total = none()
const failure = (name, error) =>
  add(total, { ...none(), failed: 1, failures: [{ name, message: [error.message, ...(error.tail ?? [])].join('\n') }] })

/** A part that must not stop the others: what it throws is a failure of the tests. */
async function part(name, work) {
  try {
    const result = await work()
    if (result) add(total, result)
    if (result) say(`${name}: ${closing(result)}`)
    return true
  } catch (error) {
    failure(name, error)
    report(error)
    return false
  }
}

async function prepare() {
  if (!nodeIsNewEnough()) throw new Error(`Node ${process.versions.node} is too old: the tests need 20.19 or newer`)
  const system = readSystem()
  const found = await examine(system, { tests: true })
  if (found.groups.length > 0) {
    announce(found, { serve: false })
    const become = await becomeRoot(() => false)
    if (become) await install(become, found)
    else say('Not root, and sudo does not let us: nothing is installed.')
  }
  await installModules()
  await generateClient()
}

// What runs in namespaces ends by itself when we are told to end; nothing may begin after that.
const told = new AbortController()

/** Suites on this machine as it is. */
async function here(names) {
  for (const name of names) {
    if (told.signal.aborted) return
    await part(suites[name].title, async () => {
      clearReport(name)
      const { code } = await step(suites[name].title, () => runPart(name, suites[name], undefined, told.signal))
      return readSuite(name, code)
    })
  }
}

/** Suites in turn on the same engines, which are theirs alone. */
async function onEngines(names) {
  if (names.length === 0 || told.signal.aborted) return
  const titles = names.map((name) => suites[name].title).join(', ')
  await part(titles, async () => {
    if (process.getuid?.() !== 0)
      throw new Error('The tests on real engines need namespaces of their own, and so root: run npm test as root')
    for (const name of names) clearReport(name)
    const codesPath = join(ownDir, 'test', `codes-${names.join('-')}.json`)
    rmSync(codesPath, { force: true })
    const code = await runIsolated('scripts/lib/test-inside.mjs', [codesPath, ...names], {
      env: { BAILIWICK_BEGUN: String(begun) },
      onLine: (line) => process.stdout.write(`${line}\n`),
    })
    const codes = existsSync(codesPath) ? JSON.parse(readFileSync(codesPath, 'utf8')) : {}
    if (code !== 0) say(`${titles}: ended early, with ${code}.`)
    return names.map((name) => readSuite(name, codes[name] ?? code)).reduce(add, none())
  })
}

const ready = await part('Preparation', prepare)
if (ready) {
  for (const name of ['biome', 'schema'])
    if (wants(name)) await part(checks[name].title, () => step(checks[name].title, () => runCheck(name)))
  let built = true
  if (['build', 'release', 'e2e', 'types'].some(wants))
    built = await part('Build', async () => {
      await buildAll()
      return { ...none(), passed: 1 }
    })
  // Next writes a declaration file when it builds, and the types need it.
  if (wants('types')) await part(checks.types.title, () => step(checks.types.title, () => runCheck('types')))
  if (wants('release') && built) await part(checks.release.title, () => step(checks.release.title, () => runCheck('release')))
  if (wants('e2e') && !built) failure('Tests in the browser', new Error('Not run: there is no build'))
  const e2e = wants('e2e') && built
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => told.abort())
  // Two lanes of about the same length, side by side: most tests wait for something, and each lane has its own engines.
  await Promise.all([
    here(['unit', 'exec'].filter(wants)).then(() => onEngines(e2e ? ['e2e-pages'] : [])),
    onEngines([...['contract'].filter(wants), ...(e2e ? ['e2e-lives'] : [])]),
  ])
}

say('')
for (const { name, message } of total.failures) {
  console.log(`FAILED ${name}`)
  more(...message.split('\n').slice(0, 60))
}
for (const { name, reason } of total.skips) console.log(`SKIPPED ${name}: ${reason}`)
say('')
console.log(closing(total))
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
