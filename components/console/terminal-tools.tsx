import { useContext } from 'react'
import { ChorusContext } from './chorus'
import type { ConsoleView } from './connection'
import { Menu } from './menu'
import { consoleMessages as m } from './messages'
import { MoreMenu } from './more-menu'
import { People } from './people-panel'
import { type Record, recordEntry } from './record-button'
import { useSendKeys } from './send-keys'
import { splitPath } from './split-list'
import { terminalMessages as t } from './terminal-messages'
import type { useClipboard } from './use-clipboard'
import { useSaid } from './use-said'
import type { TerminalHandle } from './use-terminal'
import type { WatchTarget } from './watch-links'
import { whoTypes } from './who-types'

type Props = {
  /** Little room: what is used now and then goes into the menu. */
  narrow: boolean
  record: Record
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
export function TerminalTools({ narrow, record, handle, view, watch, file, title, clipboard, onFind, onType }: Props) {
  const [said, setSaid] = useSaid()
  const keys = useSendKeys(handle)
  const copy = async () => setSaid({ copied: m.copied, nothing: m.nothingSelected, refused: t.noClipboard }[await clipboard.copy()])
  const paste = async () => setSaid((await clipboard.paste()) ? '' : t.emptyClipboard)
  const beside = useContext(ChorusContext) !== null
  // Where nobody types, whoever begins to has control: no button is needed where there is little room.
  const mayTake = view?.link === 'open' && view.mode === 'type' && view.writer !== view.me && !(narrow && view.writer === null)
  const words = (count: boolean) => [view ? whoTypes(view, { count }) : m.link.connecting, said].filter(Boolean).join(' · ')
  const who = words(true)
  const short = words(!mayTake)
  return (
    <>
      {/* Where there is little room it stands on the button beside, and here for screen readers. */}
      <span className={narrow ? 'sr-only' : 'console-pill'} role="status">
        {who}
      </span>
      {mayTake && (
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
      <People
        view={view}
        connection={handle?.connection ?? null}
        watch={watch}
        words={narrow ? short : undefined}
        onDone={() => handle?.glass.terminal.focus()}
      />
      <span className="console-title" title={title && t.title(title)}>
        {title}
      </span>
      {!narrow && (
        <>
          <button type="button" className="console-button" onClick={onFind}>
            {t.find}
          </button>
          <button type="button" className="console-button" onClick={copy}>
            {m.copy}
          </button>
          <button type="button" className="console-button" onClick={paste}>
            {m.paste}
          </button>
          <Menu label={m.sendKeys} items={keys.items} />
        </>
      )}
      {keys.dialog}
      <MoreMenu
        handle={handle}
        view={view}
        file={file}
        splitHref={watch && !beside ? splitPath([{ guest: watch.guest, kind: watch.kind }]) : null}
        before={
          narrow
            ? [
                { label: t.find, run: onFind },
                { label: m.copy, run: () => void copy() },
                { label: m.paste, run: () => void paste() },
                ...recordEntry(record),
                'line',
              ]
            : []
        }
        after={narrow ? ['line', ...keys.items] : []}
        onType={onType}
        onSaid={setSaid}
      />
    </>
  )
}
