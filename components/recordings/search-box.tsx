'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { recordingMessages as m } from './messages'

/** Asks what to look for. `onSearch('')` leaves the search. */
export function SearchBox({ text, busy, onSearch }: { text: string; busy: boolean; onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  return (
    <search>
      <form
        className="mb-3 flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(typed.trim())
        }}
      >
        <input
          type="search"
          className="field min-w-[180px] max-w-[420px] flex-1"
          aria-label={m.search.label}
          placeholder={m.search.hint}
          value={typed}
          minLength={2}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
        />
        {busy ? (
          <Button onClick={() => onSearch('')}>{m.search.stop}</Button>
        ) : (
          <Button type="submit" look="primary">
            {m.search.go}
          </Button>
        )}
        {text && !busy && (
          <Button
            look="quiet"
            onClick={() => {
              setTyped('')
              onSearch('')
            }}
          >
            {m.search.clear}
          </Button>
        )}
      </form>
    </search>
  )
}
