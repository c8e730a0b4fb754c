import { describe, expect, it } from 'vitest'
import { endInLog } from './log-place'

const lines = (from: number, to: number) => Buffer.from(Array.from({ length: to - from }, (_, i) => `count ${from + i}\r\n`).join(''))

describe('the place in a log', () => {
  const log = lines(0, 1000)

  it('is where the text stands, whatever was expected', () => {
    const end = lines(0, 400).length
    const tail = log.subarray(end - 512, end)
    for (const expected of [null, end, end - 300, end + 5000, 0]) expect(endInLog(log, 0, tail, expected)).toBe(end)
    expect(endInLog(log.subarray(1000), 1000, tail, end)).toBe(end - 1000)
  })

  it('is the expected one where the same stands everywhere', () => {
    const ticks = Buffer.from('tick\r\n'.repeat(5000))
    const tail = ticks.subarray(0, 512)
    const end = 6 * 1234 + (512 % 6)
    expect(endInLog(ticks, 0, tail, end)).toBe(end)
    // What was counted is a little off: the nearest.
    expect(Math.abs(endInLog(ticks, 0, tail, end + 2) - end)).toBeLessThan(6)
    expect(endInLog(ticks.subarray(600), 600, tail, end)).toBe(end - 600)
  })

  it('is found where the log has single bytes twice', () => {
    const end = lines(0, 400).length
    const before = log.subarray(0, end)
    const tail = before.subarray(-512)
    const twice = (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at - 1)])
    const doubled = [20, 120, 121, 300].reduce((bytes, back) => twice(bytes, bytes.length - back), before)
    expect(endInLog(Buffer.concat([doubled, log.subarray(end)]), 0, tail, end)).toBe(doubled.length)
  })

  it('is nowhere in another log, or where too little is known', () => {
    expect(endInLog(lines(2000, 3000), 0, log.subarray(0, 512), 600)).toBe(-1)
    expect(endInLog(Buffer.from('login: '), 0, Buffer.from('x'), null)).toBe(-1)
    expect(endInLog(log, 0, Buffer.alloc(0), log.length + 1)).toBe(-1)
    expect(endInLog(log, 0, Buffer.alloc(0), 10)).toBe(10)
  })
})
