import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useGuest, useJobs } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { queryClient, trpc } from '@/components/trpc'
import type { JobSummary } from '@/server/model/job'

/** A sign that changes when a job about a guest ends. */
export const endedOf = (jobs: readonly JobSummary[], guest: string): string =>
  jobs
    .filter((job) => job.guest === guest && !isActive(job))
    .map((job) => job.id)
    .join()

/**
 * Everything about one guest beyond the list; read again when its object in the live picture changed, and when a job about
 * it ended: forwards and settings are not in that picture.
 */
export function useDetail(id: string) {
  const guest = useGuest(id)
  const ended = endedOf(useJobs(), id)
  const query = useQuery(trpc.guest.inspect.queryOptions({ id }, { staleTime: 2000, enabled: guest !== undefined }))
  const seen = useRef({ guest, ended })
  useEffect(() => {
    const before = seen.current
    seen.current = { guest, ended }
    if (guest && ((before.guest && before.guest !== guest) || before.ended !== ended))
      void queryClient.invalidateQueries({ queryKey: trpc.guest.inspect.queryKey({ id }), exact: true })
  }, [guest, ended, id])
  return { guest, detail: query.data, error: query.error }
}
