'use client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Guest } from '@/server/model/guest'
import { Menu } from './menu'
import { consoleMessages as m } from './messages'
import { Notice, PausedNotice } from './notice'
import { PasteDialog } from './paste-dialog'
import { PowerButton } from './power-button'
import { ScreenConnection, type ScreenView } from './screen-connection'
import { socketUrl } from './socket-url'
import { keysymsOf } from './typed'

type Props = { guest: Guest; bar: React.ReactNode; end: React.ReactNode }

const keys: [label: string, keysym: number, code: string][] = [
  ['Esc', 0xff1b, 'Escape'],
  ['Tab', 0xff09, 'Tab'],
  ['Enter', 0xff0d, 'Enter'],
  ['F1', 0xffbe, 'F1'],
  ['F2', 0xffbf, 'F2'],
  ['F8', 0xffc5, 'F8'],
  ['F11', 0xffc8, 'F11'],
  ['F12', 0xffc9, 'F12'],
]

/** The screen of a VM: picture, keys, and in words what is the matter when there is none. */
export default function VncScreen({ guest, bar, end }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const [connection, setConnection] = useState<ScreenConnection | null>(null)
  const [pasting, setPasting] = useState(false)
  const off = guest.state === 'stopped' || guest.state === 'crashed'
  useEffect(() => {
    if (!element.current || off) return
    const made = new ScreenConnection(element.current, socketUrl('/ws/vnc', { guest: guest.id }))
    setConnection(made)
    return () => {
      setConnection(null)
      made.close()
    }
  }, [guest.id, off])
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  const type = (text: string) => {
    for (const keysym of keysymsOf(text)) connection?.key(keysym, '')
    connection?.focus()
  }
  return (
    <>
      <div className="console-bar" role="toolbar" aria-label={m.toolbar}>
        {bar}
        <span className="console-pill" role="status">
          {off ? m.ended : m.link[view?.link ?? 'connecting']}
        </span>
        <span className="grow" />
        {view?.clipboard && (
          <button type="button" className="console-button" onClick={() => void navigator.clipboard?.writeText(view.clipboard)}>
            {m.copy}
          </button>
        )}
        <button type="button" className="console-button" disabled={view?.link !== 'open'} onClick={() => setPasting(true)}>
          {m.paste}
        </button>
        <button type="button" className="console-button" disabled={view?.link !== 'open'} onClick={() => connection?.ctrlAltDel()}>
          {m.vnc.ctrlAltDel}
        </button>
        <Menu label={m.sendKeys} items={keys.map(([label, keysym, code]) => ({ label, run: () => connection?.key(keysym, code) }))} />
        {end}
      </div>
      <div className="console-glass">
        <div ref={element} className="console-screen" role="application" aria-label={m.screen(guest.name)} />
        {off ? (
          <Notice text={m.vnc.notRunning(guest.name)} extra={<PowerButton guest={guest} kind="start" />} />
        ) : (
          view && <ScreenNotice guest={guest} view={view} connection={connection} />
        )}
      </div>
      {pasting && <PasteDialog onClose={() => setPasting(false)} onText={type} />}
    </>
  )
}
const never = () => () => {}
const nothing = () => null

function ScreenNotice({ guest, view, connection }: { guest: Guest; view: ScreenView; connection: ScreenConnection | null }) {
  if (view.asksPassword) return <PasswordNotice onPassword={(password) => connection?.password(password)} />
  if (view.link === 'closed' && view.signedOut) return <Notice text={m.signedOut} href="/login" action={m.signIn} />
  if (view.link === 'closed') return <Notice text={view.reason || m.disconnected} action={m.tryAgain} onAction={connection?.retry} />
  if (view.link === 'connecting') return <Notice text={m.vnc.connecting} />
  if (view.link === 'open') return guest.state === 'paused' ? <PausedNotice guest={guest} /> : null
  const text = view.reason ? `${view.reason} ${m.vnc.lost}` : m.vnc.lost
  return <Notice text={text} action={m.retry} onAction={connection?.retry} />
}

function PasswordNotice({ onPassword }: { onPassword: (password: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <form
      className="console-notice"
      onSubmit={(event) => {
        event.preventDefault()
        onPassword(input.current?.value ?? '')
      }}
    >
      <span>{m.vnc.password}</span>
      <input ref={input} className="field" type="password" autoComplete="off" aria-label={m.vnc.passwordField} />
      <button type="submit" className="console-button console-primary">
        {m.vnc.send}
      </button>
    </form>
  )
}
