import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pointKeys, sparkLength } from '@/server/model/metrics'
import { createHistory } from './history'
import { gapAt } from './rates'

const point = (at: number, cpu: number | null) => ({ ...gapAt(at), cpu })

describe('the past for small lines', () => {
  it('ends before the newest point, breaks where it was not measured, and leaves out who is gone', () => {
    const history = createHistory(5000)
    for (const [at, cpu] of [
      [1, 0.1],
      [2, null],
      [3, 0.256],
      [4, 1],
    ] as const) {
      history.add('a', point(at * 5000, cpu))
      history.add('gone', point(at * 5000, 0.5))
      history.frame(at * 5000)
    }
    history.gap('gone', 25_000)
    expect(history.past(sparkLength)).toEqual([['a', 10, null, 26]])
    expect(history.past(2)).toEqual([['a', null, 26]])
    expect(history.latest().rows.map(([id, cpu]) => [id, cpu])).toEqual([['a', 1]])
  })

  it('of 1,000 busy guests is small on the wire', () => {
    const history = createHistory(5000)
    let random = 1
    for (let at = 1; at <= sparkLength; at++) {
      for (let n = 0; n < 1000; n++) {
        random = (random * 48271) % 2147483647
        history.add(`local~libvirt~guest-${n}`, point(at * 5000, random / 2147483647))
      }
      history.frame(at * 5000)
    }
    const past = history.past(sparkLength - 1)
    expect(past).toHaveLength(1000)
    expect(past[0]).toHaveLength(sparkLength)
    // Nothing compresses worse than chance: a real host stays far below.
    expect(gzipSync(JSON.stringify(past)).length).toBeLessThan(60_000)
    expect(history.latest().rows[0]).toHaveLength(pointKeys.length + 1)
  })
})
