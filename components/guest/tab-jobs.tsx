'use client'
import { useQuery } from '@tanstack/react-query'
import { JobTable } from '@/components/jobs/job-table'
import { mergeJobs } from '@/components/jobs/merge-jobs'
import { useJobs } from '@/components/live/live'
import { m } from '@/components/messages'
import { errorText, trpc } from '@/components/trpc'
import { Empty, ErrorNote } from '@/components/ui/card'
import { useGuestParam } from './use-guest-param'

/** What was run about this guest from here. */
export function JobsTab() {
  const { id } = useGuestParam()
  const liveJobs = useJobs()
  const query = useQuery(trpc.job.list.queryOptions({ guest: id, limit: 100 }))
  const jobs = mergeJobs(query.data ?? [], liveJobs, { guest: id })
  if (query.error) return <ErrorNote>{errorText(query.error)}</ErrorNote>
  if (jobs.length) return <JobTable jobs={jobs} withGuest={false} />
  return query.isSuccess ? <Empty title={m.guest.noJobs} /> : null
}
