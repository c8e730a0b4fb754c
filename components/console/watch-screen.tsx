'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { consoleMessages } from './messages'
import { ScreenConnection } from './screen-connection'
import { screenSettings } from './screen-settings'
import { socketUrl } from './socket-url'
import { askRefused } from './watch-call'
import { WatchFrame, type WatchProps } from './watch-frame'
import './screen.css'

const never = () => () => {}
const nothing = () => null

/** A screen that only shows: the server takes no key, no click and no size from it, and gives it no clipboard. */
export default function WatchScreen({ token, watched, over, onEnd }: WatchProps) {
  const element = useRef<HTMLDivElement>(null)
  const [connection, setConnection] = useState<ScreenConnection | null>(null)
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  useEffect(() => {
    if (!element.current) return
    const settings = { ...screenSettings(), size: 'fit' as const }
    const made = new ScreenConnection(element.current, socketUrl('/ws/watch', { token }), settings, () => askRefused(token))
    setConnection(made)
    return () => {
      setConnection(null)
      made.close()
    }
  }, [token])
  return (
    <WatchFrame watched={watched} over={over} onEnd={onEnd} view={view}>
      <div
        ref={element}
        className="console-screen"
        role="application"
        aria-label={consoleMessages.screen(watched.guest)}
        hidden={over !== null}
      />
    </WatchFrame>
  )
}
