'use client'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatPercent } from '@/components/format'
import { metrics, useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { trpc } from '@/components/trpc'
import type { Guest } from '@/server/model/guest'
import { formatBytes, formatRate, MiB } from '@/server/model/size'
import { Chart, type Line, type Mark } from './chart'
import { PointSeries, spanMs } from './point-series'

type Graph = { title: string; lines: Line[]; format: (value: number) => string; max?: number; atLeast: number }

const rate = (value: number) => (value < 1 ? '0' : formatRate(value))

/** What is measured: a guest, or a host. */
type Measured = Pick<Guest, 'id' | 'cpus' | 'memoryBytes' | 'state'>

/** CPU, memory, disk and network of the last 15 minutes, live. */
export default function GuestCharts({ guest, height }: { guest: Measured; height: number }) {
  const { id } = guest
  const series = useMemo(() => new PointSeries(), [id])
  const past = useQuery(trpc.metrics.recent.queryOptions({ id }, { staleTime: 0, gcTime: 0 }))
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
      {graphs.map((graph) => (
        <ChartCard
          key={graph.title}
          graph={graph}
          series={series}
          height={height}
          marks={marks}
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
  cpus,
  alive,
}: {
  graph: Graph
  series: PointSeries
  height: number
  marks: readonly Mark[]
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
      <Chart {...graph} series={series} height={height} marks={marks} onRead={onRead} />
      {empty && (
        <p className="absolute inset-x-0 bottom-[40%] text-center text-muted">{alive ? m.guest.graphs.waiting : m.guest.graphs.off}</p>
      )}
    </section>
  )
}
