// Runs inside the namespaces of `namespace.mjs`: node test-inside.mjs <state folder> <file for exit codes> <suite …>
// Private state, private daemons, then the suites. What it prints goes to the outside line by line.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareEngines } from './host.mjs'
import { hideState, joinOutside } from './private-state.mjs'
import { say, speakAs, step } from './say.mjs'
import { runPart, suites } from './test-parts.mjs'

// Our standard input is a pipe from the outside. Its end is the end: with us, everything in here dies.
process.stdin.on('end', () => process.exit(130))
process.stdin.on('error', () => process.exit(130))
process.stdin.resume()

const [state = '', codesPath = '', ...names] = process.argv.slice(2)
speakAs(names.join(', '))
await hideState(state)
if (!(await joinOutside())) say('No way out of the test network: tests that fetch something will fail')
await prepareEngines([])

const store = join(state, 'store')
mkdirSync(store, { recursive: true, mode: 0o755 })
const env = { BAILIWICK_TEST_ENGINES: '1', BAILIWICK_TEST_STORE: store, BAILIWICK_TEST_DATA: join(state, 'data') }
const codes = {}
for (const name of names) {
  const suite = suites[name]
  speakAs(name)
  const { code } = await step(suite.title, () =>
    runPart(name, { argv: suite.argv, env: { ...env, ...suite.env } }, (line) => line.trim() && say(line.trimEnd())),
  )
  codes[name] = code
}
writeFileSync(codesPath, JSON.stringify(codes))
process.exit(0)
