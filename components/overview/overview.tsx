'use client'
import { type ReactNode, useEffect, useState } from 'react'
import { cpuText, LiveFigure } from '@/components/guest/figures'
import { CpuSpark } from '@/components/guest/spark'
import { JobTable } from '@/components/jobs/job-table'
import { metrics, useComing, useGuests, useHosts, useJobs, usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { ButtonLink } from '@/components/ui/button'
import { Card, Empty, PageHead } from '@/components/ui/card'
import { AppLink } from '@/components/ui/link'
import { formatBytes } from '@/server/model/size'
import { HostTile } from './host-tile'
import { memoryGiven } from './memory-given'

const w = m.overview

/** The state of everything at one look; every tile leads to what it counts. */
export function Overview() {
  const guests = useGuests()
  const hosts = useHosts()
  const jobs = useJobs()
  const coming = useComing()
  const phase = usePhase()
  const count = (states: readonly string[]) => guests.filter((guest) => states.includes(guest.state)).length
  const running = guests.filter((guest) => guest.state === 'running')
  const paused = count(['paused'])
  const { given, unlimited } = memoryGiven(guests)
  const total = hosts.reduce((sum, host) => sum + (host.memoryBytes ?? 0), 0)
  const trouble = guests.filter((guest) => guest.state === 'crashed' || guest.warning !== undefined).length
  return (
    <>
      <PageHead title={w.title} note={phase === 'loading' ? m.connection.loading : undefined}>
        <ButtonLink href="/guests/new" look="primary">
          {m.nav.create}
        </ButtonLink>
      </PageHead>
      <div className="mb-3.5 grid grid-cols-2 gap-3.5 lg:grid-cols-4">
        <Tile
          href="/guests?state=running"
          label={w.running}
          value={String(running.length)}
          tone="text-ok"
          note={paused ? w.paused(paused) : undefined}
        />
        <Tile href="/guests?state=stopped" label={w.stopped} value={String(count(['stopped']))} />
        <Tile href="/guests?state=crashed" label={w.trouble} value={String(trouble)} tone={trouble ? 'text-bad' : undefined} />
        <Tile
          href="/guests?sort=-memory"
          label={w.memory}
          value={formatBytes(given)}
          note={
            [total ? w.ofTotal('', formatBytes(total)).trim() : '', unlimited ? w.unlimited(unlimited) : ''].filter(Boolean).join(' · ') ||
            undefined
          }
        />
      </div>
      <div className="grid items-start gap-3.5 xl:grid-cols-2">
        <Card title={w.hosts}>
          <ul className="flex flex-col">
            {hosts.map((host) => (
              <li key={host.id} className="border-line border-t py-2 first:border-t-0">
                <HostTile host={host} guests={guests} />
              </li>
            ))}
          </ul>
        </Card>
        <Card title={w.busy}>
          {phase === 'ready' && guests.length === 0 && coming.length === 0 ? (
            <div className="flex flex-col items-start gap-2">
              <p className="text-muted">{w.noGuests}</p>
              <ButtonLink href="/guests/new">{w.first}</ButtonLink>
            </div>
          ) : (
            <Busy />
          )}
        </Card>
        <div className="xl:col-span-2">
          <Card
            title={w.recent}
            aside={
              <AppLink href="/jobs" className="text-accent hover:underline">
                {m.job.all}
              </AppLink>
            }
          >
            {jobs.length ? <JobTable jobs={jobs.slice(0, 10)} /> : phase === 'ready' ? <Empty title={m.job.none} text={w.noJobs} /> : null}
          </Card>
        </div>
      </div>
    </>
  )
}

function Tile({ href, label, value, note, tone = '' }: { href: string; label: string; value: string; note?: string; tone?: string }) {
  return (
    <AppLink href={href} className="rounded-lg border border-line px-3.5 py-2.5 hover:border-accent">
      {/* The spaces are for screen readers, which read the link in one go. */}
      <span className="block text-muted text-sm">{label} </span>
      <span className={`text-lg ${tone}`}>{value}</span>
      {note && <span className="ml-0.5 text-muted text-sm"> {note}</span>}
    </AppLink>
  )
}

/** The guests that use the most CPU now. The order follows the figures, at most once per frame, and rests under the pointer. */
function Busy(): ReactNode {
  const guests = useGuests()
  const [top, setTop] = useState<string[]>([])
  const [over, setOver] = useState(false)
  useEffect(() => {
    if (over) return
    const rank = () => {
      const next = guests
        .filter((guest) => guest.state === 'running')
        .map((guest) => ({ id: guest.id, cpu: metrics.cpu(guest.id) ?? -1 }))
        .filter(({ cpu }) => cpu >= 0)
        .sort((a, b) => b.cpu - a.cpu)
        .slice(0, 8)
        .map(({ id }) => id)
      setTop((before) => (before.join() === next.join() ? before : next))
    }
    rank()
    return metrics.onFrame(rank)
  }, [guests, over])
  if (top.length === 0) return <p className="text-muted">{w.idle}</p>
  const byId = new Map(guests.map((guest) => [guest.id, guest]))
  return (
    <ul onPointerEnter={() => setOver(true)} onPointerLeave={() => setOver(false)}>
      {top.map((id) => {
        const guest = byId.get(id)
        return guest ? (
          <li key={id}>
            <AppLink href={guestPath(id, 'graphs')} className="-mx-1 flex h-[30px] items-center gap-3 rounded-md px-1 hover:bg-hover">
              <span className="min-w-0 flex-1 truncate font-mono text-sm">{guest.name}</span>
              <CpuSpark id={id} />
              <LiveFigure id={id} write={cpuText} className="w-10 text-right" />
            </AppLink>
          </li>
        ) : null
      })}
    </ul>
  )
}
