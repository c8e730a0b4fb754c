import { useParams } from 'next/navigation'
import { parseGuestId } from '@/server/model/guest'

/** The guest that the address names. */
export function useGuestParam(): { id: string; name: string } {
  const { id: raw = '' } = useParams<{ id: string }>()
  let id = raw
  try {
    id = decodeURIComponent(raw)
  } catch {
    // A stray % in the address: then it is no id, and the page says that there is no such guest.
  }
  return { id, name: parseGuestId(id)?.name ?? id }
}
