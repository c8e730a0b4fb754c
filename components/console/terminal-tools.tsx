import { useState } from 'react'
import type { ConsoleView } from './connection'
import { sendable } from './keys'
import { Menu } from './menu'
import { consoleMessages as m } from './messages'
import { People } from './people-panel'
import { fontSize, keepFontSize, keepReaderMode, readerMode } from './preferences'
import type { TerminalHandle } from './use-terminal'
import type { WatchTarget } from './watch-links'
import { whoTypes } from './who-types'

type Props = {
  handle: TerminalHandle | null
  view: ConsoleView | null
  /** What a watch link would show; null where there are none. */
  watch: WatchTarget | null
  onCopy: () => Promise<boolean>
  onPaste: () => void
}

/** Who types and how many watch, take-over, copy, paste, keys, text size. */
export function TerminalTools({ handle, view, watch, onCopy, onPaste }: Props) {
  const [reader, setReader] = useState(readerMode)
  const [said, setSaid] = useState('')
  const resize = (by: number) => {
    const size = keepFontSize(fontSize() + by)
    handle?.glass.setFontSize(size)
    const fitting = handle?.glass.fitting()
    if (fitting && view && view.writer === view.me) {
      handle?.glass.terminal.resize(fitting.cols, fitting.rows)
      handle?.connection.resize(fitting)
    }
    handle?.glass.terminal.focus()
  }
  const toggleReader = () => {
    keepReaderMode(!reader)
    setReader(!reader)
    if (handle) handle.glass.terminal.options.screenReaderMode = !reader
  }
  return (
    <>
      <span className="console-pill" role="status">
        {view ? whoTypes(view) : m.link.connecting}
        {said && ` · ${said}`}
      </span>
      {view?.link === 'open' && view.mode === 'type' && view.writer !== view.me && (
        <button
          type="button"
          className="console-button console-primary"
          onClick={() => {
            handle?.connection.take()
            handle?.glass.terminal.focus()
          }}
        >
          {m.take}
        </button>
      )}
      <People view={view} connection={handle?.connection ?? null} watch={watch} onDone={() => handle?.glass.terminal.focus()} />
      <span className="grow" />
      <button type="button" className="console-button" onClick={async () => setSaid((await onCopy()) ? m.copied : m.nothingSelected)}>
        {m.copy}
      </button>
      <button type="button" className="console-button" onClick={onPaste}>
        {m.paste}
      </button>
      <Menu
        label={m.sendKeys}
        items={sendable.map(([label, bytes]) => ({
          label,
          run: () => {
            handle?.type(bytes)
            handle?.glass.terminal.focus()
          },
        }))}
      />
      <button type="button" className="console-button" aria-label={m.smaller} title={m.smaller} onClick={() => resize(-1)}>
        A−
      </button>
      <button type="button" className="console-button" aria-label={m.larger} title={m.larger} onClick={() => resize(1)}>
        A+
      </button>
      <button
        type="button"
        className="console-button max-sm:sr-only"
        aria-pressed={reader}
        aria-label={m.reader}
        title={m.reader}
        onClick={toggleReader}
      >
        ☰
      </button>
    </>
  )
}
