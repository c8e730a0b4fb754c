'use client'
import { useEffect } from 'react'
import { startLive, useGuest, usePhase } from '@/components/live/live'
import { Console } from './console'
import { consoleMessages as m } from './messages'

/** The console of the guest with this id, once the live picture holds it. */
export function ConsolePage({ id, own = false }: { id: string; own?: boolean }) {
  useEffect(startLive, [])
  const guest = useGuest(id)
  const phase = usePhase()
  useEffect(() => {
    if (own && guest) document.title = `${guest.name} – ${m.kind}`
  }, [own, guest])
  if (guest) return <Console guest={guest} own={own} />
  return <p className="p-4 text-muted">{phase === 'loading' ? m.loading : m.noGuest}</p>
}
