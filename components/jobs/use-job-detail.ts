import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useJob } from '@/components/live/live'
import { queryClient, trpc } from '@/components/trpc'

/** The full record of a job. Events carry the summary; the record is read again when the job moved on to another step or ended. */
export function useJobDetail(id: string) {
  const summary = useJob(id)
  const query = useQuery(
    trpc.job.get.queryOptions(
      { id },
      // The record of an interrupted job changes once more: when what it did is undone.
      { staleTime: ({ state }) => (state.data?.state === 'interrupted' ? 0 : Number.POSITIVE_INFINITY), enabled: id !== '' },
    ),
  )
  const moved = summary ? `${summary.state} ${summary.stepIndex}` : ''
  useEffect(() => {
    if (moved) void queryClient.invalidateQueries({ queryKey: trpc.job.get.queryKey({ id }), exact: true })
  }, [moved, id])
  return { job: query.data, summary: summary ?? undefined, error: query.error }
}
