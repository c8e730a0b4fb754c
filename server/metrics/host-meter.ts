import { readSpace } from '@/server/exec/df'
import type { Exec } from '@/server/exec/types'
import type { HostFigures } from '@/server/model/host'
import type { Point } from '@/server/model/metrics'
import { type Devices, findDevices, findDevicesAtOnce, type HostReading, readHost, readHostAtOnce } from './host-counters'
import { readFreebsd } from './host-freebsd'
import { pointOf, share } from './rates'

/** Disks and cards come and go seldom, and how full a disk is changes slowly. */
const slowMs = 60_000

export type HostMeter = {
  /** Reads the host; rejects when it does not answer. */
  read(): Promise<HostReading>
  /** The point between this reading and the last one. */
  point(reading: HostReading, at: number, longestMs: number): Point
  figures(): HostFigures | null
}

/** What a meter needs to know of its host. */
export type Metered = {
  exec: Exec
  /** This machine is read without starting a process; another one in one command. */
  local: boolean
  /** As uname(1) calls it. */
  system?: string
  cpus: () => number
  /** The first of these that is there: its disk is told. */
  folders: string[]
}

/** The figures of one host. */
export function createHostMeter({ exec, local, system, cpus, folders }: Metered): HostMeter {
  let devices: Devices | undefined
  let slowAt = Number.NEGATIVE_INFINITY
  let space: { total: number; free: number } | null = null
  let last: HostReading | undefined
  let figures: HostFigures | null = null

  async function readSlowly(): Promise<Devices> {
    const found = devices
    if (found && performance.now() - slowAt < slowMs) return found
    slowAt = performance.now()
    devices = system === 'FreeBSD' ? { disks: new Set(), cards: new Set() } : await (local ? findDevices : findDevicesAtOnce)(exec)
    // The folder may be made later; until then nothing is told.
    space = await readSpace(exec, folders).catch(() => null)
    return devices
  }

  async function read(): Promise<HostReading> {
    const known = await readSlowly()
    if (system === 'FreeBSD') return readFreebsd(exec)
    return local ? readHost(exec, known) : readHostAtOnce(exec, known)
  }

  return {
    read,
    point(reading, at, longestMs) {
      const before = last
      last = reading
      const point = pointOf(before?.sample, reading.sample, { at, cpus: 1, longestMs })
      const total = before?.ticks && reading.ticks ? reading.ticks.total - before.ticks.total : 0
      const busy = before?.ticks && reading.ticks ? reading.ticks.busy - before.ticks.busy : -1
      const recent = before !== undefined && reading.sample.at - before.sample.at <= longestMs
      point.cpu = recent && total > 0 && busy >= 0 ? share(busy / total) : null
      figures = {
        cpus: cpus(),
        cpu: point.cpu ?? figures?.cpu ?? 0,
        memoryBytes: reading.memoryBytes,
        memoryUsedBytes: reading.sample.memoryUsedBytes ?? 0,
        diskFreeBytes: space?.free,
        diskBytes: space?.total,
        load1: reading.load1,
      }
      return point
    },
    figures: () => figures,
  }
}
