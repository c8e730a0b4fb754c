'use client'
import { useQuery } from '@tanstack/react-query'
import { formatPercent } from '@/components/format'
import { LiveFigure } from '@/components/guest/figures'
import { CpuSpark } from '@/components/guest/spark'
import type { Figures } from '@/components/live/metrics'
import { m } from '@/components/messages'
import { hostPath } from '@/components/paths'
import { trpc } from '@/components/trpc'
import { LastSeen } from '@/components/ui/last-seen'
import { AppLink } from '@/components/ui/link'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { formatBytes } from '@/server/model/size'

const cpu = (figures: Figures | null) => ({ text: figures ? formatPercent(figures.cpu) : m.common.none })

/** One host: is it up, which engines, how full. */
export function HostTile({ host, guests }: { host: HostView; guests: readonly Guest[] }) {
  const own = guests.filter((guest) => guest.host === host.id)
  const figures = useQuery(trpc.metrics.host.queryOptions({ id: host.id }, { enabled: host.state === 'up' })).data
  const memory = (now: Figures | null) => {
    const used = now?.memoryBytes ?? figures?.memoryUsedBytes
    return { text: used ? `${formatBytes(used)} / ${formatBytes(host.memoryBytes ?? figures?.memoryBytes ?? 0)}` : m.common.none }
  }
  return (
    <AppLink href={hostPath(host.id)} className="-mx-1 block rounded-md px-1 hover:bg-hover">
      <span className="flex flex-wrap items-center gap-x-2">
        <span
          className={host.state === 'up' ? 'text-ok' : host.state === 'down' ? 'text-bad' : 'text-busy'}
          role="img"
          aria-label={m.host.state[host.state]}
        >
          {host.state === 'up' ? '●' : host.state === 'down' ? '✕' : '◌'}
        </span>
        <span className="font-semibold">{host.name}</span>
        <span className="text-muted">
          {host.engines
            .filter((engine) => engine.state !== 'absent')
            .map((engine) => `${m.host.kinds[engine.kind]}${engine.state === 'broken' ? ` ${m.host.engineState.broken}` : ''}`)
            .join(' · ')}
        </span>
        <span className="ml-auto text-muted">
          {m.count.guests(own.length)} · {m.count.running(own.filter((guest) => guest.state === 'running').length)}
        </span>
      </span>
      {host.cause && (
        <span className="block break-words text-bad text-sm">
          {host.keyChanged ? m.host.keyChanged : host.cause}
          {host.seenAt !== undefined && (
            <>
              {' · '}
              <LastSeen at={host.seenAt} />
            </>
          )}
        </span>
      )}
      <span className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-sm sm:grid-cols-[auto_auto_auto_auto_auto_1fr]">
        <span className="text-muted">{m.overview.cpu}</span>
        <span className="flex items-center gap-2">
          <CpuSpark id={host.id} />
          <LiveFigure id={host.id} write={cpu} />
        </span>
        <span className="text-muted">{m.overview.ram}</span>
        <LiveFigure id={host.id} write={memory} />
        <span className="text-muted">{m.overview.disk}</span>
        <span>{figures?.diskFreeBytes === undefined ? m.common.none : formatBytes(figures.diskFreeBytes)}</span>
      </span>
    </AppLink>
  )
}
