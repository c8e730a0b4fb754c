'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { JobTable } from '@/components/jobs/job-table'
import { mergeJobs } from '@/components/jobs/merge-jobs'
import { useEngineInfo, useGuest, useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { trpc } from '@/components/trpc'
import { Card, Facts } from '@/components/ui/card'
import { Since } from '@/components/ui/clock'
import { Copy } from '@/components/ui/copy'
import { AppLink } from '@/components/ui/link'
import type { ArchSupport } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { GuestGraphs } from './guest-graphs'
import { ScreenCard } from './screen-card'
import { sshCommand } from './ssh'
import { doing, stateColour } from './state-mark'
import { useGuestParam } from './use-guest-param'

/** Is it up, since when, is it busy, how do I get in. */
export function OverviewTab() {
  const { id } = useGuestParam()
  const guest = useGuest(id)
  const liveJobs = useJobs()
  const past = useQuery(trpc.job.list.queryOptions({ guest: id, limit: 5 }))
  if (!guest) return null
  const jobs = mergeJobs(past.data ?? [], liveJobs, { guest: id }).slice(0, 5)
  return (
    <div className="grid items-start gap-3.5 xl:grid-cols-[minmax(0,1fr)_300px]">
      <div className="flex min-w-0 flex-col gap-3.5 xl:order-2">
        {guest.consoles.includes('vnc') && <ScreenCard guest={guest} />}
        <GuestFacts guest={guest} />
      </div>
      <div className="flex min-w-0 flex-col gap-3.5">
        <GuestGraphs guest={guest} height={150} />
        <Card title={m.guest.recentJobs}>
          {jobs.length ? <JobTable jobs={jobs} withGuest={false} /> : <p className="text-muted">{m.guest.noJobs}</p>}
        </Card>
      </div>
    </div>
  )
}

/** Why a VM is emulated, in plain words; what QEMU said of it is a click away. */
function WhyEmulated({ support: { why, detail } }: { support: ArchSupport }) {
  if (!detail) return <span className="block text-muted text-sm">{why}</span>
  return (
    <details className="text-muted text-sm">
      <summary>{why}</summary>
      <code className="block break-words font-mono">{detail}</code>
    </details>
  )
}

function GuestFacts({ guest }: { guest: Guest }) {
  const info = useEngineInfo(guest)
  const f = m.guest.facts
  const address = guest.addresses[0]
  const ssh = sshCommand(guest)
  const support = info?.arches.find((arch) => arch.arch === guest.arch)
  const cpu = [m.count.cpus(guest.cpus), guest.accel === 'tcg' ? f.emulated : guest.accel === 'kvm' ? m.accel.kvm : '']
    .filter(Boolean)
    .join(' · ')
  const rows: [string, ReactNode][] = [
    [
      f.state,
      <span key="state" className={stateColour(guest.state)}>
        {doing(guest, undefined)}
        {guest.startedAt && guest.state === 'running' ? (
          <span className="text-muted">
            {' · '}
            <Since at={guest.startedAt} long />
          </span>
        ) : null}
      </span>,
    ],
    [
      f.address,
      address ? (
        <span className="font-mono text-sm">
          {guest.addresses.map((each) => (
            <span key={each} className="block break-all">
              {each} <Copy text={each} />
            </span>
          ))}
        </span>
      ) : (
        <span className="text-muted">{f.noAddress}</span>
      ),
    ],
    [
      f.signIn,
      <span key="in">
        {guest.consoles.length ? (
          <AppLink href={guestPath(guest.id, 'console')} className="text-accent hover:underline">
            {f.openConsole}
          </AppLink>
        ) : (
          <span className="text-muted">{m.guest.noConsole}</span>
        )}
        {ssh && (
          <span className="block break-all font-mono text-sm">
            {ssh} <Copy text={ssh} />
          </span>
        )}
      </span>,
    ],
    [
      f.cpu,
      <span key="cpu">
        {cpu}
        {guest.accel === 'tcg' && support && <WhyEmulated support={support} />}
      </span>,
    ],
    [f.memory, formatBytes(guest.memoryBytes)],
    ...(guest.diskBytes ? ([[f.disk, formatBytes(guest.diskBytes)]] satisfies [string, ReactNode][]) : []),
    [
      f.snapshots,
      <AppLink key="snapshots" href={guestPath(guest.id, 'snapshots')} className="hover:underline">
        {guest.snapshotCount ?? m.common.show}
      </AppLink>,
    ],
    [f.autostart, guest.autostart ? m.common.yes : m.common.no],
    ...(guest.protected ? ([[f.protected, m.common.yes]] satisfies [string, ReactNode][]) : []),
    [f.engine, info ? `${info.name} ${info.version}` : m.host.kinds[guest.engine]],
    ...(guest.persistent ? [] : ([['', f.transient]] satisfies [string, ReactNode][])),
  ]
  return (
    <Card title={f.title}>
      <Facts rows={rows} />
    </Card>
  )
}
