import { type ReactNode, useEffect, useState } from 'react'
import { formatLongSpan, formatZonedTime } from '@/components/format'
import type { Watched } from '@/server/model/watch'
import { consoleMessages } from './messages'
import { peopleMessages, watchMessages } from './people-messages'
import type { SeatingView } from './seating'

const m = watchMessages.page

export type WatchProps = {
  token: string
  watched: Watched
  /** Why it is over, once it is. */
  over: string | null
  onEnd: (words: string) => void
}

type Props = Omit<WatchProps, 'token'> & { view: (SeatingView & { reason: string }) | null; note?: ReactNode; children: ReactNode }

/** What stands around a watched console: whose it is, until when, and in words what is the matter. */
export function WatchFrame({ watched, over, onEnd, view, note, children }: Props) {
  useEffect(() => {
    document.title = `${watched.guest} – ${consoleMessages.kinds[watched.kind]}`
  }, [watched])
  const closed = view?.link === 'closed'
  const reason = view?.reason ?? ''
  useEffect(() => {
    if (closed) onEnd(reason)
  }, [closed, reason, onEnd])
  const waiting = view?.link === 'open' && view.session.state !== 'attached' && view.session.text
  return (
    <>
      <div className="console-bar">
        <h1 className="font-mono font-semibold">{watched.guest}</h1>
        <span className="console-pill">{consoleMessages.kinds[watched.kind]}</span>
        {/* Once it is over, the panel says so, and no more is to be said. */}
        {over === null && (
          <>
            <span className="console-pill" role="status">
              {`${m.readOnly} · ${view ? stateOf(view) : consoleMessages.link.connecting}`}
            </span>
            {note}
            <span className="grow" />
            <Until at={watched.until} />
          </>
        )}
      </div>
      <div className="console-glass">
        {children}
        {over !== null && <Panel beside text={over} />}
        {over === null && waiting && <Panel beside text={waiting} />}
        {over === null && view?.link === 'lost' && <Panel text={`${view.reason || m.noServer} ${consoleMessages.again}`} />}
      </div>
    </>
  )
}

function Panel({ beside = false, text }: { beside?: boolean; text: string }) {
  return (
    <div className={`console-notice${beside ? ' console-notice-beside' : ''}`} role="status">
      <span>{text}</span>
    </div>
  )
}

const stateOf = (view: SeatingView): string => {
  if (view.link !== 'open') return consoleMessages.link[view.link]
  if (view.session.state === 'ended') return consoleMessages.ended
  if (view.session.state === 'waiting') return consoleMessages.waiting
  return view.writer === null ? m.nobody : `${peopleMessages.someone} ${peopleMessages.types}`
}

/** Until when, and how long that is: by the browser's clock, which may be wrong; the server ends it by its own. */
function Until({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="text-muted">
      {m.until(formatZonedTime(at))}
      {at > now && ` · ${m.left(formatLongSpan(at - now))}`}
    </span>
  )
}
