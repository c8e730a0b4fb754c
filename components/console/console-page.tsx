'use client'
import { useEffect } from 'react'
import { useGuestParam } from '@/components/guest/use-guest-param'
import { startLive, useGuest, usePhase } from '@/components/live/live'
import { Console } from './console'
import { FirstConsole, useFirstText } from './first-glass'
import { consoleMessages as m } from './messages'

/** The console of the guest in the address, once the live picture holds it; until then `first`, the text that came with the page. */
export function ConsolePage({ own = false, first: given = '' }: { own?: boolean; first?: string }) {
  const { id } = useGuestParam()
  useEffect(startLive, [])
  const guest = useGuest(id)
  const phase = usePhase()
  const first = useFirstText(given)
  useEffect(() => {
    if (own && guest) document.title = `${guest.name} – ${m.kind}`
  }, [own, guest])
  if (guest) return <Console guest={guest} own={own} first={first} />
  if (first && phase === 'loading') return <FirstConsole text={first} own={own} loading={m.loading} />
  return <p className="p-4 text-muted">{phase === 'loading' ? m.loading : m.noGuest}</p>
}
