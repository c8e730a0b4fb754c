'use client'
import { useEffect, useRef } from 'react'
import { formatTime } from '@/components/format'
import { useJobs } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { jobPath } from '@/components/paths'
import { Button } from '@/components/ui/button'
import { AppLink } from '@/components/ui/link'
import { foundFault } from '@/server/model/job'
import { CancelJob } from './cancel-job'
import { JobMark } from './job-mark'
import { JobMeter } from './job-meter'

/** The latest jobs beside the work: what runs, how far it is, and how the last ones ended. */
export function JobsDrawer({ onClose }: { onClose: () => void }) {
  const jobs = useJobs().slice(0, 25)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.focus()
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && !document.querySelector('dialog[open]') && onClose()
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside
      ref={box}
      tabIndex={-1}
      aria-label={m.job.drawer}
      className="fixed top-[44px] right-0 bottom-0 z-20 flex w-[380px] max-w-full flex-col border-line border-l bg-raised shadow-2xl outline-none"
    >
      <div className="flex items-center gap-2 border-line border-b px-3.5 py-2">
        <h2 className="mr-auto">{m.job.title}</h2>
        <AppLink href="/jobs" className="text-accent hover:underline" onClick={onClose}>
          {m.job.all}
        </AppLink>
        <Button look="quiet" aria-label={m.common.close} onClick={onClose}>
          ✕
        </Button>
      </div>
      <ul className="min-h-0 flex-1 overflow-auto">
        {jobs.length === 0 && <li className="px-3.5 py-4 text-muted">{m.job.noneText}</li>}
        {jobs.map((job) => (
          <li key={job.id} className="border-line border-b px-3.5 py-2">
            <div className="flex items-baseline gap-2">
              <JobMark state={job.state} found={foundFault(job)} />
              <AppLink href={jobPath(job.id)} className="min-w-0 truncate hover:underline">
                {job.title}
              </AppLink>
              <span className="ml-auto shrink-0 text-muted text-sm">
                {isActive(job) ? <CancelJob id={job.id} /> : formatTime(job.endedAt ?? job.createdAt)}
              </span>
            </div>
            {job.error && <p className="break-words pl-5 text-bad text-sm">{job.error}</p>}
            {foundFault(job) && <p className="break-words pl-5 text-sm text-warn">{job.warnings.join(' ')}</p>}
            <div className="pl-5">
              <JobMeter job={job} />
            </div>
          </li>
        ))}
      </ul>
    </aside>
  )
}
