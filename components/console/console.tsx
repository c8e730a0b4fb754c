'use client'
import { useSearchParams } from 'next/navigation'
import { lazily } from '@/components/ui/lazily'
import { type ConsoleKind, consoleShown, type Guest } from '@/server/model/guest'
import './console.css'
import { consoleMessages as m } from './messages'
// With the page and not after it: who reloads a console waits for its text.
import Terminal from './terminal'

const Screen = lazily(() => import('./vnc').then((module) => module.default), <p className="text-muted">{m.loading}</p>)

/** The consoles of a guest: one is shown, the others are a click away. `own`: it fills a window of its own. `first`: the text that came with the page. */
export function Console({ guest, own = false, first }: { guest: Guest; own?: boolean; first?: string }) {
  const asked = useSearchParams().get('kind')
  const kind = consoleShown(guest, asked)
  if (!kind)
    return (
      <div className="grid gap-1">
        <h2>{m.none}</h2>
        <p className="text-muted">{m.noneText}</p>
      </div>
    )
  const choose = (next: ConsoleKind) => {
    const url = new URL(location.href)
    url.searchParams.set('kind', next)
    // Without a state of its own: Next hears of it then.
    history.replaceState(null, '', url)
  }
  const bar = (
    <>
      {own && <strong className="font-mono">{guest.name}</strong>}
      {guest.consoles.length > 1 ? (
        <select
          className="console-button"
          aria-label={m.kind}
          value={kind}
          onChange={(event) => {
            const next = guest.consoles.find((each) => each === event.target.value)
            if (next) choose(next)
          }}
        >
          {guest.consoles.map((each) => (
            <option key={each} value={each}>
              {m.kinds[each]}
            </option>
          ))}
        </select>
      ) : (
        <span className="console-pill">{m.kinds[kind]}</span>
      )}
    </>
  )
  const end = own ? null : (
    // A phone has no windows.
    <a
      className="console-button max-sm:hidden"
      href={`/console/${encodeURIComponent(guest.id)}?kind=${kind}`}
      target="_blank"
      rel="noopener"
    >
      {m.ownWindow}
    </a>
  )
  return (
    <section className={`console${own ? ' console-own' : ''}`} aria-label={m.kind}>
      {kind === 'vnc' ? (
        <Screen key={guest.id} guest={guest} bar={bar} end={end} />
      ) : (
        <Terminal key={`${guest.id} ${kind}`} subject={{ guest }} kind={kind} first={first} bar={bar} end={end} />
      )}
    </section>
  )
}

type PaneProps = { guest: Guest; kind: ConsoleKind; bar: React.ReactNode; end: React.ReactNode }

/** One console of a guest without a frame of its own, for a place beside others. */
export function PaneConsole({ guest, kind, bar, end }: PaneProps) {
  return kind === 'vnc' ? <Screen guest={guest} bar={bar} end={end} /> : <Terminal subject={{ guest }} kind={kind} bar={bar} end={end} />
}
