import { describe, expect, it } from 'vitest'
import type { Point } from '@/server/model/metrics'
import { gapAt } from './rates'
import { createRing } from './ring'

const point = (at: number, change: Partial<Point> = {}): Point => ({
  at,
  cpu: 0.123,
  memoryBytes: 536_870_912,
  memoryCacheBytes: null,
  diskRead: 0,
  diskWrite: 1_000_000,
  netRx: 7,
  netTx: null,
  ...change,
})

describe('ring', () => {
  it('gives back what was put in, oldest first, unknowns included', () => {
    const ring = createRing(10)
    ring.push(point(1))
    ring.push(gapAt(2))
    expect(ring.points(0)).toEqual([point(1), gapAt(2)])
    expect(ring.newest).toBe(2)
  })
  it('keeps the last ones', () => {
    const ring = createRing(3)
    for (let at = 1; at <= 10; at++) ring.push(point(at, { netRx: at }))
    expect(ring.points(0)).toEqual([8, 9, 10].map((at) => point(at, { netRx: at })))
    expect(ring.points(9).map(({ at }) => at)).toEqual([9, 10])
  })
  it('begins anew when time goes backwards, so that times always rise', () => {
    const ring = createRing(3)
    ring.push(point(100))
    ring.push(point(105))
    ring.push(point(50))
    ring.push(point(55))
    expect(ring.points(0).map(({ at }) => at)).toEqual([50, 55])
  })
  it('replaces a point of the same time', () => {
    const ring = createRing(3)
    for (const at of [1, 2, 3, 4]) ring.push(point(at))
    ring.push(point(4, { netRx: 1 }))
    expect(ring.points(0)).toEqual([point(2), point(3), point(4, { netRx: 1 })])
  })
})
