'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { formatPercent } from '@/components/format'
import { LiveFigure } from '@/components/guest/figures'
import { useGuests } from '@/components/live/live'
import type { Figures } from '@/components/live/metrics'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { trpc } from '@/components/trpc'
import { Card, Facts } from '@/components/ui/card'
import { AppLink } from '@/components/ui/link'
import type { HostView } from '@/server/model/host'
import { formatBytes } from '@/server/model/size'

/** How full the host is now, and how it is reached. */
export function HostFacts({ host }: { host: HostView }) {
  const guests = useGuests().filter((guest) => guest.host === host.id)
  const running = guests.filter((guest) => guest.state === 'running').length
  const figures = useQuery(trpc.metrics.host.queryOptions({ id: host.id }, { enabled: host.state === 'up' })).data
  const total = host.memoryBytes ?? figures?.memoryBytes
  const cpu = (now: Figures | null) => ({ text: formatPercent(now?.cpu ?? figures?.cpu) })
  const memory = (now: Figures | null) => {
    const used = now?.memoryBytes ?? figures?.memoryUsedBytes
    return { text: [used && formatBytes(used), total && formatBytes(total)].filter(Boolean).join(' / ') || m.common.none }
  }
  const rows: [string, ReactNode][] = [
    [
      cbsd.host.guests,
      <AppLink key="guests" href={`/guests?host=${encodeURIComponent(host.id)}`} className="text-accent hover:underline">
        {m.count.guests(guests.length)} · {m.count.running(running)}
      </AppLink>,
    ],
    [
      m.overview.cpu,
      <span key="cpu">
        <LiveFigure id={host.id} write={cpu} />
        {host.cpus ? ` · ${m.count.cpus(host.cpus)}` : ''}
      </span>,
    ],
    [m.overview.load, figures ? figures.load1.toFixed(2) : m.common.none],
    [m.overview.ram, <LiveFigure key="memory" id={host.id} write={memory} />],
    [
      m.overview.disk,
      figures?.diskFreeBytes === undefined
        ? m.common.none
        : [figures.diskFreeBytes, figures.diskBytes].flatMap((size) => (size === undefined ? [] : [formatBytes(size)])).join(' / '),
    ],
  ]
  if (host.ssh)
    rows.push([
      'ssh',
      <span key="ssh" className="break-all font-mono text-sm">
        {`${host.ssh.user}@${host.ssh.address}${host.ssh.port === 22 ? '' : `:${host.ssh.port}`}`}
      </span>,
    ])
  return (
    <Card title={cbsd.host.figures}>
      <Facts rows={rows} />
    </Card>
  )
}
