'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { KeyRow } from './key-row'
import { withCtrl } from './keys'
import { consoleMessages as m } from './messages'
import { TerminalNotice } from './notice'
import { PasteDialog } from './paste-dialog'
import { PeopleNotice } from './people-notice'
import { subjectName, type TerminalSubject } from './subject'
import { TerminalTools } from './terminal-tools'
import { useTerminal } from './use-terminal'

type Props = { subject: TerminalSubject; kind: 'serial' | 'shell'; bar: React.ReactNode; end: React.ReactNode }

/** A serial port or a shell: terminal, toolbar, and in words what is the matter when nothing comes out. */
export default function ConsoleTerminal({ subject, kind, bar, end }: Props) {
  const screen = useRef<HTMLDivElement>(null)
  const [ctrl, setCtrl] = useState(false)
  const [pasting, setPasting] = useState(false)
  const transform = useRef((data: string) => data)
  transform.current = (data) => {
    if (!ctrl) return data
    setCtrl(false)
    return withCtrl(data)
  }
  const { handle, view } = useTerminal(screen, { subject, kind, label: m.terminal(subjectName(subject), m.kinds[kind]) }, transform)
  const guest = 'guest' in subject ? subject.guest : null
  const focus = () => handle?.glass.terminal.focus()

  const copy = useCallback(async () => {
    const text = handle?.glass.terminal.getSelection() ?? ''
    if (text) await navigator.clipboard?.writeText(text)
    handle?.glass.terminal.focus()
    return text !== ''
  }, [handle])
  const paste = useCallback(async () => {
    try {
      const text = await navigator.clipboard.readText()
      handle?.glass.terminal.paste(text)
      handle?.glass.terminal.focus()
    } catch {
      // No leave to read the clipboard, or no https: the text can still be put into a box.
      setPasting(true)
    }
  }, [handle])

  useEffect(() => {
    if (!handle) return
    handle.glass.terminal.attachCustomKeyEventHandler((event) => {
      if (!event.ctrlKey || !event.shiftKey || event.type !== 'keydown') return true
      if (event.code === 'KeyV') return false
      if (event.code !== 'KeyC') return true
      event.preventDefault()
      void copy()
      return false
    })
    handle.glass.terminal.focus()
  }, [handle, copy])

  const watching = view !== null && (view.mode === 'watch' || (view.writer !== null && view.writer !== view.me))
  return (
    <>
      <div className="console-bar" role="toolbar" aria-label={m.toolbar}>
        {bar}
        <TerminalTools
          handle={handle}
          view={view}
          watch={guest && { guest: guest.id, name: guest.name, kind }}
          onCopy={copy}
          onPaste={paste}
        />
        {end}
      </div>
      <div className="console-glass">
        <div ref={screen} className={`console-screen${watching ? ' console-watching' : ''}`} />
        <PeopleNotice view={view} connection={handle?.connection ?? null} onDone={focus} />
        <TerminalNotice guest={guest} kind={kind} view={view} connection={handle?.connection ?? null} />
      </div>
      <KeyRow handle={handle} ctrl={ctrl} onCtrl={() => setCtrl(!ctrl)} />
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onText={(text) => {
            handle?.glass.terminal.paste(text)
            handle?.glass.terminal.focus()
          }}
        />
      )}
    </>
  )
}
