'use client'
import { useQuery } from '@tanstack/react-query'
import { JobTable } from '@/components/jobs/job-table'
import { mergeJobs } from '@/components/jobs/merge-jobs'
import { useJobs } from '@/components/live/live'
import { cbsd } from '@/components/messages/cbsd'
import { errorText, trpc } from '@/components/trpc'
import { ErrorNote } from '@/components/ui/card'

/** What was run on this host from here, newest first. */
export function HostJobs({ host }: { host: string }) {
  const liveJobs = useJobs()
  const query = useQuery(trpc.job.list.queryOptions({ host, limit: 8 }))
  const jobs = mergeJobs(query.data ?? [], liveJobs, { host }).slice(0, 8)
  if (query.error) return <ErrorNote>{errorText(query.error)}</ErrorNote>
  return jobs.length ? <JobTable jobs={jobs} /> : <p className="text-muted">{query.isSuccess ? cbsd.host.noJobs : ''}</p>
}
