import { m } from '@/components/messages'
import type { JobState, JobStep } from '@/server/model/job'

const marks: Record<JobState | JobStep['state'], readonly [string, string]> = {
  queued: ['◌', 'text-busy'],
  waiting: ['·', 'text-muted'],
  running: ['◌', 'text-busy'],
  done: ['✓', 'text-ok'],
  failed: ['✕', 'text-bad'],
  cancelled: ['⊘', 'text-muted'],
  interrupted: ['!', 'text-warn'],
  skipped: ['–', 'text-muted'],
}
const fault = ['▲', 'text-warn'] as const

/** How a job or a step stands, as a mark with its word. `found`: it is done, and what it found is not well. */
export function JobMark({ state, found = false }: { state: JobState | JobStep['state']; found?: boolean }) {
  const [mark, colour] = found ? fault : marks[state]
  const label = found ? m.job.found : { ...m.jobState, ...m.job.stepState }[state]
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={`inline-block w-3.5 shrink-0 text-center ${colour} ${state === 'running' || state === 'queued' ? 'turning' : ''}`}
    >
      {mark}
    </span>
  )
}
