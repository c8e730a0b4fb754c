import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { Panel } from './shell'

const places: Record<string, string> = { o: '/', g: '/guests', j: '/jobs', r: '/recordings', i: '/images', h: '/hosts' }

/** Where keys belong to something else: a field, a terminal, a screen. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, canvas, .xterm, [data-keys="own"]') !== null)

/** The keys that work on every page. A key typed into a field or a console stays there. */
export function useKeys(setPanel: (change: (panel: Panel) => Panel) => void): void {
  const router = useRouter()
  useEffect(() => {
    let went = 0
    const onKey = (event: KeyboardEvent) => {
      const inField = isTaken(event.target)
      const inConsole = event.target instanceof HTMLElement && event.target.closest('canvas, .xterm, [data-keys="own"]') !== null
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k' && !inConsole) {
        event.preventDefault()
        return setPanel((panel) => (panel === 'palette' ? null : 'palette'))
      }
      if (inField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      const place = Date.now() - went < 1200 ? places[event.key] : undefined
      went = 0
      if (place) router.push(place)
      else if (event.key === '/') setPanel(() => 'palette')
      else if (event.key === '?') setPanel(() => 'keys')
      else if (event.key === 'b') setPanel((panel) => (panel === 'jobs' ? null : 'jobs'))
      else if (event.key === 'c') router.push('/guests/new')
      else if (event.key === 'g') {
        went = Date.now()
        return
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [router, setPanel])
}
