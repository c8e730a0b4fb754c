import { useState } from 'react'
import { matterOf } from './people'
import { peopleMessages as m } from './people-messages'
import type { SeatingPort, SeatingView } from './seating'

type Props = { view: SeatingView | null; connection: SeatingPort | null; onDone?: () => void }

/** A bar over the top of the glass: who asks, offers, took or gave the keyboard, with what may be answered. */
export function PeopleNotice({ view, connection, onDone }: Props) {
  /** The message that was closed: another one of the same words is shown again. */
  const [seen, setSeen] = useState<SeatingView['seat']>(null)
  const matter = view && matterOf(view)
  if (!view || !connection || !matter || (matter.kind === 'seat' && view.seat === seen)) return <div role="status" className="sr-only" />
  const does = (act: () => void) => () => {
    act()
    onDone?.()
  }
  const decline = does(() => connection.seat({ t: 'decline' }))
  const done = does(() => setSeen(view.seat))
  return (
    <div className="console-people-notice" role="status">
      {matter.kind === 'asked' && (
        <>
          <span>{m.asked(matter.by)}</span>
          <Answer primary onClick={does(() => connection.seat({ t: 'offer', to: matter.id }))}>
            {m.give}
          </Answer>
          <Answer onClick={decline}>{m.notNow}</Answer>
        </>
      )}
      {matter.kind === 'offered' && (
        <>
          <span>{m.offered(matter.by)}</span>
          <Answer primary onClick={does(() => connection.seat({ t: 'accept' }))}>
            {m.accept}
          </Answer>
          <Answer onClick={decline}>{m.noThanks}</Answer>
        </>
      )}
      {matter.kind === 'waiting' && (
        <>
          <span>{m.youAsked(matter.by)}</span>
          <Answer onClick={decline}>{m.takeBackAsk}</Answer>
        </>
      )}
      {matter.kind === 'seat' && (
        <>
          <span>{m.seat[matter.what](matter.by)}</span>
          <Answer onClick={done}>{m.close}</Answer>
        </>
      )}
    </div>
  )
}

function Answer({ primary = false, onClick, children }: { primary?: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className={`console-button${primary ? ' console-primary' : ''}`} onClick={onClick}>
      {children}
    </button>
  )
}
