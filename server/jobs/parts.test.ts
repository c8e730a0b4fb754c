import { describe, expect, test, vi } from 'vitest'
import type { Guest } from '@/server/model/guest'
import type { Expectation } from '@/server/model/plan'
import { createCheck } from './check'
import { commandLine } from './command-line'
import { createLocks, lockKey } from './locks'
import { masker } from './mask'
import { planView } from './plan-view'
import { progressReader } from './progress'
import { throttle } from './throttle'
import { expectWords, operationTitle } from './words'

const guest: Guest = {
  id: 'h~incus~web-01',
  host: 'h',
  engine: 'incus',
  name: 'web-01',
  type: 'container',
  state: 'running',
  cpus: 2,
  memoryBytes: 512 * 2 ** 20,
  addresses: [],
  autostart: false,
  persistent: true,
  tags: [],
  consoles: ['shell'],
}

describe('masker', () => {
  test('hides the longest secret first and ignores empty ones', () => {
    expect(masker(['', 'pass', 'password'])('password pass')).toBe('•••••• ••••••')
  })
  test('hides a secret in an address', () => {
    expect(masker(['a/b c'])('http://x?p=a%2Fb%20c')).toBe('http://x?p=••••••')
  })
})

describe('progressReader', () => {
  const plain = (text: string) => text
  test('takes the last percentage, across redrawn lines and pieces', () => {
    const read = progressReader('percent', plain)
    expect(read('Unpacking: 3%\rUnpacking: 1')).toMatchObject({ fraction: 0.03 })
    expect(read('7%\r')).toEqual({ fraction: 0.17, text: 'Unpacking: 17%' })
    expect(read('    (42.50/100%)\r')).toMatchObject({ fraction: 0.425 })
    expect(read('')).toBeNull()
  })
  test('reads the meter of curl, which has no % sign', () => {
    const read = progressReader('percent', plain)
    const line = ' 45  180M   45   81M    0     0  9.0M      0  0:00:20  0:00:09  0:00:11 9.0M'
    expect(read('  % Total    % Received % Xferd  Average Speed   Time\n')).toMatchObject({ text: expect.stringContaining('Total') })
    expect(read(`\r${line}\r`)).toEqual({ fraction: 0.45, text: '45% of 180M, 9.0M/s' })
    expect(read('  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r')).toMatchObject({ fraction: 0 })
    expect(read('1 2 3 4\n')).toMatchObject({ text: '1 2 3 4' })
  })
  test('shows only whole lines, so that half a secret is never seen', () => {
    const read = progressReader('lines', masker(['hunter22']))
    expect(read('key is hunt')).toBeNull()
    expect(read('er22\nne')).toEqual({ text: 'key is ••••••' })
    expect(read('xt\n\n')).toEqual({ text: 'next' })
  })
})

describe('words', () => {
  test.each<[Expectation, string]>([
    [{ kind: 'guest', name: 'web-01', states: ['running'] }, 'done when web-01 is running'],
    [{ kind: 'guest', name: 'a', states: ['running', 'paused'] }, 'done when a is running or paused'],
    [{ kind: 'guest', name: 'a' }, 'done when every step succeeded and a exists'],
    [
      { kind: 'guest', name: 'a', fields: { cpus: 1, memoryBytes: 2 ** 29, autostart: true } },
      'done when a has 1 CPU, 512 MiB of memory and autostart on',
    ],
    [
      { kind: 'guest', name: 'a', states: ['stopped'], fields: { cpus: 2, autostart: false } },
      'done when a is stopped with 2 CPUs and autostart off',
    ],
    [{ kind: 'absent', name: 'a' }, 'done when a is gone'],
    [{ kind: 'snapshot', name: 'a', snapshot: 's1', present: false }, 'done when a no longer has the snapshot s1'],
    [{ kind: 'file', path: '/x', present: true }, 'done when /x is there'],
    [{ kind: 'none' }, 'done when every step succeeded'],
  ])('%j', (expectation, words) => expect(expectWords(expectation)).toBe(words))
  test('titles name the guest', () => {
    expect(operationTitle({ kind: 'kill', name: 'db' })).toBe('Kill db')
    expect(operationTitle({ kind: 'rename', name: 'db', newName: 'db2' })).toBe('Rename db to db2')
  })
})

describe('createCheck', () => {
  const check = (found: Guest | null) =>
    createCheck({
      guest: async () => found,
      snapshots: async () => [{ name: 's1', current: false, memory: false }],
      stat: async (path) => (path === '/there' ? {} : null),
    })
  const signal = new AbortController().signal
  test.each<[Expectation, Guest | null, boolean, string]>([
    [{ kind: 'guest', name: 'web-01', states: ['running'] }, guest, true, 'web-01 is running'],
    [
      { kind: 'guest', name: 'web-01', states: ['stopped'] },
      { ...guest, warning: 'out of memory' },
      false,
      'web-01 is running (out of memory)',
    ],
    [{ kind: 'guest', name: 'web-01', fields: { cpus: 4, autostart: false } }, guest, false, 'web-01 is running with 2 CPUs'],
    [{ kind: 'guest', name: 'web-01' }, null, false, 'there is no web-01'],
    [{ kind: 'absent', name: 'web-01' }, guest, false, 'web-01 is still there, running'],
    [{ kind: 'absent', name: 'web-01' }, null, true, 'there is no web-01'],
    [{ kind: 'snapshot', name: 'web-01', snapshot: 's1', present: true }, guest, true, 'web-01 has the snapshot s1'],
    [{ kind: 'snapshot', name: 'web-01', snapshot: 's2', present: true }, guest, false, 'web-01 has not the snapshot s2'],
    [{ kind: 'file', path: '/there', present: false }, null, false, '/there is there'],
  ])('%j', async (expectation, found, holds, seen) => {
    expect(await check(found)(expectation, signal)).toEqual({ holds, seen })
  })
})

describe('locks', () => {
  test('all or none, named holder, and freed by release', () => {
    const locks = createLocks()
    const [first, second] = [{ title: 'Start a' }, { title: 'Clone a to b' }]
    locks.take(['a'], first)
    locks.take(['a', 'c'], first)
    expect(() => locks.take(['b', 'a'], second)).toThrow('“Start a” is under way')
    expect(locks.holder('b')).toBeUndefined()
    locks.release(first)
    locks.take(['b', 'a', 'c'], second)
    expect(locks.holder('a')).toBe(second)
  })
  test('guests of two engines may share a name, images are one per host', () => {
    expect(lockKey('h', 'libvirt', 'guest:a')).not.toBe(lockKey('h', 'incus', 'guest:a'))
    expect(lockKey('h', 'libvirt', 'image:a')).toBe(lockKey('h', undefined, 'image:a'))
  })
})

test('a plan is shown with its secrets masked everywhere', () => {
  const view = planView({
    steps: [
      { title: 'Seed', write: { path: '/s', mode: 0o600, content: 'pw: hunter22' }, secrets: ['hunter22'] },
      { title: 'Init', argv: ['incus', 'init', 'hunter22'], stdin: '{"pw":"hunter22"}', undo: ['forget', 'hunter22'] },
    ],
    expect: { kind: 'guest', name: 'a', states: ['running'] },
    warnings: ['slow'],
    locks: [],
  })
  expect(JSON.stringify(view)).not.toContain('hunter22')
  expect(view).toMatchObject({ expect: 'done when a is running', warnings: ['slow'] })
})

test('a command line can be copied into a terminal', () => {
  expect(commandLine({ title: '', argv: ['virsh', '-c', 'qemu:///system', 'start', '--', "it's"] })).toBe(
    `virsh -c qemu:///system start -- 'it'\\''s'`,
  )
})

test('throttle lets the first and the last call through', () => {
  vi.useFakeTimers()
  const act = vi.fn()
  const limited = throttle(250, act)
  for (let i = 0; i < 10; i++) limited.call()
  expect(act).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(250)
  expect(act).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1000)
  expect(act).toHaveBeenCalledTimes(2)
  limited.call()
  limited.call()
  limited.stop()
  vi.advanceTimersByTime(1000)
  expect(act).toHaveBeenCalledTimes(3)
  vi.useRealTimers()
})
