'use client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { withCtrl } from './combination'
import { FindBar } from './find-bar'
import { FirstGlass, firstTextOver, useFirstText } from './first-glass'
import { KeyRow } from './key-row'
import { leaveTerminal } from './leave'
import { consoleMessages as m } from './messages'
import { TerminalNotice } from './notice'
import { PeopleNotice } from './people-notice'
import { fontSize } from './preferences'
import { RecordButton, useRecord } from './record-button'
import { socketUrl } from './socket-url'
import { subjectName, subjectQuery, type TerminalSubject } from './subject'
import { TerminalTools } from './terminal-tools'
import { TypeDialog } from './type-dialog'
import { typeMessages } from './type-messages'
import { useClipboard } from './use-clipboard'
import { useNarrow } from './use-narrow'
import { useTerminal } from './use-terminal'
import { WishNotice } from './wish-notice'

type Props = { subject: TerminalSubject; kind: 'serial' | 'shell'; first?: string; bar: React.ReactNode; end: React.ReactNode }

/** Room in px that the tools take in one line, and more of it for the button and the words when it is recorded, or another types. */
const toolWidths = { usual: 780, recorded: 210, watching: 100 }

/** What is looked for from the start: search results lead here. */
const askedFor = (): string => new URLSearchParams(location.search).get('find') ?? ''

/** A serial port or a shell: terminal, toolbar, and in words what is the matter when nothing comes out. */
export default function ConsoleTerminal({ subject, kind, first: given = '', bar, end }: Props) {
  const screen = useRef<HTMLDivElement>(null)
  const first = useFirstText(given)
  const [ctrl, setCtrl] = useState(false)
  const [find, setFind] = useState<string | null>(() => askedFor() || null)
  const name = subjectName(subject)
  const query = new URLSearchParams({ ...subjectQuery(subject), kind }).toString()
  const url = useMemo(() => socketUrl('/ws/console', Object.fromEntries(new URLSearchParams(query))), [query])
  const pasted = useRef((_text: string) => {})
  const { handle, view, wish, answer, title, drawn } = useTerminal(screen, {
    url,
    label: m.terminal(name, m.kinds[kind]),
    transform(data) {
      if (!ctrl) return data
      setCtrl(false)
      return withCtrl(data)
    },
    onPasted: (text) => pasted.current(text),
  })
  const clipboard = useClipboard(handle)
  pasted.current = clipboard.pasted
  const { copy, waiting, setWaiting } = clipboard
  const guest = 'guest' in subject ? subject.guest : null
  const focus = () => handle?.glass.focusNext()

  useEffect(() => {
    if (!handle) return
    handle.glass.terminal.attachCustomKeyEventHandler((event) => {
      if (!event.ctrlKey || !event.shiftKey || event.type !== 'keydown') return true
      // The browser pastes by itself, and tells.
      if (event.code === 'KeyV') return false
      if (event.code === 'ArrowUp') return !leaveTerminal(event, screen.current)
      if (event.code !== 'KeyC' && event.code !== 'KeyF') return true
      event.preventDefault()
      if (event.code === 'KeyC') void copy()
      else setFind((open) => open ?? '')
      return false
    })
    handle.glass.terminal.focus()
  }, [handle, copy])

  useEffect(() => {
    if (drawn) firstTextOver()
  }, [drawn])

  const record = useRecord({ id: 'guest' in subject ? subject.guest.id : `host~${subject.host.id}`, kind, view, onDone: focus })
  const watching = view !== null && (view.mode === 'watch' || (view.writer !== null && view.writer !== view.me))
  const [toolbar, narrow] = useNarrow(toolWidths.usual + (record?.on ? toolWidths.recorded : 0) + (watching ? toolWidths.watching : 0))
  return (
    <>
      <div ref={toolbar} className={`console-bar${narrow ? ' console-narrow' : ''}`} role="toolbar" aria-label={m.toolbar}>
        {bar}
        <RecordButton record={record} narrow={narrow} />
        <TerminalTools
          narrow={narrow}
          record={record}
          handle={handle}
          view={view}
          watch={guest && { guest: guest.id, name: guest.name, kind }}
          file={`${name}-${kind}.txt`}
          title={title}
          clipboard={clipboard}
          onFind={() => setFind((open) => (open === null ? '' : null))}
          onType={() => setWaiting({ text: '', why: 'type' })}
        />
        {end}
      </div>
      <div className="console-glass">
        <div ref={screen} className={`console-screen${watching ? ' console-watching' : ''}`} />
        {first && !drawn && <FirstGlass text={first} style={{ fontSize: fontSize() }} />}
        {find !== null && handle && (
          <FindBar
            handle={handle}
            given={find}
            onClose={() => {
              setFind(null)
              focus()
            }}
          />
        )}
        <PeopleNotice view={view} connection={handle?.connection ?? null} onDone={focus} />
        <TerminalNotice guest={guest} kind={kind} view={view} connection={handle?.connection ?? null} />
        {wish && (
          <WishNotice
            wish={wish}
            name={name}
            onAnswer={() => {
              answer()
              focus()
            }}
          />
        )}
      </div>
      <KeyRow handle={handle} ctrl={ctrl} onCtrl={() => setCtrl(!ctrl)} />
      {waiting && handle && (
        <TypeDialog
          port={handle.port}
          guest={guest?.id ?? name}
          pressed={waiting.why === 'type' ? 'type' : 'paste'}
          text={waiting.text}
          reason={{ type: undefined, look: typeMessages.multiline, unreadable: typeMessages.unreadable }[waiting.why]}
          onPaste={waiting.why === 'type' ? undefined : (text) => handle.paste(text, true)}
          onSecret={(secret) => handle.connection.secret(secret)}
          onClose={() => {
            setWaiting(null)
            focus()
          }}
        />
      )}
    </>
  )
}
