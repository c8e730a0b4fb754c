'use client'
import { formatSeconds, formatTime } from '@/components/format'
import { m } from '@/components/messages'
import { guestPath, jobPath } from '@/components/paths'
import { Since } from '@/components/ui/clock'
import { AppLink } from '@/components/ui/link'
import { parseGuestId } from '@/server/model/guest'
import { foundFault, type JobSummary } from '@/server/model/job'
import { JobMark } from './job-mark'
import { telling } from './telling'

/** Jobs, one a line: what, which command, how it ended, who, when. */
export function JobTable({ jobs, withGuest = true }: { jobs: readonly JobSummary[]; withGuest?: boolean }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={m.job.title} className="grid-table table-fixed md:min-w-[560px]">
        <colgroup>
          <col className="w-[30px]" />
          <col className="w-[38%] max-md:w-auto" />
          <col className="max-md:hidden" />
          {withGuest && <col className="w-[130px] max-md:hidden" />}
          <col className="w-[64px]" />
          <col className="w-[66px] max-md:hidden" />
          <col className="w-[100px] max-md:hidden" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{m.job.state}</span>
            </th>
            <th scope="col">{m.job.what}</th>
            <th scope="col" className="max-md:hidden">
              {m.job.commands}
            </th>
            {withGuest && (
              <th scope="col" className="max-md:hidden">
                {m.job.guest}
              </th>
            )}
            <th scope="col" className="num">
              {m.job.took}
            </th>
            <th scope="col" className="max-md:hidden">
              {m.job.by}
            </th>
            <th scope="col" className="max-md:hidden">
              {m.job.when}
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id} className="hover:bg-hover">
              <td>
                <JobMark state={job.state} found={foundFault(job)} />
              </td>
              <td className="truncate whitespace-nowrap">
                <AppLink href={jobPath(job.id)} className="hover:underline" title={job.error}>
                  {job.title}
                </AppLink>
                {job.error && <span className="ml-2 text-bad text-sm">{job.error}</span>}
                {foundFault(job) && <span className="ml-2 text-sm text-warn">{job.warnings.join(' ')}</span>}
              </td>
              <td className="whitespace-nowrap text-muted text-sm max-md:hidden" title={job.commands.join('\n')}>
                <Commands commands={job.commands} />
              </td>
              {withGuest && (
                <td className="truncate whitespace-nowrap font-mono text-sm max-md:hidden">
                  {job.guest && (
                    <AppLink href={guestPath(job.guest)} className="hover:underline">
                      {parseGuestId(job.guest)?.name ?? job.guest}
                    </AppLink>
                  )}
                </td>
              )}
              <td className="num whitespace-nowrap text-muted">
                {job.state === 'interrupted' ? (
                  m.common.none
                ) : job.startedAt ? (
                  job.endedAt ? (
                    formatSeconds((job.endedAt - job.startedAt) / 1000)
                  ) : (
                    <Since at={job.startedAt} busy />
                  )
                ) : (
                  m.jobState[job.state]
                )}
              </td>
              <td className="truncate text-muted max-md:hidden">{job.user}</td>
              <td className="whitespace-nowrap text-muted max-md:hidden">{formatTime(job.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The telling command, and how many more there are. The number is never cut off. */
function Commands({ commands }: { commands: readonly string[] }) {
  const { command, more } = telling(commands)
  return (
    <span className="flex gap-2">
      <span className="min-w-0 truncate font-mono">{command}</span>
      {more > 0 && <span className="shrink-0">{m.job.moreCommands(more)}</span>}
    </span>
  )
}
