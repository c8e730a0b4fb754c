import { describe, expect, it, vi } from 'vitest'
import { sparkLength } from '@/server/model/metrics'
import { MetricStore } from './metrics'

describe('the live figures', () => {
  it('keeps a short CPU history and forgets what is older', () => {
    const store = new MetricStore()
    for (let n = 1; n <= sparkLength + 5; n++) store.push({ at: n * 5000, rows: [['a', n / 100, 1, null, 2, 3, 4, 5]] })
    expect(store.cpuHistory('a')).toHaveLength(sparkLength)
    expect(store.cpuHistory('a').at(-1)).toBeCloseTo((sparkLength + 5) / 100)
    expect(store.figures('a')).toEqual({
      cpu: (sparkLength + 5) / 100,
      memoryBytes: 1,
      memoryCacheBytes: null,
      diskRead: 2,
      diskWrite: 3,
      netRx: 4,
      netTx: 5,
    })
  })

  it('begins with the past that the first frame brings, also when it comes again', () => {
    const store = new MetricStore()
    store.push({ at: 5000, rows: [['a', 0.5, 1, null, 0, 0, 0, 0]], past: [['a', 1, null, 30]] })
    expect(store.cpuHistory('a')).toEqual([0.01, null, 0.3, 0.5])
    store.push({ at: 10_000, rows: [['a', 0.6, 1, null, 0, 0, 0, 0]] })
    store.push({ at: 15_000, rows: [['a', 0.7, 1, null, 0, 0, 0, 0]], past: [['a', 30, 50, 60]] })
    expect(store.cpuHistory('a')).toEqual([0.3, 0.5, 0.6, 0.7])
    store.push({ at: 20_000, rows: [], past: [['unknown', 1]] })
    expect(store.cpuHistory('unknown')).toEqual([])
  })

  it('does not show old figures as new once a guest is missing from the frames', () => {
    const store = new MetricStore()
    store.push({ at: 5000, rows: [['a', 0.5, 1, null, 0, 0, 0, 0]] })
    store.push({ at: 10_000, rows: [] })
    expect(store.cpu('a')).toBe(0.5)
    store.push({ at: 30_000, rows: [] })
    expect(store.cpu('a')).toBeNull()
    expect(store.figures('a')).toBeNull()
  })

  it('counts the same frame once', () => {
    const store = new MetricStore()
    store.push({ at: 5000, rows: [['a', 0.1]] })
    store.push({ at: 5000, rows: [['a', 0.1]] })
    expect(store.cpuHistory('a')).toEqual([0.1])
  })

  it('stops telling a listener that left', () => {
    const store = new MetricStore()
    const heard = vi.fn()
    const stop = store.subscribe('a', heard)
    store.push({ at: 5000, rows: [] })
    stop()
    store.push({ at: 10_000, rows: [] })
    expect(heard).toHaveBeenCalledTimes(1)
  })
})
