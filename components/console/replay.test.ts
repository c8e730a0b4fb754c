import { describe, expect, it } from 'vitest'
import { isReport, ReplayGuard } from './replay'

const reports = [
  '\x1b[?1;2c',
  '\x1b[>0;276;0c',
  '\x1b[12;40R',
  '\x1b[0n',
  '\x1b[?2026;2$y',
  '\x1b]10;rgb:e3e3/e8e8/eded\x1b\\',
  '\x1bP1$r0m\x1b\\',
]
const typed = ['a', 'ls -l\r', '\x03', '\x1b', '\x1b[A', '\x1bOP', '\x1b[3~', '\x1b[200~[0n\x1b[201~', '\x1b[M !!', 'c', 'R']

describe('isReport', () => {
  it.each(reports)('knows the answer %j', (data) => expect(isReport(data)).toBe(true))
  it.each(typed)('lets %j pass', (data) => expect(isReport(data)).toBe(false))
})

describe('ReplayGuard', () => {
  it('keeps the terminal from answering old questions, never a person from typing', () => {
    const guard = new ReplayGuard()
    guard.begin(100, 500)
    guard.drawn(300)
    expect(guard.suppresses('\x1b[?1;2c')).toBe(true)
    expect(guard.suppresses('ls\r')).toBe(false)
    guard.drawn(500)
    expect(guard.suppresses('\x1b[?1;2c')).toBe(false)
  })

  it('takes a log that is shown before the source is there for the past', () => {
    const guard = new ReplayGuard()
    guard.begin(0, 0)
    guard.source(false, 0)
    guard.drawn(200)
    expect(guard.suppresses('\x1b[24;9R')).toBe(true)
    guard.source(true, 300)
    expect(guard.suppresses('\x1b[24;9R')).toBe(true)
    guard.drawn(300)
    expect(guard.suppresses('\x1b[24;9R')).toBe(false)
  })
})
