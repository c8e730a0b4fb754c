'use client'
import { useGuest } from '@/components/live/live'
import { m } from '@/components/messages'
import { GuestGraphs } from './guest-graphs'
import { useGuestParam } from './use-guest-param'

export function GraphsTab() {
  const guest = useGuest(useGuestParam().id)
  if (!guest) return null
  return (
    <>
      <p className="mb-2 text-muted">{m.guest.graphs.title}</p>
      <GuestGraphs guest={guest} height={230} />
    </>
  )
}
