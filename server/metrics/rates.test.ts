import { describe, expect, it } from 'vitest'
import type { Sample } from '@/server/model/metrics'
import { pointOf, rate } from './rates'

const sample = (at: number, counters: Partial<Sample>): Sample => ({ name: 'a', at, ...counters })
const made = { at: 10_000, cpus: 2, longestMs: 20_000 }

describe('rate', () => {
  it('is per second', () => {
    expect(rate(1000, 6000, 5000)).toBe(1000)
    expect(rate(0, 0, 5000)).toBe(0)
  })
  it('is unknown after a reset, without time, with time going backwards, and without a counter', () => {
    expect(rate(6000, 10, 5000)).toBeNull()
    expect(rate(1, 2, 0)).toBeNull()
    expect(rate(1, 2, -5000)).toBeNull()
    expect(rate(undefined, 2, 5000)).toBeNull()
    expect(rate(1, undefined, 5000)).toBeNull()
  })
})

describe('point', () => {
  it('gives rates per second and processor time as a share of its processors', () => {
    const before = sample(5000, { cpuNs: 1e9, diskReadBytes: 0, diskWriteBytes: 100, netRxBytes: 7, netTxBytes: 0 })
    const after = sample(10_000, {
      cpuNs: 6e9,
      memoryUsedBytes: 512,
      memoryCacheBytes: 12,
      diskReadBytes: 50_000,
      diskWriteBytes: 100,
      netRxBytes: 12,
      netTxBytes: 5,
    })
    expect(pointOf(before, after, made)).toEqual({
      at: 10_000,
      cpu: 0.5,
      memoryBytes: 512,
      memoryCacheBytes: 12,
      diskRead: 10_000,
      diskWrite: 0,
      netRx: 1,
      netTx: 1,
    })
  })
  it('never says more than all processors', () => {
    expect(pointOf(sample(5000, { cpuNs: 0 }), sample(10_000, { cpuNs: 11e9 }), made).cpu).toBe(1)
  })
  it('knows levels but no rates at first and after a gap', () => {
    const now = sample(60_000, { cpuNs: 6e9, memoryUsedBytes: 512, netRxBytes: 9 })
    expect(pointOf(undefined, now, made)).toMatchObject({ cpu: null, memoryBytes: 512, netRx: null })
    expect(pointOf(sample(1000, { cpuNs: 1e9, netRxBytes: 1 }), now, made)).toMatchObject({ cpu: null, memoryBytes: 512, netRx: null })
  })
  it('takes processor time that went back for a restart: no rate goes on from before', () => {
    const before = sample(5000, { cpuNs: 9e9, netRxBytes: 10 })
    expect(pointOf(before, sample(10_000, { cpuNs: 1e9, netRxBytes: 5_000_000 }), made)).toMatchObject({ cpu: null, netRx: null })
  })
  it('loses only the counter that was reset when the guest goes on', () => {
    const before = sample(5000, { cpuNs: 0, netRxBytes: 1000, netTxBytes: 0 })
    const point = pointOf(before, sample(10_000, { cpuNs: 1e9, netRxBytes: 10, netTxBytes: 5 }), made)
    expect(point).toMatchObject({ cpu: 0.1, netRx: null, netTx: 1 })
  })
  it('takes a rate that the engine tells as it is, without an earlier sample, and makes the others of counters', () => {
    const rates = { cpu: 0.25, netRx: 10.4 }
    const now = sample(10_000, { cpuNs: 6e9, netTxBytes: 1000, rates })
    expect(pointOf(undefined, now, made)).toMatchObject({ cpu: 0.25, netRx: 10, netTx: null })
    const point = pointOf(sample(5000, { cpuNs: 0, netTxBytes: 0, rates: { cpu: 1 } }), now, made)
    expect(point).toMatchObject({ cpu: 0.25, netRx: 10, netTx: 200 })
    expect(pointOf(undefined, sample(10_000, { rates: { cpu: 1.7 } }), made).cpu).toBe(1)
  })
})
