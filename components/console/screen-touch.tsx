import { useRef } from 'react'
import { layoutOf } from './layouts/layouts'
import { planKeys } from './layouts/strokes'
import { layoutFor } from './preferences'
import type { ScreenConnection } from './screen-connection'
import { screenMessages as m } from './screen-messages'

const row: [label: string, code: string][] = [
  ['Esc', 'Escape'],
  ['Tab', 'Tab'],
  ['↑', 'ArrowUp'],
  ['↓', 'ArrowDown'],
  ['←', 'ArrowLeft'],
  ['→', 'ArrowRight'],
]

/** For fingers: keys that touch keyboards lack, and a box that brings the keyboard up; what is typed there is typed into the guest. */
export function ScreenTouch({ guest, connection }: { guest: string; connection: ScreenConnection | null }) {
  const box = useRef<HTMLTextAreaElement>(null)
  const type = (text: string) => {
    const { typed } = planKeys(text, layoutOf(layoutFor(guest) ?? 'us'))
    for (const stroke of typed.flatMap(({ strokes }) => strokes)) connection?.stroke(stroke)
  }
  return (
    <div className="console-keys console-screen-touch" role="toolbar" aria-label={m.keyboardButton}>
      <button type="button" className="console-button" onClick={() => box.current?.focus()}>
        ⌨ {m.keyboardButton}
      </button>
      {row.map(([label, code]) => (
        <button
          key={code}
          type="button"
          className="console-button"
          aria-label={code}
          // The keyboard of the phone stays up.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => connection?.stroke({ code })}
        >
          {label}
        </button>
      ))}
      <textarea
        ref={box}
        aria-label={m.typeHere}
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        onKeyDown={(event) => {
          if (event.key !== 'Backspace' && event.key !== 'Enter') return
          event.preventDefault()
          connection?.stroke({ code: event.key })
        }}
        onInput={({ currentTarget }) => {
          type(currentTarget.value)
          currentTarget.value = ''
        }}
      />
    </div>
  )
}
