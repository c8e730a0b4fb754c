import { describe, expect, it, vi } from 'vitest'
import type { Point } from '@/server/model/metrics'
import { PointSeries, spanMs, toColumns } from './point-series'

const point = (at: number, cpu: number | null = 0.5): Point => ({
  at,
  cpu,
  memoryBytes: 1,
  memoryCacheBytes: null,
  diskRead: 0,
  diskWrite: 0,
  netRx: 0,
  netTx: 0,
})

describe('points of a graph', () => {
  it('breaks the line where points are missing', () => {
    const [times, cpu] = toColumns([point(5000, 0.1), point(10_000, 0.2), point(60_000, 0.3)], ['cpu'])
    expect(times).toEqual([5, 10, 10.001, 60])
    expect(cpu).toEqual([0.1, 0.2, null, 0.3])
  })

  it('keeps a null a gap', () => {
    expect(toColumns([point(5000, null)], ['cpu'])[1]).toEqual([null])
  })

  it('joins the past with what came while it was being read', () => {
    const series = new PointSeries()
    series.push({ at: 20_000, rows: [['a', 0.9, 2, null, 0, 0, 0, 0]] }, 'a')
    series.load([point(10_000), point(15_000)])
    expect(series.points.map((each) => each.at)).toEqual([10_000, 15_000, 20_000])
    series.load([point(15_000), point(20_000)])
    expect(series.points.map((each) => each.at)).toEqual([15_000, 20_000])
  })

  it('forgets what is older than the span, and other guests', () => {
    const series = new PointSeries()
    const heard = vi.fn()
    series.subscribe(heard)
    series.push({ at: 1000, rows: [['a', 0.1]] }, 'a')
    series.push({ at: 6000, rows: [['b', 0.1]] }, 'a')
    series.push({ at: spanMs + 5000, rows: [['a', 0.2]] }, 'a')
    expect(series.points.map((each) => each.cpu)).toEqual([0.2])
    expect(heard).toHaveBeenCalledTimes(2)
  })
})
