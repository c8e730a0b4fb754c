'use client'
import { useParams, useRouter } from 'next/navigation'
import { formatSeconds, formatTime } from '@/components/format'
import { useHost } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath, jobPath } from '@/components/paths'
import { errorText, isNotFound } from '@/components/trpc'
import { ButtonLink } from '@/components/ui/button'
import { Empty, ErrorNote, Facts, PageHead } from '@/components/ui/card'
import { Since } from '@/components/ui/clock'
import { AppLink } from '@/components/ui/link'
import { parseGuestId } from '@/server/model/guest'
import { foundFault } from '@/server/model/job'
import { CancelJob } from './cancel-job'
import { JobMark } from './job-mark'
import { JobProgress } from './job-progress'
import { UndoJob } from './undo-job'
import { useJobDetail } from './use-job-detail'

/** The full record of one job. */
export function JobPage() {
  const { id = '' } = useParams<{ id: string }>()
  const { job: record, summary, error } = useJobDetail(id)
  const job = summary ?? record
  const host = useHost(job?.host ?? '')
  const router = useRouter()
  if (error && !job)
    return isNotFound(error) ? (
      <Empty title={m.notFound.job}>
        <ButtonLink href="/jobs">{m.job.back}</ButtonLink>
      </Empty>
    ) : (
      <ErrorNote>{errorText(error)}</ErrorNote>
    )
  if (!job) return <p className="text-muted">{m.connection.loading}</p>
  const under = job.state === 'running' || job.state === 'queued'
  const advice = job.state === 'failed' ? m.job.tryFailed : job.state === 'interrupted' ? m.job.tryInterrupted : null
  return (
    <div className="max-w-[980px]">
      <PageHead
        title={
          <>
            <JobMark state={job.state} found={foundFault(job)} /> {job.title}
          </>
        }
        note={<span role="status">{foundFault(job) ? m.job.found : m.jobState[job.state]}</span>}
      >
        {under && <CancelJob id={job.id} button />}
        <UndoJob job={record} onStarted={(undo) => router.push(jobPath(undo))} />
        <ButtonLink href="/jobs">{m.job.back}</ButtonLink>
      </PageHead>
      {job.error && (
        <div className="mb-3">
          <ErrorNote title={job.title}>
            {job.error}
            {advice && (
              <p className="mt-1 text-muted">
                {m.job.tryNext}: {advice}
              </p>
            )}
          </ErrorNote>
        </div>
      )}
      <div className="mb-4">
        <Facts
          rows={[
            ...(job.guest
              ? ([
                  [
                    m.job.guest,
                    <AppLink key="guest" href={guestPath(job.guest)} className="font-mono text-accent text-sm hover:underline">
                      {parseGuestId(job.guest)?.name ?? job.guest}
                    </AppLink>,
                  ],
                ] as const)
              : []
            ).map(([label, value]): [string, typeof value] => [label, value]),
            [m.job.host, host?.name ?? job.host],
            [m.job.by, job.user],
            [m.job.when, formatTime(job.startedAt ?? job.createdAt)],
            [
              m.job.took,
              // When an interrupted one ended, nobody saw.
              job.state === 'interrupted' ? (
                m.common.none
              ) : job.startedAt && job.endedAt ? (
                formatSeconds((job.endedAt - job.startedAt) / 1000)
              ) : (
                <Since at={job.startedAt ?? job.createdAt} busy />
              ),
            ],
          ]}
        />
      </div>
      <JobProgress id={id} />
    </div>
  )
}
