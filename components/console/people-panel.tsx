import { useEffect, useRef, useState } from 'react'
import { leaveKeys } from './leave'
import { peopleOf } from './people'
import { peopleMessages as m, watchMessages as w } from './people-messages'
import type { SeatingPort, SeatingView } from './seating'
import { WatchLinks, type WatchTarget } from './watch-links'
import './people.css'

type Props = {
  view: SeatingView | null
  connection: SeatingPort | null
  /** What a watch link would show; null where there are none. */
  watch: WatchTarget | null
  /** What stands on the button, where there is no room for it elsewhere: who types. */
  words?: string
  /** Back to the terminal. */
  onDone: () => void
}

/** Who is here, who types, and what one may do about that. Escape and a click elsewhere close it. */
export function People({ view, connection, watch, words, onDone }: Props) {
  const [open, setOpen] = useState(false)
  const [links, setLinks] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>('.console-people-panel')?.focus()
    const outside = (event: Event) => event.target instanceof Node && !root.current?.contains(event.target) && setOpen(false)
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const act = (what: () => void) => () => {
    what()
    setOpen(false)
    onDone()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape inside closes what the button opened
    <div className="console-people" ref={root} onKeyDown={(event) => event.key === 'Escape' && open && close()}>
      <button
        type="button"
        ref={button}
        className="console-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-keyshortcuts={leaveKeys}
        title={m.keysHint}
        aria-label={words && `${m.people}: ${words}`}
        onClick={() => setOpen(!open)}
      >
        {words ?? m.people} ▾
      </button>
      {open && view && connection && (
        <div className="console-people-panel" role="dialog" aria-label={m.title} tabIndex={-1}>
          <h2 className="text-muted text-xs">{m.title}</h2>
          <Seats view={view} connection={connection} act={act} />
          {watch && view.mode === 'type' && (
            <button
              type="button"
              className="console-button justify-self-start"
              onClick={() => {
                setOpen(false)
                setLinks(true)
              }}
            >
              {w.open}…
            </button>
          )}
        </div>
      )}
      {links && watch && <WatchLinks {...watch} onClose={() => setLinks(false)} />}
    </div>
  )
}

type SeatsProps = { view: SeatingView; connection: SeatingPort; act: (what: () => void) => () => void }

function Seats({ view, connection, act }: SeatsProps) {
  const mayHave = view.mode === 'type' && view.writer !== view.me
  const does = {
    give: (id: string) => connection.seat({ t: 'offer', to: id }),
    offer: (id: string) => connection.seat({ t: 'offer', to: id }),
    withdraw: () => connection.seat({ t: 'decline' }),
  }
  return (
    <>
      <ul aria-label={m.title}>
        {peopleOf(view).map(({ id, label, does: doing, action }) => (
          <li key={id}>
            <span aria-hidden className={id === view.writer ? 'text-ok' : 'text-muted'}>
              {id === view.writer ? '●' : '○'}
            </span>
            <span className="min-w-0 grow">
              <span className="block truncate">{label}</span>
              <span className="block text-muted text-xs">{doing}</span>
            </span>
            {action === 'give' && (
              <button type="button" className="console-button" onClick={act(does.withdraw)}>
                {m.notNow}
              </button>
            )}
            {action && (
              <button
                type="button"
                className={`console-button${action === 'give' ? ' console-primary' : ''}`}
                aria-label={m.to(m[action], label)}
                onClick={act(() => does[action](id))}
              >
                {m[action]}
              </button>
            )}
          </li>
        ))}
      </ul>
      {view.mode === 'watch' && <p className="text-muted text-xs">{m.readOnly}</p>}
      {mayHave && (
        <div className="flex flex-wrap gap-2">
          {view.writer !== null &&
            (view.asking === view.me ? (
              <button type="button" className="console-button" onClick={act(() => connection.seat({ t: 'decline' }))}>
                {m.takeBackAsk}
              </button>
            ) : (
              <button
                type="button"
                className="console-button"
                title={view.asking === null ? m.askHint : m.askedAlready}
                disabled={view.asking !== null}
                onClick={act(() => connection.seat({ t: 'ask' }))}
              >
                {m.ask}
              </button>
            ))}
          <button type="button" className="console-button console-primary" onClick={act(() => connection.take())}>
            {m.take}
          </button>
        </div>
      )}
    </>
  )
}
