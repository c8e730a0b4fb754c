import { describe, expect, it } from 'vitest'
import { countCpus, memoryTotal, prettyName } from './facts'
import { backOff } from './nap'
import { same } from './same'

describe('same', () => {
  it('compares by content, and an absent key is an undefined one', () => {
    expect(same({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] })).toBe(true)
    expect(same({ a: 1 }, { a: 1, c: undefined })).toBe(true)
    expect(same({ a: [1, 2] }, { a: [1] })).toBe(false)
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(same({ a: 1, b: 2 }, { a: 1 })).toBe(false)
    expect(same({ a: null }, { a: undefined })).toBe(false)
    expect(same([], {})).toBe(false)
  })
})

describe('host facts', () => {
  it('reads what files say', () => {
    expect(prettyName('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe('Debian GNU/Linux 12 (bookworm)')
    expect(prettyName('PRETTY_NAME=FreeBSD\n')).toBe('FreeBSD')
    expect(prettyName('')).toBeUndefined()
    expect(countCpus('0-3,6\n')).toBe(5)
    expect(countCpus('0\n')).toBe(1)
    expect(memoryTotal('MemTotal:       16384 kB\nMemFree: 1 kB\n')).toBe(16 * 1024 * 1024)
  })
})

it('backs off from half a second to the most', () => {
  expect([1, 2, 3, 7, 20, 2000].map((failures) => backOff(failures, 30_000))).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000])
})
