import { type ReactNode, useEffect, useState } from 'react'
import { formatLongSpan, formatTime } from '@/components/format'
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
        <span className="console-pill" role="status">
          {over === null ? `${m.readOnly} · ${view ? stateOf(view) : consoleMessages.link.connecting}` : m.ended}
        </span>
        {note}
        <span className="grow" />
        <Until at={watched.until} over={over !== null} />
      </div>
      <div className="console-glass">
        {children}
        {over !== null && <Panel title={m.ended} text={over} />}
        {over === null && waiting && <Panel text={waiting} />}
        {over === null && view?.link === 'lost' && <Panel text={`${view.reason || m.noServer} ${consoleMessages.link.lost}`} />}
      </div>
    </>
  )
}

function Panel({ title, text }: { title?: string; text: string }) {
  return (
    <div className="console-notice" role="status">
      {title && <strong>{title}</strong>}
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
function Until({ at, over }: { at: number; over: boolean }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="text-muted">
      {m.until(formatTime(at))}
      {!over && at > now && ` · ${m.left(formatLongSpan(at - now))}`}
    </span>
  )
}
