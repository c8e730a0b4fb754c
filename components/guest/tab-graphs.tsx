'use client'
import { LazyGuestCharts } from '@/components/charts/lazy-charts'
import { useGuest } from '@/components/live/live'
import { m } from '@/components/messages'
import { useGuestParam } from './use-guest-param'

export function GraphsTab() {
  const guest = useGuest(useGuestParam().id)
  if (!guest) return null
  return (
    <>
      <p className="mb-2 text-muted">{m.guest.graphs.title}</p>
      <LazyGuestCharts guest={guest} height={230} />
    </>
  )
}
