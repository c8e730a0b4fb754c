'use client'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { CommandLines } from '@/components/guest/command-hint'
import { type DialogKind, GuestDialog } from '@/components/guest/dialogs'
import { operateOrTell } from '@/components/guest/use-operate'
import { engineInfo, useGuests, useHosts } from '@/components/live/live'
import { m } from '@/components/messages'
import { setTheme } from '@/components/theme'
import { Dialog } from '@/components/ui/dialog'
import type { Guest } from '@/server/model/guest'
import { type Entry, paletteEntries } from './palette-entries'
import type { Panel } from './shell'

/** Find a guest or a page by a part of its name, or run a command: "start web-01". */
export function Palette({ onClose, onPanel }: { onClose: () => void; onPanel: (panel: Panel) => void }) {
  const router = useRouter()
  const guests = useGuests()
  const hosts = useHosts()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [asked, setAsked] = useState<{ kind: DialogKind; guest: Guest } | null>(null)
  const entries = useMemo(
    () =>
      paletteEntries(text, guests, (guest) =>
        engineInfo(
          hosts.find((host) => host.id === guest.host),
          guest.engine,
        ),
      ),
    [text, guests, hosts],
  )
  const chosen = entries[Math.min(at, entries.length - 1)]

  const run = (entry: Entry | undefined) => {
    if (entry?.allowed !== true) return
    if ('panel' in entry) return onPanel(entry.panel)
    if ('ask' in entry) return setAsked({ kind: entry.ask, guest: entry.guest })
    onClose()
    if ('go' in entry) router.push(entry.go)
    else if ('theme' in entry) setTheme(entry.theme)
    else void operateOrTell(entry.guest, { kind: entry.verb, name: entry.guest.name })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((at + step + entries.length) % Math.max(1, entries.length))
    else if (event.key === 'Enter') run(chosen)
    else return
    event.preventDefault()
  }
  if (asked) return <GuestDialog kind={asked.kind} guest={asked.guest} onClose={onClose} />
  return (
    <Dialog title={m.palette.label} onClose={onClose} bare>
      <input
        role="combobox"
        aria-label={m.palette.label}
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${entries.indexOf(chosen)}` : undefined}
        placeholder={m.palette.hint}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        className="h-11 w-full border-line border-b bg-transparent px-4 outline-none"
      />
      <div id="palette-list" role="listbox" aria-label={m.palette.label} className="max-h-[52vh] overflow-auto py-1">
        {entries.length === 0 && <p className="px-4 py-3 text-muted">{m.palette.none}</p>}
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the input, which keeps the focus
          <div
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={entry === chosen}
            aria-disabled={entry.allowed !== true || undefined}
            className={`flex items-center gap-3 px-4 py-1.5 ${entry === chosen ? 'bg-accent-soft' : ''} ${entry.allowed === true ? 'cursor-pointer' : 'text-muted'}`}
            onPointerMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            <span className={`truncate ${'go' in entry && entry.kind === m.palette.page ? '' : 'font-mono text-sm'}`}>{entry.label}</span>
            {entry.allowed !== true && <span className="truncate text-sm">{entry.allowed}</span>}
            <span className="ml-auto text-muted text-sm">{entry.kind}</span>
          </div>
        ))}
      </div>
      {chosen && 'verb' in chosen && chosen.allowed === true && (
        <div aria-live="polite" className="border-line border-t px-4 py-2 font-mono text-muted text-xs">
          <CommandLines key={chosen.key} on={chosen.guest} operation={{ kind: chosen.verb, name: chosen.guest.name }} />
        </div>
      )}
    </Dialog>
  )
}
