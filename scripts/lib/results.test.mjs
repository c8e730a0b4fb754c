import { expect, test } from 'vitest'
import { closing, readPlaywright, readVitest } from './results.mjs'

test('vitest: passed, failed and skipped are told apart', () => {
  const result = readVitest({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'failed', fullName: 'two', failureMessages: ['\u001b[31mexpected 1\u001b[0m'] },
          { status: 'pending', fullName: 'three' },
        ],
      },
    ],
  })
  expect(closing(result)).toBe('1 passed, 1 failed, 1 skipped')
  expect(result.failures).toEqual([{ name: 'a.test.ts: two', message: 'expected 1' }])
})

test('vitest: a file that cannot be loaded is a failure', () => {
  const result = readVitest({ testResults: [{ name: 'b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] }] })
  expect(closing(result)).toBe('0 passed, 1 failed, 0 skipped')
})

test('playwright: nested suites, a flaky test fails, a skip keeps its reason', () => {
  const spec = (title, status, more = {}) => ({ title, tests: [{ status, results: [], ...more }] })
  const result = readPlaywright({
    suites: [
      {
        title: 'vm.spec.ts',
        specs: [spec('boots', 'expected')],
        suites: [
          {
            title: 'console',
            specs: [
              spec('echoes', 'flaky', { results: [{ errors: [{ message: 'timed out' }] }] }),
              spec('sleeps', 'skipped', { annotations: [{ type: 'skip', description: 'no such sensor' }] }),
            ],
          },
        ],
      },
    ],
  })
  expect(closing(result)).toBe('1 passed, 1 failed, 1 skipped')
  expect(result.failures[0]).toEqual({ name: 'vm.spec.ts › console › echoes', message: 'timed out' })
  expect(result.skips[0]?.reason).toBe('no such sensor')
})

test('playwright: an error outside every test is a failure', () => {
  expect(readPlaywright({ suites: [], errors: [{ message: 'no tests found' }] }).failed).toBe(1)
})
