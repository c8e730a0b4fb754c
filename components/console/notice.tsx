import { useContext } from 'react'
import { useConnection } from '@/components/live/live'
import { ToldContext } from '@/components/shell/told'
import type { Guest } from '@/server/model/guest'
import type { ConsoleConnection, ConsoleView } from './connection'
import { consoleMessages as m } from './messages'
import { PowerButton } from './power-button'

/** `guest`: null for the shell of a host. */
type Props = { guest: Guest | null; kind: 'serial' | 'shell'; view: ConsoleView | null; connection: ConsoleConnection | null }

/** What is the matter, in words, with the next step. Nothing while the console simply works. */
export function TerminalNotice({ guest, kind, view, connection }: Props) {
  const told = useServerAway()
  if (!view) return null
  const off = guest?.state === 'stopped' || guest?.state === 'crashed'
  if (view.link === 'closed' && view.signedOut) return <Notice beside text={m.signedOut} href="/login" action={m.signIn} />
  if (view.link === 'closed') return <Notice beside text={view.reason || m.disconnected} action={m.tryAgain} onAction={connection?.retry} />
  if (view.link === 'lost')
    return told && !view.reason ? null : (
      <Notice text={`${view.reason || m.noServer} ${m.again}`} action={m.retry} onAction={connection?.retry} />
    )
  if (view.link === 'connecting') return null
  if (view.session.state === 'attached' && view.error)
    return view.mode === 'watch' ? (
      <Notice text={view.error} />
    ) : (
      <Notice text={view.error} action={m.take} onAction={() => connection?.take()} />
    )
  if (guest?.state === 'paused') return <PausedNotice guest={guest} />
  if (view.session.state === 'attached') return null
  const text = view.session.text || m.waiting
  if (guest && off) return <Notice beside text={text} extra={<PowerButton guest={guest} kind="start" />} />
  if (view.mode === 'watch') return <Notice beside text={text} />
  if (view.session.state === 'ended')
    return <Notice beside text={text} action={kind === 'shell' ? m.newShell : m.tryAgain} onAction={() => connection?.reopen()} />
  return <Notice beside text={text} action={m.tryAgain} onAction={() => connection?.reopen()} />
}

/** A guest that is paused looks like one that hangs. */
export function PausedNotice({ guest }: { guest: Guest }) {
  return <Notice beside text={m.paused(guest.name)} extra={<PowerButton guest={guest} kind="resume" />} />
}

/** Whether a bar over the page says already that the server does not answer. */
export function useServerAway(): boolean {
  const lost = useConnection() === 'lost'
  return useContext(ToldContext) && lost
}

type NoticeProps = {
  /** It stays: it gets room of its own below the glass, and the last lines stay in sight. Else it floats for a moment. */
  beside?: boolean
  text: string
  action?: string
  href?: string
  onAction?: (() => void) | undefined
  extra?: React.ReactNode
}

/** A small panel at the foot of the glass. */
export function Notice({ beside = false, text, action, href, onAction, extra }: NoticeProps) {
  return (
    <div className={`console-notice${beside ? ' console-notice-beside' : ''}`} role="status">
      <span>{text}</span>
      {href && (
        <a className="console-button console-primary" href={href}>
          {action}
        </a>
      )}
      {onAction && (
        <button type="button" className="console-button console-primary" onClick={onAction}>
          {action}
        </button>
      )}
      {extra}
    </div>
  )
}
