import { useContext, useState } from 'react'
import { ChorusContext } from './chorus'
import type { ConsoleView } from './connection'
import { consoleMessages as m } from './messages'
import { MoreMenu } from './more-menu'
import { People } from './people-panel'
import { SendKeys } from './send-keys'
import { splitPath } from './split-list'
import { terminalMessages as t } from './terminal-messages'
import type { useClipboard } from './use-clipboard'
import type { TerminalHandle } from './use-terminal'
import type { WatchTarget } from './watch-links'
import { whoTypes } from './who-types'

type Props = {
  handle: TerminalHandle | null
  view: ConsoleView | null
  /** What a watch link would show; null where there are none. */
  watch: WatchTarget | null
  /** What a file of its text is called. */
  file: string
  title: string
  clipboard: ReturnType<typeof useClipboard>
  onFind: () => void
  onType: () => void
}

/** Who types and how many watch, take-over, and what is used often; the rest is in the menu at the end. */
export function TerminalTools({ handle, view, watch, file, title, clipboard, onFind, onType }: Props) {
  const [said, setSaid] = useState('')
  const beside = useContext(ChorusContext) !== null
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
      <span className="console-title" title={title && t.title(title)}>
        {title}
      </span>
      <button type="button" className="console-button" onClick={onFind}>
        {t.find}
      </button>
      <button
        type="button"
        className="console-button"
        onClick={async () => setSaid({ copied: m.copied, nothing: m.nothingSelected, refused: t.noClipboard }[await clipboard.copy()])}
      >
        {m.copy}
      </button>
      <button type="button" className="console-button" onClick={clipboard.paste}>
        {m.paste}
      </button>
      <SendKeys handle={handle} />
      <MoreMenu
        handle={handle}
        view={view}
        file={file}
        splitHref={watch && !beside ? splitPath([{ guest: watch.guest, kind: watch.kind }]) : null}
        onType={onType}
        onSaid={setSaid}
      />
    </>
  )
}
