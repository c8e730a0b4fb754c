import type { Sample } from '@/server/model/metrics'
import type { Instance } from './api'

const known = (value: number | undefined): number | undefined => (value === undefined || value < 0 ? undefined : value)

/** Counters of one instance out of the list; null when it does not run. -1 is the daemon's "cannot tell". */
export function toSample(instance: Instance, at: number): Sample | null {
  const { state } = instance
  if (!state || state.pid <= 0) return null
  const cards = Object.values(state.network ?? {}).filter((nic) => nic.type !== 'loopback')
  return {
    name: instance.name,
    at,
    cpuNs: known(state.cpu.usage),
    memoryUsedBytes: known(state.memory.usage),
    netRxBytes: cards.reduce((total, nic) => total + nic.counters.bytes_received, 0),
    netTxBytes: cards.reduce((total, nic) => total + nic.counters.bytes_sent, 0),
  }
}
