'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { ConsoleConnection } from './connection'
import { createGlass } from './glass'
import { consoleMessages } from './messages'
import { watchMessages } from './people-messages'
import { fontSize, looks, readerMode } from './preferences'
import { RecordPill } from './record-button'
import { socketUrl } from './socket-url'
import { askRefused } from './watch-call'
import { WatchFrame, type WatchProps } from './watch-frame'

const never = () => () => {}
const nothing = () => null

/** A terminal that only shows. What the guest asks of a terminal (clipboard, links, title) is not given to those who hold a link. */
export default function WatchTerminal({ token, watched, over, onEnd }: WatchProps) {
  const screen = useRef<HTMLDivElement>(null)
  const [connection, setConnection] = useState<ConsoleConnection | null>(null)
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  const label = watchMessages.page.terminal(watched.guest, consoleMessages.kinds[watched.kind])
  useEffect(() => {
    if (!screen.current) return
    const made = show(screen.current, token, label)
    setConnection(made.connection)
    return () => {
      setConnection(null)
      made.dispose()
    }
  }, [token, label])
  return (
    <WatchFrame
      watched={watched}
      over={over}
      onEnd={onEnd}
      view={view}
      note={view && over === null && <RecordPill recording={view.recording} />}
    >
      <div ref={screen} className="console-screen" hidden={over !== null} />
    </WatchFrame>
  )
}

function show(element: HTMLElement, token: string, label: string) {
  const glass = createGlass(element, {
    fontSize: fontSize(),
    reader: readerMode(),
    label,
    looks: looks(),
    onWish: () => {},
    onTitle: () => {},
    past: () => false,
  })
  glass.terminal.options.disableStdin = true
  const connection = new ConsoleConnection({
    url: socketUrl('/ws/watch', { token }),
    onBytes: glass.write,
    window: glass.window,
    onRestart: glass.reset,
    onLost: () => {},
    ask: () => askRefused(token),
  })
  const adapt = () => {
    const { cols, rows } = connection.view
    glass.squeeze({ cols, rows })
    if (cols !== glass.terminal.cols || rows !== glass.terminal.rows) glass.terminal.resize(cols, rows)
  }
  let known = ''
  const unsubscribe = connection.subscribe(() => {
    const { cols, rows } = connection.view
    if (known === `${cols} ${rows}`) return
    known = `${cols} ${rows}`
    adapt()
  })
  const observer = new ResizeObserver(() => requestAnimationFrame(adapt))
  observer.observe(element)
  return {
    connection,
    dispose() {
      observer.disconnect()
      unsubscribe()
      connection.close()
      glass.dispose()
    },
  }
}
