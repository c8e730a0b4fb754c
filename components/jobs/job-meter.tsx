import { formatPercent } from '@/components/format'
import { m } from '@/components/messages'
import type { JobSummary } from '@/server/model/job'

/** How far a job is: the tool's own share where it tells, else the step, and always its last line. */
export function JobMeter({ job }: { job: JobSummary }) {
  if (job.state !== 'running' && job.state !== 'queued') return null
  const step = job.stepCount ? m.job.step(Math.min(job.stepIndex + 1, job.stepCount), job.stepCount) : ''
  return (
    <div className="text-muted text-sm">
      <div className="flex items-center gap-2">
        <progress
          aria-label={job.title}
          max={1}
          value={job.progress ?? (job.stepCount ? job.stepIndex / job.stepCount : undefined)}
          className="flex-1"
        />
        <span>{job.progress === undefined ? step : formatPercent(job.progress)}</span>
      </div>
      {job.progressText && <p className="truncate font-mono">{job.progressText}</p>}
    </div>
  )
}
