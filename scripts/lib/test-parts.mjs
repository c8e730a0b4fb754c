import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inClone, logDir, ownDir, root } from './paths.mjs'
import { none, readPlaywright, readVitest } from './results.mjs'
import { lastLines, plain } from './run.mjs'

const bin = (path, ...args) => [process.execPath, inClone('node_modules', path), ...args]

/** Where a part's report lies: inside the namespace it is written, outside it is read. */
export const reportPath = (name) => join(ownDir, 'test', `${name}.json`)

/** Programs that are right or wrong as a whole; each counts as one test. */
export const checks = {
  biome: { title: 'Format and lint (biome)', argv: bin('@biomejs/biome/bin/biome', 'check', '--colors=off', '.') },
  types: { title: 'Types (tsc)', argv: bin('typescript/bin/tsc', '--noEmit', '--pretty', 'false') },
  schema: { title: 'Migrations match the schema', argv: [process.execPath, inClone('prisma/diff.mjs'), '--check'] },
  release: { title: 'The release, unpacked and run by another user', argv: [process.execPath, inClone('scripts/check-release.mjs')] },
}

const vitest = (project) => [
  ...bin('vitest/vitest.mjs', 'run', '--project', project, '--reporter=verbose', '--reporter=json'),
  `--outputFile.json=${reportPath(project)}`,
]

const playwright = (name, project, title) => ({
  title,
  argv: bin('@playwright/test/cli.js', 'test', `--project=${project}`, '--reporter=list,json'),
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportPath(name) },
  read: readPlaywright,
})

/** Programs that hold many tests and report them as JSON. */
export const suites = {
  unit: { title: 'Unit tests', argv: vitest('unit'), read: readVitest },
  exec: { title: 'Tests with real programs', argv: vitest('exec'), read: readVitest },
  contract: { title: 'Tests on real engines', argv: vitest('contract'), read: readVitest },
  'e2e-pages': playwright('e2e-pages', 'pages', 'Tests in the browser'),
  'e2e-lives': playwright('e2e-lives', 'lives', 'Lives of guests in the browser'),
}

/**
 * Runs a program with its output in a log, and each line to `onLine`; `signal` ends it early.
 * Resolves with its code, log path and output.
 */
export function runPart(name, { argv, env }, onLine = () => {}, signal = undefined) {
  mkdirSync(logDir, { recursive: true })
  const path = join(logDir, `test-${name}.log`)
  const log = createWriteStream(path)
  const child = spawn(argv[0], argv.slice(1), {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  let text = ''
  let rest = ''
  const take = (data) => {
    log.write(data)
    text += data
    const lines = (rest + data).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(plain(line))
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return new Promise((resolve) => {
    const end = (code) => log.end(() => resolve({ code, path, text }))
    child.on('error', (error) => {
      text += error.message
      end(127)
    })
    child.on('close', (code, signal) => end(code ?? signal ?? 1))
  })
}

/** One check as a result: passed, or failed with the end of its output. */
export async function runCheck(name) {
  const { code, text, path } = await runPart(name, checks[name])
  if (code === 0) return { ...none(), passed: 1 }
  const message = [...lastLines(text, 40), `(all of it: ${path})`].join('\n')
  return { ...none(), failed: 1, failures: [{ name: checks[name].title, message }] }
}

/** Forgets an earlier report, so that it can never be taken for this run's. */
export function clearReport(name) {
  mkdirSync(join(ownDir, 'test'), { recursive: true })
  rmSync(reportPath(name), { force: true })
}

/**
 * The result of a suite from its report and exit code. No report, no tests, or a bad exit without a failed test
 * are failures themselves.
 */
export function readSuite(name, code) {
  const log = join(logDir, `test-${name}.log`)
  const result = existsSync(reportPath(name)) ? suites[name].read(JSON.parse(readFileSync(reportPath(name), 'utf8'))) : none()
  const ran = result.passed + result.failed
  if (result.failed === 0 && (code !== 0 || ran === 0)) {
    const tail = existsSync(log) ? lastLines(readFileSync(log, 'utf8'), 30) : []
    const what = ran === 0 ? 'It ran no test' : 'No test failed, and yet it did'
    result.failed++
    result.failures.push({ name: suites[name].title, message: [`${what} (it ended with ${code}).`, ...tail].join('\n') })
  }
  return result
}
