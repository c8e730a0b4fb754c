import { plain } from './run.mjs'

/** What one part of the tests came to. `failures` and `skips` are for people: a name and why. */
export const none = () => ({ passed: 0, failed: 0, skipped: 0, failures: [], skips: [] })

export function add(total, part) {
  total.passed += part.passed
  total.failed += part.failed
  total.skipped += part.skipped
  total.failures.push(...part.failures)
  total.skips.push(...part.skips)
  return total
}

const fail = (result, name, message) => {
  result.failed++
  result.failures.push({ name, message: plain(message) })
}
const skip = (result, name, reason) => {
  result.skipped++
  result.skips.push({ name, reason: reason || 'no reason given' })
}

/** Counts of vitest's JSON report. A file that could not be loaded is one failure. */
export function readVitest(report) {
  const result = none()
  for (const file of report.testResults ?? []) {
    const tests = file.assertionResults ?? []
    if (file.status === 'failed' && !tests.some(({ status }) => status === 'failed')) fail(result, file.name, file.message)
    for (const { status, fullName, failureMessages } of tests) {
      if (status === 'passed') result.passed++
      else if (status === 'failed') fail(result, `${file.name}: ${fullName}`, failureMessages?.join('\n'))
      else skip(result, `${file.name}: ${fullName}`, 'see the test')
    }
  }
  return result
}

/** Counts of Playwright's JSON report. A test that passed only on a retry is a failure. */
export function readPlaywright(report) {
  const result = none()
  for (const error of report.errors ?? []) fail(result, 'Playwright', error.message)
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests ?? []) {
        const name = [...path, spec.title].join(' › ')
        const errors = (test.results ?? []).flatMap(({ errors: list }) => list ?? []).map(({ message }) => message)
        if (test.status === 'expected') result.passed++
        else if (test.status === 'skipped')
          skip(result, name, test.annotations?.find(({ type }) => type === 'skip' || type === 'fixme')?.description)
        else fail(result, name, errors.join('\n') || test.status)
      }
    for (const child of suite.suites ?? []) visit(child, [...path, child.title])
  }
  for (const suite of report.suites ?? []) visit(suite, [suite.title])
  return result
}

/** The line that closes a test run. */
export const closing = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`
