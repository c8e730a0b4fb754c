import { useScrollHint } from '@/components/ui/use-scroll-hint'
import { touchKeys } from './keys'
import { consoleMessages as m } from './messages'
import type { TerminalHandle } from './use-terminal'

/** Keys that touch keyboards lack. Shown where the pointer is a finger. */
export function KeyRow({ handle, ctrl, onCtrl }: { handle: TerminalHandle | null; ctrl: boolean; onCtrl: () => void }) {
  const send = (key: (typeof touchKeys)[number]) => {
    const application = handle?.glass.terminal.modes.applicationCursorKeysMode
    handle?.type(key.arrow ? `\x1b${application ? 'O' : '['}${key.arrow}` : (key.bytes ?? ''))
  }
  const hint = useScrollHint()
  return (
    <div ref={hint} className="console-keys" role="toolbar" aria-label={m.keys}>
      <button
        type="button"
        className="console-button"
        aria-pressed={ctrl}
        onPointerDown={keepFocus}
        onClick={() => {
          onCtrl()
          handle?.glass.terminal.focus()
        }}
      >
        {m.ctrl}
      </button>
      {touchKeys.map((key) => (
        <button
          key={key.name}
          type="button"
          className="console-button"
          aria-label={key.name}
          onPointerDown={keepFocus}
          onClick={() => send(key)}
        >
          {key.label}
        </button>
      ))}
    </div>
  )
}

/** A tap must not take the focus from the terminal: the keyboard of the phone would fold away. */
const keepFocus = (event: React.PointerEvent) => event.preventDefault()
