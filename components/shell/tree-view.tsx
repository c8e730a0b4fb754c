'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useParams } from 'next/navigation'
import { memo, useMemo, useRef, useState } from 'react'
import { formatPercent } from '@/components/format'
import { LiveFigure } from '@/components/guest/figures'
import { doing, StateMark } from '@/components/guest/state-mark'
import { useActiveJob, useComing, useGuest, useGuests, useHosts } from '@/components/live/live'
import type { Figures } from '@/components/live/metrics'
import { m } from '@/components/messages'
import { guestPath, hostPath, jobPath } from '@/components/paths'
import { LastSeen } from '@/components/ui/last-seen'
import { AppLink } from '@/components/ui/link'
import { decoded } from '@/server/model/decoded'
import type { HostView } from '@/server/model/host'
import type { JobSummary } from '@/server/model/job'
import { type TreeRow, treeRows } from './tree'
import { useShowHidden } from './use-show-hidden'

const heights = { host: 28, guest: 20 }

/** Hosts and their guests. Only the rows in sight are in the page. */
export function Tree() {
  const hosts = useHosts()
  const guests = useGuests()
  const [filter, setFilter] = useState('')
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const coming = useComing()
  const params = useParams<{ id?: string }>()
  const here = decoded(params.id ?? '')
  const [hidden, setHidden] = useShowHidden()
  const hiddenCount = useMemo(() => guests.filter((guest) => guest.hidden).length, [guests])
  const rows = useMemo(
    () => treeRows(hosts, guests, folded, filter, coming, { hidden, here }),
    [hosts, guests, folded, filter, coming, hidden, here],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'host' ? heights.host : heights.guest),
    getItemKey: (index) => rowKey(rows[index], index),
    overscan: 10,
  })
  const fold = (id: string) =>
    setFolded((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  return (
    <nav aria-label={m.tree.label} className="flex min-h-0 flex-1 flex-col">
      <div className="px-2.5 pt-1.5 pb-1">
        <input
          type="search"
          aria-label={m.tree.filter}
          placeholder={m.tree.filter}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="field h-[26px] min-h-0 text-sm"
        />
        {hiddenCount > 0 && (
          <label className="mt-1 flex items-center gap-1.5 px-0.5 text-muted text-sm">
            <input
              type="checkbox"
              checked={hidden}
              onChange={(event) => setHidden(event.target.checked)}
              className="size-3 accent-accent"
            />
            {m.tree.showHidden(hiddenCount)}
          </label>
        )}
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto pb-3">
        {rows.length === 0 && <p className="px-4 py-2 text-muted">{filter ? m.tree.noMatch : ''}</p>}
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <li
                key={item.key}
                className="absolute inset-x-0 top-0"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row.kind === 'host' ? (
                  <HostRow host={row.host} count={row.count} open={row.open} here={row.host.id === here} onFold={fold} />
                ) : row.kind === 'coming' ? (
                  <ComingRow job={row.job} name={row.name} />
                ) : (
                  <GuestRow id={row.guest.id} here={row.guest.id === here} />
                )}
              </li>
            )
          })}
        </ul>
      </div>
    </nav>
  )
}

function rowKey(row: TreeRow | undefined, index: number): string | number {
  if (!row) return index
  return row.kind === 'host' ? `host ${row.host.id}` : row.kind === 'coming' ? `job ${row.job.id}` : row.guest.id
}
const hostCpu = (figures: Figures | null) => ({ text: figures ? formatPercent(figures.cpu) : '' })

const HostRow = memo(function HostRow({
  host,
  count,
  open,
  here,
  onFold,
}: {
  host: HostView
  count: number
  open: boolean
  here: boolean
  onFold: (id: string) => void
}) {
  return (
    <div className={`flex h-full items-center px-2 pt-1 ${here ? 'bg-accent-soft' : ''}`}>
      <button
        type="button"
        aria-expanded={open}
        aria-label={open ? m.tree.fold(host.name) : m.tree.unfold(host.name)}
        className="w-5 shrink-0 text-center text-muted hover:text-text"
        onClick={() => onFold(host.id)}
      >
        {open ? '▾' : '▸'}
      </button>
      <AppLink
        href={hostPath(host.id)}
        aria-current={here ? 'page' : undefined}
        className="min-w-0 flex-1 truncate font-semibold hover:underline"
      >
        {host.name}
      </AppLink>
      <span className="pl-2 text-muted text-sm">
        {host.state === 'down' ? (
          <span className="text-bad">✕ {host.seenAt === undefined ? m.host.state.down : <LastSeen at={host.seenAt} />}</span>
        ) : host.state === 'connecting' ? (
          m.host.state.connecting
        ) : count === 0 ? (
          m.tree.empty
        ) : (
          <LiveFigure id={host.id} write={hostCpu} />
        )}
      </span>
    </div>
  )
})

const GuestRow = memo(function GuestRow({ id, here }: { id: string; here: boolean }) {
  const guest = useGuest(id)
  const job = useActiveJob(id)
  if (!guest) return null
  return (
    <AppLink
      href={guestPath(id)}
      aria-current={here ? 'page' : undefined}
      className={`flex h-full items-center gap-1.5 pr-2 pl-7 font-mono text-sm hover:bg-hover ${here ? 'bg-accent-soft' : ''} ${guest.lastSeenAt === undefined ? '' : 'text-muted'}`}
      title={guest.lastSeenAt === undefined ? undefined : guest.warning}
    >
      <StateMark state={guest.state} busy={job !== undefined} words={doing(guest, job)} />
      <span className="truncate">{guest.name}</span>
    </AppLink>
  )
})

/** A guest that is being made: its job stands in its place. */
const ComingRow = memo(function ComingRow({ job, name }: { job: JobSummary; name: string }) {
  return (
    <AppLink
      href={jobPath(job.id)}
      aria-label={`${name} · ${m.coming(job.kind)}`}
      className="flex h-full items-center gap-1.5 pr-2 pl-7 font-mono text-busy text-sm hover:bg-hover"
    >
      <StateMark state="starting" busy words={m.coming(job.kind)} />
      <span className="truncate">{name}</span>
    </AppLink>
  )
})
