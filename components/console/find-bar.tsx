import { useEffect, useRef, useState } from 'react'
import type { Found } from './finder'
import { terminalMessages as m } from './terminal-messages'
import type { TerminalHandle } from './use-terminal'

/** Searches what the terminal holds. Text in the address (`?find=`) is searched for as soon as the past is drawn. */
export function FindBar({ handle, given, onClose }: { handle: TerminalHandle; given: string; onClose: () => void }) {
  const { finder, terminal } = handle.glass
  const [search, setSearch] = useState({ text: given, regex: false, caseSensitive: false })
  const [found, setFound] = useState<Found | null>(null)
  const field = useRef<HTMLInputElement>(null)
  /** Looked for once the past is drawn. */
  const [later, setLater] = useState(given ? search : null)
  useEffect(() => {
    finder.onFound(setFound)
    field.current?.select()
    return () => {
      finder.onFound(() => {})
      finder.clear()
    }
  }, [finder])
  useEffect(() => {
    if (!later) return
    const { connection } = handle
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = () => {
      clearTimeout(timer)
      drawn.dispose()
      unsubscribe()
    }
    const look = () => {
      if (connection.view.link !== 'open' || connection.replay.replaying) return
      end()
      finder.find(later, 'up')
    }
    // Once this turn is over, what was parsed counts as drawn.
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(look)
    }
    const drawn = terminal.onWriteParsed(soon)
    const unsubscribe = connection.subscribe(soon)
    soon()
    return end
  }, [later, handle, finder, terminal])
  const change = (part: Partial<typeof search>) => {
    const next = { ...search, ...part }
    setSearch(next)
    finder.find(next, 'up', true)
  }
  return (
    <search className="console-find">
      <input
        ref={field}
        className="field"
        aria-label={m.findField}
        aria-invalid={found?.wrong || undefined}
        placeholder={m.find}
        value={search.text}
        spellCheck={false}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter') finder.find(search, event.shiftKey ? 'up' : 'down')
        }}
      />
      <span className="console-hits" role="status">
        {found &&
          search.text &&
          (found.wrong
            ? m.wrongPattern
            : found.count === 0 && handle.past() === 'newest'
              ? m.notInNewest
              : m.hits(found.at, found.count, found.more))}
      </span>
      <Toggle label={m.caseSensitive} on={search.caseSensitive} text="Aa" onChange={(caseSensitive) => change({ caseSensitive })} />
      <Toggle label={m.regex} on={search.regex} text=".*" onChange={(regex) => change({ regex })} />
      <button type="button" className="console-button" aria-label={m.previous} title={m.previous} onClick={() => finder.find(search, 'up')}>
        ↑
      </button>
      <button type="button" className="console-button" aria-label={m.next} title={m.next} onClick={() => finder.find(search, 'down')}>
        ↓
      </button>
      {handle.past() === 'more' && (
        <button
          type="button"
          className="console-button"
          onClick={() => {
            handle.loadPast()
            setLater(search)
            // The button goes: the keyboard stays in the bar.
            field.current?.focus()
          }}
        >
          {m.findAll}
        </button>
      )}
      <button type="button" className="console-button" aria-label={m.close} title={m.close} onClick={onClose}>
        ✕
      </button>
    </search>
  )
}

type ToggleProps = { label: string; text: string; on: boolean; onChange(on: boolean): void }

const Toggle = ({ label, text, on, onChange }: ToggleProps) => (
  <button type="button" className="console-button" aria-pressed={on} aria-label={label} title={label} onClick={() => onChange(!on)}>
    {text}
  </button>
)
