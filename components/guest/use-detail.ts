import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useGuest } from '@/components/live/live'
import { queryClient, trpc } from '@/components/trpc'

/** Everything about one guest beyond the list; read again when its object in the live picture changed. */
export function useDetail(id: string) {
  const guest = useGuest(id)
  const query = useQuery(trpc.guest.inspect.queryOptions({ id }, { staleTime: 2000, enabled: guest !== undefined }))
  const seen = useRef(guest)
  useEffect(() => {
    if (seen.current && guest && seen.current !== guest)
      void queryClient.invalidateQueries({ queryKey: trpc.guest.inspect.queryKey({ id }), exact: true })
    seen.current = guest
  }, [guest, id])
  return { guest, detail: query.data, error: query.error }
}
