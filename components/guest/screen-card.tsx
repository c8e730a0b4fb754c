'use client'
import { useEffect, useRef, useState } from 'react'
import { screenMessages as m } from '@/components/console/screen-messages'
import { guestPath } from '@/components/paths'
import { Card } from '@/components/ui/card'
import { AppLink } from '@/components/ui/link'
import type { Guest } from '@/server/model/guest'

/** ms between two looks. */
const every = 3_000

type Seen = { url: string; stale: boolean }

/** Looks at a screen while it is in sight and the tab is shown. An unchanged picture is not sent again. */
function useStill(id: string, running: boolean, sight: React.RefObject<HTMLElement | null>) {
  const [seen, setSeen] = useState<Seen | null>(null)
  const [why, setWhy] = useState('')
  useEffect(() => {
    const element = sight.current
    if (!element || !running) return
    const end = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let inSight = false
    let busy = false
    let tag = ''
    const look = async () => {
      clearTimeout(timer)
      if (busy || !inSight || document.hidden || end.signal.aborted) return
      busy = true
      try {
        const reply = await fetch(`/screen/${encodeURIComponent(id)}`, {
          signal: end.signal,
          headers: tag ? { 'If-None-Match': tag } : {},
          cache: 'no-store',
        })
        if (reply.status === 200) {
          tag = reply.headers.get('ETag') ?? ''
          const url = URL.createObjectURL(await reply.blob())
          setSeen({ url, stale: reply.headers.get('X-Stale') === '1' })
          setWhy('')
        } else if (reply.status !== 304) setWhy((await reply.text()).trim())
      } catch {
        // The page says elsewhere that the server does not answer; the next look follows.
      }
      busy = false
      if (!end.signal.aborted) timer = setTimeout(look, every)
    }
    const watcher = new IntersectionObserver(([entry]) => {
      inSight = entry?.isIntersecting ?? false
      void look()
    })
    watcher.observe(element)
    const shown = () => void look()
    document.addEventListener('visibilitychange', shown)
    return () => {
      end.abort()
      clearTimeout(timer)
      watcher.disconnect()
      document.removeEventListener('visibilitychange', shown)
    }
  }, [id, running, sight])
  useEffect(() => () => URL.revokeObjectURL(seen?.url ?? ''), [seen])
  return { seen, why }
}

/** What is on a guest's screen now; greyed when it is what was seen last. */
export function ScreenCard({ guest }: { guest: Guest }) {
  const frame = useRef<HTMLDivElement>(null)
  const running = guest.state !== 'stopped' && guest.state !== 'crashed' && guest.state !== 'unknown'
  const { seen, why } = useStill(guest.id, running, frame)
  const paused = guest.state === 'paused'
  const old = seen !== null && (!running || seen.stale)
  const words = !running ? m.stillOff : seen ? (paused ? m.stillPaused : old ? m.stillOld : '') : why || m.stillLoading
  return (
    <Card title={m.stillTitle}>
      <div ref={frame} className="relative grid min-h-24 place-items-center overflow-hidden rounded-md bg-[#07090c]">
        {seen && (
          <AppLink href={`${guestPath(guest.id, 'console')}?kind=vnc`} title={m.stillOpen} className="block w-full">
            <img
              src={seen.url}
              alt={m.still(guest.name)}
              className={`max-h-[300px] w-full object-contain ${old || paused ? 'opacity-45 grayscale' : ''}`}
            />
          </AppLink>
        )}
        {words && <p className={`px-3 text-center text-[#e3e8ed] text-sm ${seen ? 'absolute rounded bg-[#171c22] py-1' : ''}`}>{words}</p>}
      </div>
    </Card>
  )
}
