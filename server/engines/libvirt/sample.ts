import type { Sample } from '@/server/model/metrics'
import { count, type DomainStats, sum } from './domstats'

/**
 * Counters out of `virsh domstats --cpu-total --balloon --block --interface`; memory there is in KiB.
 * With the guest's balloon driver: available - unused, the page cache included. Without it: what the process holds on the host,
 * and never more than the guest has. QEMU's own memory is in that figure too: under emulation its translated code alone may be
 * hundreds of MiB, so a small guest would seem to use more than its limit until its balloon driver speaks.
 */
export function toSample(stats: DomainStats, at: number): Sample | null {
  const cpuNs = count(stats, 'cpu.time')
  const available = count(stats, 'balloon.available')
  const unused = count(stats, 'balloon.unused')
  const cache = count(stats, 'balloon.disk_caches')
  const process = count(stats, 'balloon.rss')
  const resident = process === undefined ? undefined : Math.min(process, count(stats, 'balloon.current') ?? process)
  const inGuest = available !== undefined && unused !== undefined && available >= unused
  const used = inGuest ? available - unused : resident
  if (cpuNs === undefined && used === undefined) return null
  return {
    name: stats.name,
    at,
    cpuNs,
    memoryUsedBytes: used === undefined ? undefined : used * 1024,
    memoryCacheBytes: inGuest && cache !== undefined ? Math.min(cache, used ?? cache) * 1024 : undefined,
    diskReadBytes: sum(stats, 'block', 'rd.bytes'),
    diskWriteBytes: sum(stats, 'block', 'wr.bytes'),
    netRxBytes: sum(stats, 'net', 'rx.bytes'),
    netTxBytes: sum(stats, 'net', 'tx.bytes'),
  }
}
