'use client'
import { useEffect } from 'react'
import { useGuestParam } from '@/components/guest/use-guest-param'
import { startLive, useGuest, usePhase } from '@/components/live/live'
import { Console } from './console'
import { consoleMessages as m } from './messages'

/** The console of the guest in the address, once the live picture holds it. */
export function ConsolePage({ own = false }: { own?: boolean }) {
  const { id } = useGuestParam()
  useEffect(startLive, [])
  const guest = useGuest(id)
  const phase = usePhase()
  useEffect(() => {
    if (own && guest) document.title = `${guest.name} – ${m.kind}`
  }, [own, guest])
  if (guest) return <Console guest={guest} own={own} />
  return <p className="p-4 text-muted">{phase === 'loading' ? m.loading : m.noGuest}</p>
}
