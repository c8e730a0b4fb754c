'use client'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatPercent, formatTime } from '@/components/format'
import { metrics, useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { trpc } from '@/components/trpc'
import type { Guest } from '@/server/model/guest'
import { formatBytes, formatRate, MiB } from '@/server/model/size'
import { Chart, type Line, type Mark } from './chart'
import { PointSeries, spanMs } from './point-series'
import { unknownUntil } from './unknown-past'

type Graph = { title: string; lines: Line[]; format: (value: number) => string; max?: number; atLeast: number }

const rate = (value: number) => (value < 1 ? '0' : formatRate(value))

/** What is measured: a guest, or a host. */
type Measured = Pick<Guest, 'id' | 'cpus' | 'memoryBytes' | 'state' | 'startedAt'>

/** CPU, memory, disk and network of the last 15 minutes, live. */
export default function GuestCharts({ guest, height }: { guest: Measured; height: number }) {
  const { id } = guest
  const series = useMemo(() => new PointSeries(), [id])
  const past = useQuery(trpc.metrics.recent.queryOptions({ id }, { staleTime: 0, gcTime: 0 }))
  const since = useQuery(trpc.metrics.since.queryOptions(undefined, { staleTime: 0, gcTime: 0 })).data
  const unknown = unknownUntil(since, guest, { now: Date.now(), spanMs })
  useEffect(() => {
    if (past.data) series.load(past.data)
  }, [past.data, series])
  useEffect(() => metrics.onRawFrame((frame) => series.push(frame, id)), [series, id])
  const jobs = useJobs()
  const marks = useMemo<Mark[]>(
    () =>
      jobs
        .filter((job) => job.guest === id && job.startedAt && job.startedAt > Date.now() - spanMs)
        .map((job) => ({ at: job.startedAt ?? 0, label: m.guest.verbOf(job.kind) })),
    [jobs, id],
  )
  const s = m.guest.series
  const allMarks = useMemo(
    () => (unknown === null ? marks : [...marks, { at: unknown, label: m.guest.graphs.serverStart }]),
    [marks, unknown],
  )
  const graphs: Graph[] = [
    { title: s.cpu, lines: [{ key: 'cpu', label: s.cpu, tone: 'accent' }], format: formatPercent, max: 1, atLeast: 1 },
    {
      title: s.memory,
      lines: [
        { key: 'memoryBytes', label: s.used, tone: 'accent' },
        { key: 'memoryCacheBytes', label: s.cache, tone: 'muted' },
      ],
      format: formatBytes,
      max: guest.memoryBytes,
      atLeast: MiB,
    },
    {
      title: s.disk,
      lines: [
        { key: 'diskRead', label: s.read, tone: 'accent' },
        { key: 'diskWrite', label: s.write, tone: 'ok' },
      ],
      format: rate,
      atLeast: 100_000,
    },
    {
      title: s.net,
      lines: [
        { key: 'netRx', label: s.rx, tone: 'accent' },
        { key: 'netTx', label: s.tx, tone: 'ok' },
      ],
      format: rate,
      atLeast: 10_000,
    },
  ]
  return (
    <div className="grid gap-3.5 lg:grid-cols-2">
      {unknown !== null && <p className="text-muted lg:col-span-2">{m.guest.graphs.before(formatTime(unknown))}</p>}
      {graphs.map((graph) => (
        <ChartCard
          key={graph.title}
          graph={graph}
          series={series}
          height={height}
          marks={allMarks}
          unknownUntil={unknown}
          cpus={guest.cpus}
          alive={guest.state !== 'stopped'}
        />
      ))}
    </div>
  )
}

function ChartCard({
  graph,
  series,
  height,
  marks,
  unknownUntil,
  cpus,
  alive,
}: {
  graph: Graph
  series: PointSeries
  height: number
  marks: readonly Mark[]
  unknownUntil: number | null
  cpus: number
  /** Whether figures will come: a stopped guest has none. */
  alive: boolean
}) {
  const reading = useRef<HTMLSpanElement>(null)
  const [empty, setEmpty] = useState(true)
  const isCpu = graph.max === 1
  const onRead = useCallback(
    (text: string) => {
      if (reading.current) reading.current.textContent = isCpu && text ? text.replace('%', `% of ${m.count.cpus(cpus)}`) : text
    },
    [isCpu, cpus],
  )
  useEffect(() => {
    const look = () => setEmpty(series.points.length === 0)
    look()
    return series.subscribe(look)
  }, [series])
  return (
    <section aria-label={graph.title} className="relative min-w-0 rounded-lg border border-line p-3.5 pb-2">
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <h2>{graph.title}</h2>
        <span ref={reading} className="truncate font-mono text-sm" />
      </div>
      <Chart {...graph} series={series} height={height} marks={marks} unknownUntil={unknownUntil} onRead={onRead} />
      {empty && (
        <p className="absolute right-5 bottom-[40%] left-[84px] text-center text-muted">
          {alive ? m.guest.graphs.waiting : m.guest.graphs.off}
        </p>
      )}
    </section>
  )
}
