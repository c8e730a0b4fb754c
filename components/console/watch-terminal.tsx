'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { formatLongSpan, formatTime } from '@/components/format'
import type { Watched } from '@/server/model/watch'
import { ConsoleConnection, type ConsoleView } from './connection'
import { createGlass } from './glass'
import { consoleMessages } from './messages'
import { peopleMessages, watchMessages } from './people-messages'
import { fontSize, looks, readerMode } from './preferences'
import { socketUrl } from './socket-url'
import { askWatched } from './watch-call'

const m = watchMessages.page
const never = () => () => {}
const nothing = () => null

type Props = {
  token: string
  watched: Watched
  /** Why it is over, once it is. */
  over: string | null
  onEnd: (words: string) => void
}

/** A terminal that only shows. What the guest asks of a terminal (clipboard, links, title) is not given to those who hold a link. */
export default function WatchTerminal({ token, watched, over, onEnd }: Props) {
  const screen = useRef<HTMLDivElement>(null)
  const [connection, setConnection] = useState<ConsoleConnection | null>(null)
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  const label = m.terminal(watched.guest, consoleMessages.kinds[watched.kind])
  useEffect(() => {
    if (!screen.current) return
    const made = show(screen.current, token, label)
    setConnection(made.connection)
    return () => {
      setConnection(null)
      made.dispose()
    }
  }, [token, label])
  useEffect(() => {
    document.title = `${watched.guest} – ${consoleMessages.kinds[watched.kind]}`
  }, [watched])
  const closed = view?.link === 'closed'
  const reason = view?.reason ?? ''
  useEffect(() => {
    if (closed) onEnd(reason)
  }, [closed, reason, onEnd])

  return (
    <>
      <div className="console-bar">
        <h1 className="font-mono font-semibold">{watched.guest}</h1>
        <span className="console-pill">{consoleMessages.kinds[watched.kind]}</span>
        <span className="console-pill" role="status">
          {over === null ? `${m.readOnly} · ${view ? stateOf(view) : consoleMessages.link.connecting}` : m.ended}
        </span>
        <span className="grow" />
        <Until at={watched.until} over={over !== null} />
      </div>
      <div className="console-glass">
        <div ref={screen} className="console-screen" hidden={over !== null} />
        {over === null ? (
          view?.link === 'open' && view.session.state !== 'attached' && view.session.text && <Panel text={view.session.text} />
        ) : (
          <Panel title={m.ended} text={over} />
        )}
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

const stateOf = (view: ConsoleView): string => {
  if (view.link !== 'open') return consoleMessages.link[view.link]
  if (view.session.state === 'ended') return consoleMessages.ended
  if (view.session.state === 'waiting') return consoleMessages.waiting
  return view.writer === null ? m.nobody : `${peopleMessages.someone} ${peopleMessages.types}`
}

/** Until when, and how long that is: checked against the browser's clock, which may be wrong; the server ends it by its own. */
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

function show(element: HTMLElement, token: string, label: string) {
  let connection: ConsoleConnection | null = null
  const glass = createGlass(element, {
    fontSize: fontSize(),
    reader: readerMode(),
    label,
    looks: looks(),
    onWish: () => {},
    onTitle: () => {},
    past: () => connection === null,
  })
  glass.terminal.options.disableStdin = true
  const made = new ConsoleConnection({
    url: socketUrl('/ws/watch', { token }),
    onBytes: glass.write,
    window: glass.window,
    onRestart: () => glass.terminal.reset(),
    onLost: () => {},
    // Refused for good or only now: the same question that the page asked.
    ask: async () => {
      const answer = await askWatched(token)
      return answer.state === 'ended' ? 'refused' : null
    },
  })
  connection = made
  const unsubscribe = made.subscribe(() => {
    const { cols, rows } = made.view
    if (cols !== glass.terminal.cols || rows !== glass.terminal.rows) glass.terminal.resize(cols, rows)
  })
  return {
    connection: made,
    dispose() {
      unsubscribe()
      made.close()
      glass.dispose()
    },
  }
}
