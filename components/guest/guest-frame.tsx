'use client'
import { useQuery } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { JobProgress } from '@/components/jobs/job-progress'
import { useActiveJob, useEngineInfo, useGuest, useHost, useJobs, usePhase } from '@/components/live/live'
import { comingId } from '@/components/live/store'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { guestPath } from '@/components/paths'
import { trpc } from '@/components/trpc'
import { ButtonLink } from '@/components/ui/button'
import { Empty, ErrorNote, Warning } from '@/components/ui/card'
import { Since } from '@/components/ui/clock'
import { LastSeen } from '@/components/ui/last-seen'
import { AppLink } from '@/components/ui/link'
import { useScrollHint } from '@/components/ui/use-scroll-hint'
import { canMoveFiles } from '@/server/model/file'
import type { Guest } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'
import { GuestActions } from './guest-actions'
import { hasFurther } from './has-further'
import { kindText } from './kind-text'
import { doing, StateMark, stateColour } from './state-mark'
import { useGuestParam } from './use-guest-param'

const tabs = ['overview', 'console', 'files', 'graphs', 'hardware', 'settings', 'snapshots', 'recordings', 'jobs', 'config'] as const

/** The head of a guest's page: what it is, how it is, what can be done; and the tabs. */
export function GuestFrame({ children }: { children: ReactNode }) {
  const { id, name } = useGuestParam()
  const guest = useGuest(id)
  const job = useActiveJob(id)
  const phase = usePhase()
  useEffect(() => {
    document.title = `${name} · ${m.app}`
  })
  const path = usePathname()
  if (!guest)
    return phase === 'ready' ? <Absent id={id} name={name} /> : <Coming name={name}>{path.endsWith('/console') && children}</Coming>
  return (
    <div className="flex h-full flex-col">
      <GuestHead guest={guest} job={job} />
      <GuestTabs id={id} guest={guest} />
      {guest.warning && (
        <div className="mb-3">
          <Warning>{guest.warning}</Warning>
        </div>
      )}
      <div className="min-h-0 flex-1">{children}</div>
    </div>
  )
}

/** Before anything is known of it: its name, and what came with the page where its head and tabs leave it in the end. */
function Coming({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex h-full flex-col">
      <div className="mb-2 flex min-h-[30px] flex-wrap items-center gap-2.5">
        <h1 className="truncate font-mono">{name}</h1>
        <p className="text-muted">{m.connection.loading}</p>
      </div>
      <div className="mb-3 h-[37px] border-line border-b" />
      <div className="min-h-0 flex-1">{children}</div>
    </div>
  )
}

function GuestHead({ guest, job }: { guest: Guest; job: JobSummary | undefined }) {
  const host = useHost(guest.host)
  const words = doing(guest, job)
  const note = [
    m.guest.on(kindText(guest), host?.name ?? guest.host),
    guest.os,
    guest.arch,
    guest.accel === 'tcg' && m.guest.facts.emulated,
    guest.protected && m.guest.protected,
    guest.hidden && m.guest.hidden,
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-2.5 gap-y-2">
      <h1 className="flex min-w-0 items-center gap-2 font-mono">
        <StateMark state={guest.state} busy={job !== undefined} words={words} />
        <span className="truncate">{guest.name}</span>
      </h1>
      <p className="text-muted">
        <span className={job ? 'text-busy' : stateColour(guest.state)} role="status">
          {words}
          {job && (
            <>
              {' · '}
              <Since at={job.startedAt ?? job.createdAt} busy />
            </>
          )}
        </span>
        {` · ${note}`}
        {guest.lastSeenAt !== undefined && (
          <>
            {' · '}
            <LastSeen at={guest.lastSeenAt} />
          </>
        )}
        {guest.startedAt && guest.state === 'running' ? (
          <>
            {' · '}
            {m.guest.facts.upWord} <Since at={guest.startedAt} long />
          </>
        ) : null}
      </p>
      <GuestActions guest={guest} job={job} />
    </div>
  )
}

function GuestTabs({ id, guest }: { id: string; guest: Guest }) {
  const path = usePathname()
  // Whether it has settings, the engine says with the details; only an engine that has more is asked.
  const info = useEngineInfo(guest)
  const asked = hasFurther(info)
  const files = canMoveFiles(guest, info)
  const detail = useQuery(trpc.guest.inspect.queryOptions({ id }, { enabled: asked, staleTime: Number.POSITIVE_INFINITY })).data
  const hint = useScrollHint()
  const base = guestPath(id)
  const now = tabs.find((tab) => tab !== 'overview' && path.endsWith(`/${tab}`)) ?? 'overview'
  const shown = tabs.filter((tab) => tab !== 'settings' || tab === now || detail?.settings)
  return (
    <nav ref={hint} aria-label={m.guest.tabs.label} className="mb-3 overflow-x-auto border-line border-b">
      <ul className="flex gap-5">
        {shown.map((tab) => (
          <li key={tab}>
            <AppLink
              href={tab === 'overview' ? base : guestPath(id, tab)}
              aria-current={tab === now ? 'page' : undefined}
              title={tab === 'files' && files !== true ? files : undefined}
              className={`-mb-px block border-b-2 py-2 ${tab === now ? 'border-accent' : 'border-transparent text-muted hover:text-text'} ${tab === 'files' && files !== true ? 'opacity-55' : ''}`}
            >
              {tab === 'settings' ? cbsd.guest.settingsTab : m.guest.tabs[tab]}
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Not there: being made just now, failed to be made, or gone. */
function Absent({ id, name }: { id: string; name: string }) {
  const job = useJobs().find((each) => comingId(each) === id || (each.kind === 'rename' && each.makes === id))
  if (job && job.state !== 'done')
    return (
      <div className="flex flex-col gap-3">
        <h1>{job.state === 'running' || job.state === 'queued' ? m.guest.creating(name) : m.guest.createFailed(name)}</h1>
        {job.error && <ErrorNote>{job.error}</ErrorNote>}
        <JobProgress id={job.id} />
      </div>
    )
  return (
    <Empty title={m.notFound.guest(name)} text={m.notFound.guestText}>
      <ButtonLink href="/guests">{m.notFound.guests}</ButtonLink>
    </Empty>
  )
}
