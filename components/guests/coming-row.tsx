'use client'
import { StateMark } from '@/components/guest/state-mark'
import { comingId } from '@/components/live/store'
import { m } from '@/components/messages'
import { jobPath } from '@/components/paths'
import { Since } from '@/components/ui/clock'
import { AppLink } from '@/components/ui/link'
import { parseGuestId } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'
import type { View } from './arrange'

/** Whether a guest being made belongs into this view. Of its state and kind nothing is known yet. */
export function comingFits(job: JobSummary, view: View): boolean {
  const name = parseGuestId(comingId(job) ?? '')?.name ?? ''
  if (view.state || view.kind || (view.host && view.host !== job.host)) return false
  return view.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word))
}

/** A guest that is being made, in the list before it exists: what is happening, since when, and the way to its job. */
export function ComingRow({ job, columns }: { job: JobSummary; columns: number }) {
  const words = (
    <AppLink href={jobPath(job.id)} className="text-busy hover:underline">
      {m.coming(job.kind)} · <Since at={job.startedAt ?? job.createdAt} busy />
    </AppLink>
  )
  const rest = columns - 2
  return (
    <tr className="hover:bg-hover">
      <td />
      <td>
        <StateMark state="starting" busy words={m.coming(job.kind)} />
      </td>
      <td className="truncate whitespace-nowrap font-mono text-muted text-sm">
        {parseGuestId(comingId(job) ?? '')?.name}
        {rest <= 0 && <span className="ml-2 font-sans">{words}</span>}
      </td>
      {rest > 0 && <td colSpan={rest}>{words}</td>}
    </tr>
  )
}
