'use client'
import { m } from '@/components/messages'
import { errorText } from '@/components/trpc'
import { ErrorNote, Warning } from '@/components/ui/card'
import { JobMeter } from './job-meter'
import { StepRecord } from './step-record'
import { useJobDetail } from './use-job-detail'

/** A job's steps, live: commands, exit codes, output. */
export function JobProgress({ id }: { id: string }) {
  const { job, summary, error } = useJobDetail(id)
  if (error) return <ErrorNote>{errorText(error)}</ErrorNote>
  if (!job) return <p className="text-muted">{m.connection.loading}</p>
  return (
    <div className="flex flex-col gap-3">
      {summary && <JobMeter job={summary} />}
      {job.warnings.map((warning) => (
        <Warning key={warning}>{warning}</Warning>
      ))}
      <ol aria-label={m.job.steps} className="flex flex-col rounded-lg border border-line">
        {job.steps.map((step, index) => (
          <StepRecord key={index} step={step} index={index} />
        ))}
      </ol>
      {job.expect && <p className="text-muted first-letter:uppercase">{job.expect}</p>}
    </div>
  )
}
