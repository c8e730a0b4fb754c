import type { Guest } from '@/server/model/guest'
import type { ConsoleConnection, ConsoleView } from './connection'
import { consoleMessages as m } from './messages'
import { PowerButton } from './power-button'

/** `guest`: null for the shell of a host. */
type Props = { guest: Guest | null; kind: 'serial' | 'shell'; view: ConsoleView | null; connection: ConsoleConnection | null }

/** What is the matter, in words, with the next step. Nothing while the console simply works. */
export function TerminalNotice({ guest, kind, view, connection }: Props) {
  if (!view) return null
  const off = guest?.state === 'stopped' || guest?.state === 'crashed'
  if (view.link === 'closed' && view.signedOut) return <Notice text={m.signedOut} href="/login" action={m.signIn} />
  if (view.link === 'closed') return <Notice text={view.reason || m.disconnected} action={m.tryAgain} onAction={connection?.retry} />
  if (view.link === 'lost')
    return <Notice text={`${view.reason || m.noServer} ${m.link.lost}`} action={m.retry} onAction={connection?.retry} />
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
  if (guest && off) return <Notice text={text} extra={<PowerButton guest={guest} kind="start" />} />
  if (view.mode === 'watch') return <Notice text={text} />
  if (view.session.state === 'ended')
    return <Notice text={text} action={kind === 'shell' ? m.newShell : m.tryAgain} onAction={() => connection?.reopen()} />
  return <Notice text={text} action={m.tryAgain} onAction={() => connection?.reopen()} />
}

/** A guest that is paused looks like one that hangs. */
export function PausedNotice({ guest }: { guest: Guest }) {
  return <Notice text={m.paused(guest.name)} extra={<PowerButton guest={guest} kind="resume" />} />
}

type NoticeProps = { text: string; action?: string; href?: string; onAction?: (() => void) | undefined; extra?: React.ReactNode }

/** A small panel over the glass; what was printed stays readable behind it. */
export function Notice({ text, action, href, onAction, extra }: NoticeProps) {
  return (
    <div className="console-notice" role="status">
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
