import { describe, expect, it, vi } from 'vitest'
import { createAddressWaits } from './addresses'
import { countCpus, memoryTotal, parseSysctl, prettyName, readFacts } from './facts'
import { createFakeEngine, fakeExec } from './fake-engine'
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

describe('facts of FreeBSD', () => {
  const freebsd = (release: string) => ({
    ...fakeExec(),
    async read(argv: readonly string[]) {
      const said: Record<string, string> = {
        uname: 'FreeBSD 14.1-RELEASE-p5 amd64\n',
        sysctl: '8\n34170126336\n',
        'freebsd-version': '14.1-RELEASE-p6\n',
      }
      return said[argv[0] ?? ''] ?? ''
    },
    readFile: async () => Buffer.from(release),
  })

  it('come from sysctl and os-release, or freebsd-version where there is none', async () => {
    expect(await readFacts(freebsd('NAME=FreeBSD\nPRETTY_NAME="FreeBSD 14.1-RELEASE"\n'))).toEqual({
      system: 'FreeBSD',
      kernel: '14.1-RELEASE-p5',
      arch: 'x86_64',
      os: 'FreeBSD 14.1-RELEASE',
      cpus: 8,
      memoryBytes: 34_170_126_336,
    })
    expect((await readFacts(freebsd(''))).os).toBe('FreeBSD 14.1-RELEASE-p6')
    expect(parseSysctl('sysctl: unknown oid\n')).toEqual({ cpus: undefined, memoryBytes: undefined })
  })
})

it('backs off from half a second to the most', () => {
  expect([1, 2, 3, 7, 20, 2000].map((failures) => backOff(failures, 30_000))).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000])
})

describe('waiting for an address', () => {
  const { guest } = createFakeEngine('incus').fake
  const stopped = guest('a')
  const started = guest('a', { state: 'running' })
  const addressed = guest('a', { state: 'running', addresses: ['10.0.0.2'] })

  it('reads a guest that was started again until it has one', async () => {
    const read = vi.fn()
    const waits = createAddressWaits(read, [1, 1, 1])
    waits.seen('a', stopped, started)
    await expect.poll(() => read.mock.calls.length).toBe(1)
    waits.seen('a', started, started)
    await expect.poll(() => read.mock.calls.length).toBe(2)
    waits.seen('a', started, addressed)
    waits.seen('a', addressed, started)
    expect(read).toHaveBeenCalledTimes(2)
  })
  it('gives up after some time, and when it stops or vanishes', () => {
    vi.useFakeTimers()
    const read = vi.fn()
    const waits = createAddressWaits(read, [1, 1])
    waits.seen('a', undefined, started)
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(10)
      waits.seen('a', started, started)
    }
    expect(read).toHaveBeenCalledTimes(2)
    waits.seen('a', stopped, started)
    waits.seen('a', started, stopped)
    waits.seen('b', undefined, started)
    waits.seen('b', started, null)
    vi.advanceTimersByTime(10)
    expect(read).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })
})
