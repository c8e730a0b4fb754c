import { useParams } from 'next/navigation'
import { decoded } from '@/server/model/decoded'
import { parseGuestId } from '@/server/model/guest'

/** The guest that the address names. */
export function useGuestParam(): { id: string; name: string } {
  const { id: raw = '' } = useParams<{ id: string }>()
  const id = decoded(raw)
  return { id, name: parseGuestId(id)?.name ?? id }
}
