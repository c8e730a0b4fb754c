'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { writeClipboard } from '@/components/clipboard'
import type { Guest } from '@/server/model/guest'
import { layoutOf } from './layouts/layouts'
import { consoleMessages as m } from './messages'
import { Notice, PausedNotice, useServerAway } from './notice'
import { PeopleNotice } from './people-notice'
import { PowerButton } from './power-button'
import { ScreenConnection, type ScreenView } from './screen-connection'
import { LayoutKeys, listenFirst } from './screen-keys'
import { screenMessages as s } from './screen-messages'
import { keepKeyboard, keepSettings, keyboardOf, screenSettings } from './screen-settings'
import { ScreenTools } from './screen-tools'
import { ScreenTouch } from './screen-touch'
import { socketUrl } from './socket-url'
import { TypeDialog } from './type-dialog'
import { useNarrow } from './use-narrow'
import './screen.css'

type Props = { guest: Guest; bar: React.ReactNode; end: React.ReactNode }

/** The screen of a VM: picture, keys, and in words what is the matter when there is none. */
export default function VncScreen({ guest, bar, end }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const [connection, setConnection] = useState<ScreenConnection | null>(null)
  const [pasting, setPasting] = useState<string | null>(null)
  const [settings, setSettings] = useState(screenSettings)
  const [keyboard, setKeyboard] = useState(() => keyboardOf(guest.id))
  const [told, setTold] = useState(0)
  const off = guest.state === 'stopped' || guest.state === 'crashed'
  // Once there was something to see it is kept, whatever becomes of the guest.
  const [wanted, setWanted] = useState(!off)
  if (!off && !wanted) setWanted(true)
  useEffect(() => {
    if (!element.current || !wanted) return
    const made = new ScreenConnection(element.current, socketUrl('/ws/vnc', { guest: guest.id }), screenSettings())
    setConnection(made)
    return () => {
      setConnection(null)
      made.close()
    }
  }, [guest.id, wanted])
  useEffect(() => {
    if (!element.current || !connection || keyboard === 'same') return
    return listenFirst(element.current, new LayoutKeys(layoutOf(keyboard), connection.press), () => connection.mayType)
  }, [connection, keyboard])
  useEffect(() => {
    if (pasting === null) connection?.focus()
  }, [pasting, connection])
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  const paste = async () => setPasting((await navigator.clipboard?.readText().catch(() => '')) ?? '')
  const [toolbar, narrow] = useNarrow(view && view.writer !== view.me ? 880 : 780)
  const old = off || view?.link === 'lost' || view?.session.state === 'waiting'
  return (
    <>
      <div ref={toolbar} className={`console-bar${narrow ? ' console-narrow' : ''}`} role="toolbar" aria-label={m.toolbar}>
        {bar}
        <ScreenTools
          narrow={narrow}
          name={guest.name}
          view={view}
          connection={connection}
          watch={{ guest: guest.id, name: guest.name, kind: 'vnc' }}
          settings={settings}
          onSettings={(next) => {
            keepSettings(next)
            setSettings(next)
            connection?.set(next)
          }}
          keyboard={keyboard}
          onKeyboard={(next) => {
            keepKeyboard(guest.id, next)
            setKeyboard(next)
          }}
          onType={() => void paste()}
        />
        {end}
      </div>
      <div className="console-glass">
        <div
          ref={element}
          className={`console-screen${old && view?.seen ? ' console-screen-old' : ''}`}
          role="application"
          aria-label={m.screen(guest.name)}
        />
        <PeopleNotice view={view} connection={connection} onDone={() => connection?.focus()} />
        <ScreenNotice guest={guest} off={off} view={view} connection={connection} />
        {view && view.clipboard.count > told && view.link === 'open' && (
          <div className="console-people-notice" role="status">
            <span>{s.copied}</span>
            <button
              type="button"
              className="console-button console-primary"
              onClick={() => {
                void writeClipboard(view.clipboard.text)
                setTold(view.clipboard.count)
              }}
            >
              {s.copy}
            </button>
            <button type="button" className="console-button" onClick={() => setTold(view.clipboard.count)}>
              {s.close}
            </button>
          </div>
        )}
      </div>
      <ScreenTouch guest={guest.id} connection={connection} />
      {pasting !== null && connection && (
        <TypeDialog pressed="paste" port={connection.port} guest={guest.id} text={pasting} onClose={() => setPasting(null)} />
      )}
    </>
  )
}
const never = () => () => {}
const nothing = () => null

type NoticeProps = { guest: Guest; off: boolean; view: ScreenView | null; connection: ScreenConnection | null }

function ScreenNotice({ guest, off, view, connection }: NoticeProps) {
  const told = useServerAway()
  if (view?.link === 'closed' && view.signedOut) return <Notice beside text={m.signedOut} href="/login" action={m.signIn} />
  if (view?.link === 'closed') return <Notice beside text={view.reason || m.disconnected} />
  if (off) return <Notice beside text={m.vnc.notRunning(guest.name)} extra={<PowerButton guest={guest} kind="start" />} />
  if (!view || view.link === 'connecting') return <Notice text={m.vnc.connecting} />
  if (view.link === 'lost')
    return told && !view.reason ? null : (
      <Notice text={`${view.reason || m.noServer} ${m.again}`} action={m.retry} onAction={connection?.retry} />
    )
  if (view.session.state === 'waiting')
    return (
      <Notice beside text={view.seen ? s.waiting(view.session.text) : m.vnc.connecting} action={m.retry} onAction={connection?.retry} />
    )
  return guest.state === 'paused' ? <PausedNotice guest={guest} /> : null
}
