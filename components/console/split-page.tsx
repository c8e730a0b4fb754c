'use client'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { startLive, useGuests, usePhase } from '@/components/live/live'
import { AppLink } from '@/components/ui/link'
import { useScrollHint } from '@/components/ui/use-scroll-hint'
import { consoleShown, parseGuestId } from '@/server/model/guest'
import { Chorus, ChorusContext } from './chorus'
import { PaneConsole } from './console'
import { Menu } from './menu'
import { consoleMessages } from './messages'
import { keepPanes, mostPanes, type Pane, paneKey, wantedPanes } from './split-list'
import { splitMessages as m } from './split-messages'
import './split.css'

const nameOf = (pane: Pane): string => parseGuestId(pane.guest)?.name ?? pane.guest

/** Two to six consoles in one window. On a phone one of them is shown, and the others are a tab away. */
export default function SplitPage() {
  const [panes, setPanes] = useState<Pane[]>(() => wantedPanes(location.search))
  const [shown, setShown] = useState(0)
  const hint = useScrollHint()
  const chorus = useMemo(() => new Chorus(), [])
  useEffect(startLive, [])
  useEffect(() => {
    keepPanes(panes)
    document.title = panes.length > 0 ? panes.map(nameOf).join(', ') : m.title
  }, [panes])
  const change = (next: Pane[]) => {
    setPanes(next)
    setShown(Math.min(shown, Math.max(0, next.length - 1)))
  }
  return (
    <ChorusContext value={chorus}>
      <main className="split">
        <header className="console-bar">
          <AppLink href="/" className="font-semibold">
            {m.home}
          </AppLink>
          <h1 className="sr-only">{m.title}</h1>
          <AddPane panes={panes} onAdd={(pane) => change([...panes, pane])} />
          <ChorusSwitch chorus={chorus} />
        </header>
        {panes.length > 1 && (
          <div ref={hint} className="split-tabs" role="tablist" aria-label={m.tabs}>
            {panes.map((pane, at) => (
              <button
                key={paneKey(pane)}
                type="button"
                role="tab"
                aria-selected={at === shown}
                className="console-button"
                onClick={() => setShown(at)}
              >
                {nameOf(pane)}
              </button>
            ))}
          </div>
        )}
        {panes.length === 0 ? (
          <div className="grid gap-1 p-4">
            <h2>{m.empty}</h2>
            <p className="text-muted">{m.emptyText}</p>
          </div>
        ) : (
          <div className={`split-panes split-${panes.length}`}>
            {panes.map((pane, at) => (
              <section
                key={paneKey(pane)}
                className={`console console-pane${at === shown ? ' split-shown' : ''}`}
                aria-label={m.pane(nameOf(pane))}
              >
                <PaneOf pane={pane} onClose={() => change(panes.filter((each) => each !== pane))} />
              </section>
            ))}
          </div>
        )}
      </main>
    </ChorusContext>
  )
}

function PaneOf({ pane, onClose }: { pane: Pane; onClose: () => void }) {
  const guest = useGuests().find(({ id }) => id === pane.guest)
  const phase = usePhase()
  const name = nameOf(pane)
  const end = (
    <button type="button" className="console-button" aria-label={m.remove(name)} title={m.remove(name)} onClick={onClose}>
      ✕
    </button>
  )
  const bar = <strong className="truncate font-mono">{name}</strong>
  if (guest) return <PaneConsole guest={guest} kind={pane.kind} bar={bar} end={end} />
  return (
    <>
      <div className="console-bar">
        {bar}
        <span className="grow" />
        {end}
      </div>
      <p className="text-muted">{phase === 'loading' ? consoleMessages.loading : m.gone(name)}</p>
    </>
  )
}

/** Running guests that are not here yet. */
function AddPane({ panes, onAdd }: { panes: Pane[]; onAdd: (pane: Pane) => void }) {
  const guests = useGuests()
  const here = new Set(panes.map(({ guest }) => guest))
  const items = guests.flatMap((guest) => {
    const kind = consoleShown(guest)
    if (here.has(guest.id) || guest.state !== 'running' || !kind) return []
    return [{ label: guest.name, run: () => onAdd({ guest: guest.id, kind }) }]
  })
  const none = panes.length >= mostPanes ? m.full : items.length === 0 ? m.addNone : null
  return <Menu label={m.add} items={none ? [{ label: none, run: () => {}, disabled: true }] : items} />
}

/** One keyboard for all: off at first, and while it is on nobody can overlook it. */
function ChorusSwitch({ chorus }: { chorus: Chorus }) {
  useSyncExternalStore(chorus.subscribe, chorus.snapshot, chorus.snapshot)
  if (chorus.count < 2 && !chorus.on) return null
  return (
    <span className={chorus.on ? 'split-all' : undefined} role="status">
      {chorus.on && <strong>{m.allOn(chorus.hearing, chorus.count)}</strong>}
      <button type="button" className="console-button" aria-pressed={chorus.on} onClick={() => chorus.turn(!chorus.on)}>
        {chorus.on ? m.allOff : m.all}
      </button>
    </span>
  )
}
