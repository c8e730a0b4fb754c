import type { Logger } from 'pino'
import type { Exec } from '@/server/exec/types'
import { type EngineKind, guestId } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { type LiveFrame, type Sample, sparkLength } from '@/server/model/metrics'
import type { Inventory, Metrics } from '@/server/services'
import { createHistory } from './history'
import { createHostMeter, type HostMeter } from './host-meter'
import { pointOf } from './rates'

type Options = {
  inventory: Pick<Inventory, 'hosts' | 'host' | 'guests' | 'guest' | 'engine' | 'exec'>
  log: Pick<Logger, 'debug'>
  /** Between two samples. Default 5,000 ms. */
  intervalMs?: number
  /** Folders of a host, the likeliest first, whose disk counts as the host's: where guests are kept. */
  folders?: (host: HostView) => string[]
}

/** Where samples come from: an engine on a host, or the host itself. `ids`: what it measured last. */
type Source = { running: boolean; samples: Map<string, Sample>; empty: number }

/** An engine that tells no counters of guests that run (libvirt's test driver) so many times … */
const emptyBefore = 3
/** … is from then on asked only every so many intervals. */
const restIntervals = 12

/** Samples further apart than this many intervals leave a gap. */
const longestIntervals = 4

/** Every 5 s one sample of each engine and host; rates of the last 15 minutes in memory, and a frame to whoever looks. */
export function createMetrics({ inventory, log, intervalMs = 5000, folders = () => ['/'] }: Options): Metrics {
  const history = createHistory(intervalMs)
  const listeners = new Set<(frame: LiveFrame) => void>()
  const sources = new Map<string, Source>()
  const meters = new Map<string, { exec: Exec; meter: HostMeter }>()
  const closing = new AbortController()
  const longestMs = intervalMs * longestIntervals
  const since = Date.now()
  let arrived: ((at: number) => void)[] = []

  function sourceOf(key: string): Source {
    const source = sources.get(key) ?? { running: false, samples: new Map(), empty: 0 }
    sources.set(key, source)
    return source
  }

  function meterOf(view: HostView): HostMeter {
    const { id, transport, system } = view
    const exec = inventory.exec(id)
    const known = meters.get(id)
    // A host that moved is another machine.
    if (known?.exec === exec) return known.meter
    const cpus = () => inventory.host(id)?.cpus ?? 1
    const meter = createHostMeter({ exec, local: transport === 'local', system, cpus, folders: folders(view) })
    meters.set(id, { exec, meter })
    return meter
  }

  /** Reads a source unless it is still being read; what it gave is worked in when the frame is made. */
  async function read<T>(key: string, work: () => Promise<T>, take: (source: Source, result: T | null, at: number) => void): Promise<void> {
    const source = sourceOf(key)
    if (source.running) return
    source.running = true
    let result: T | null = null
    try {
      result = await work()
    } catch (error) {
      log.debug({ source: key, cause: error instanceof Error ? error.message : String(error) }, 'no sample')
    }
    source.running = false
    arrived.push((at) => {
      if (sources.get(key) === source) take(source, result, at)
    })
  }

  function takeGuests(host: string, kind: EngineKind, source: Source, samples: Sample[] | null, at: number): void {
    const next = new Map<string, Sample>()
    for (const sample of samples ?? []) {
      const id = guestId(host, kind, sample.name)
      next.set(id, sample)
      const cpus = inventory.guest(id)?.cpus || inventory.host(host)?.cpus || 1
      history.add(id, pointOf(source.samples.get(id), sample, { at, cpus, longestMs }))
    }
    for (const id of source.samples.keys()) if (!next.has(id)) history.gap(id, at)
    source.samples = next
  }

  /** Starting a program for nothing is the dearest part of measuring: an engine is asked only when it has something to tell. */
  async function sampleGuests(host: string, kind: EngineKind, source: Source, alive: boolean): Promise<Sample[]> {
    if (!alive) source.empty = 0
    const rests = source.empty >= emptyBefore && ++source.empty % restIntervals !== 0
    if (!alive || rests) return []
    const samples = (await inventory.engine(host, kind).sample?.(closing.signal)) ?? []
    if (samples.length > 0) source.empty = 0
    else if (source.empty < emptyBefore) source.empty++
    return samples
  }

  function readAll(): { keys: Set<string>; work: Promise<void>[] } {
    const keys = new Set<string>()
    const work: Promise<void>[] = []
    const alive = new Set(
      inventory.guests().flatMap(({ host, engine, state }) => (state === 'running' || state === 'paused' ? `${host}~${engine}` : [])),
    )
    for (const view of inventory.hosts()) {
      const { id: host, engines, state } = view
      // Of a host that does not answer nothing is asked; its lines break.
      if (state === 'down' || (state === 'connecting' && view.system === undefined)) continue
      const meter = meterOf(view)
      keys.add(host)
      work.push(
        read(
          host,
          () => meter.read(),
          (_, reading, at) => {
            if (reading) history.add(host, meter.point(reading, at, longestMs))
            else history.gap(host, at)
          },
        ),
      )
      for (const { kind, state } of engines) {
        if (state !== 'ready') continue
        const key = `${host}~${kind}`
        keys.add(key)
        const sample = () => sampleGuests(host, kind, sourceOf(key), alive.has(key))
        work.push(read(key, sample, (source, samples, at) => takeGuests(host, kind, source, samples, at)))
      }
    }
    return { keys, work }
  }

  function forget(key: string, source: Source, at: number): void {
    for (const id of source.samples.keys()) history.gap(id, at)
    if (meters.delete(key)) history.gap(key, at)
    sources.delete(key)
  }

  async function tick(): Promise<void> {
    const at = Date.now()
    const { keys, work } = readAll()
    // A slow host does not hold up the others: what it gives goes into the next frame.
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, intervalMs * 0.4)
    })
    await Promise.race([Promise.all(work), patience])
    clearTimeout(timer)
    if (closing.signal.aborted) return
    const ready = arrived
    arrived = []
    for (const take of ready) take(at)
    for (const [key, source] of sources) if (!keys.has(key)) forget(key, source, at)
    const frame = history.frame(at)
    for (const listener of [...listeners]) listener(frame)
  }

  // Soon after the start there is something to see; hosts have been found by then.
  let timer = setTimeout(
    () => {
      void tick()
      timer = setInterval(() => void tick(), intervalMs)
    },
    Math.min(1000, intervalMs),
  )

  return {
    latest: history.latest,
    past: () => history.past(sparkLength - 1),
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    since,
    recent: (id) => history.recent(id, Date.now()),
    hostFigures: (id) => meters.get(id)?.meter.figures() ?? null,
    async close() {
      closing.abort()
      clearInterval(timer)
    },
  }
}
