import type { Point, Sample } from '@/server/model/metrics'

type Made = { at: number; cpus: number /** Samples further apart than this tell nothing about now. */; longestMs: number }

/** Per second; null when a counter is missing, went back (it was reset) or no time passed. */
export function rate(before: number | undefined, after: number | undefined, ms: number): number | null {
  if (before === undefined || after === undefined || ms <= 0 || after < before) return null
  return ((after - before) * 1000) / ms
}

const whole = (value: number | null): number | null => (value === null ? null : Math.round(value))
/** A share of 0..1 with three decimals: enough for a graph, short on the wire. */
export const share = (value: number | null): number | null =>
  value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000

/** One point out of two samples. Without an earlier one, or after a restart, rates are unknown and levels are not. */
export function pointOf(before: Sample | undefined, after: Sample, { at, cpus, longestMs }: Made): Point {
  // Processor time that went back means a restart: then no counter goes on from before.
  const restarted = before?.cpuNs !== undefined && after.cpuNs !== undefined && after.cpuNs < before.cpuNs
  const ms = before && !restarted ? after.at - before.at : 0
  const known = ms > 0 && ms <= longestMs ? before : undefined
  const nsPerSecond = rate(known?.cpuNs, after.cpuNs, ms)
  const counted = nsPerSecond === null ? null : nsPerSecond / 1e9 / Math.max(1, cpus)
  // Where the engine tells a rate it needs no earlier sample.
  const told = after.rates ?? {}
  return {
    at,
    cpu: share(told.cpu ?? counted),
    memoryBytes: whole(after.memoryUsedBytes ?? null),
    memoryCacheBytes: whole(after.memoryCacheBytes ?? null),
    diskRead: whole(told.diskRead ?? rate(known?.diskReadBytes, after.diskReadBytes, ms)),
    diskWrite: whole(told.diskWrite ?? rate(known?.diskWriteBytes, after.diskWriteBytes, ms)),
    netRx: whole(told.netRx ?? rate(known?.netRxBytes, after.netRxBytes, ms)),
    netTx: whole(told.netTx ?? rate(known?.netTxBytes, after.netTxBytes, ms)),
  }
}

/** Where a line is to be broken: it was not running, or could not be read. */
export const gapAt = (at: number): Point => ({
  at,
  cpu: null,
  memoryBytes: null,
  memoryCacheBytes: null,
  diskRead: null,
  diskWrite: null,
  netRx: null,
  netTx: null,
})
