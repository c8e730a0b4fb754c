import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useJobs } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { queryClient, trpc } from '@/components/trpc'
import type { EngineKind } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'

/** A sign that changes when a job of a host ends. */
export const endedJobs = (jobs: readonly JobSummary[], host: string): string =>
  jobs
    .filter((job) => job.host === host && !isActive(job))
    .map((job) => job.id)
    .join()

/** Has what an engine tells of its host read again where a page shows it. */
export const lookAgain = (host: string, engine: EngineKind): void =>
  void queryClient.invalidateQueries({ queryKey: trpc.guest.hostDetail.queryKey({ host, engine }), exact: true })

/** What an engine tells of its host; read again when a job of that host ended. Null where it tells nothing. */
export function useHostDetail(host: string, engine: EngineKind, enabled: boolean) {
  const input = { host, engine }
  const query = useQuery(trpc.guest.hostDetail.queryOptions(input, { enabled, staleTime: 2000 }))
  const sign = endedJobs(useJobs(), host)
  const seen = useRef(sign)
  useEffect(() => {
    if (seen.current === sign) return
    seen.current = sign
    lookAgain(host, engine)
  }, [sign, host, engine])
  return query
}
