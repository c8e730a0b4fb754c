import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { formatBytes } from '@/server/model/size'
import { ConsoleConnection, type ConsoleView } from './connection'
import { createGlass, type Glass } from './glass'
import { consoleMessages as m } from './messages'
import { fontSize, readerMode } from './preferences'
import { isReport } from './replay'
import { socketUrl } from './socket-url'

export type TerminalHandle = { glass: Glass; connection: ConsoleConnection; type(data: string): void }

/** Puts a terminal on a console session into `element`, and takes both down again. */
export function useTerminal(
  element: RefObject<HTMLDivElement | null>,
  target: { guest: string; kind: 'serial' | 'shell'; label: string },
  transform: RefObject<(data: string) => string>,
): { handle: TerminalHandle | null; view: ConsoleView | null } {
  const { guest, kind, label } = target
  const [handle, setHandle] = useState<TerminalHandle | null>(null)
  const labelRef = useRef(label)
  useEffect(() => {
    if (!element.current) return
    const made = connect(element.current, guest, kind, labelRef.current, transform)
    setHandle(made.handle)
    return () => {
      setHandle(null)
      made.dispose()
    }
  }, [element, guest, kind, transform])
  const connection = handle?.connection
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  return { handle, view }
}
const never = () => () => {}
const nothing = () => null

function connect(
  element: HTMLElement,
  guest: string,
  kind: 'serial' | 'shell',
  label: string,
  transform: RefObject<(data: string) => string>,
) {
  const glass = createGlass(element, { fontSize: fontSize(), reader: readerMode(), label })
  const { terminal } = glass
  const first = glass.fitting()
  if (first) terminal.resize(first.cols, first.rows)
  const connection = new ConsoleConnection({
    url: socketUrl('/ws/console', { guest, kind }),
    onBytes: glass.write,
    window: glass.window,
    onRestart: () => terminal.reset(),
    onLost: (bytes) => glass.note(m.skipped(formatBytes(bytes))),
    size: glass.fitting,
  })
  const type = (data: string) => void connection.type(data)
  terminal.onData((data) => {
    if (connection.replay.suppresses(data)) return
    // Only one terminal may answer a program's questions: the one that types.
    if (isReport(data) && connection.view.writer !== connection.view.me) return
    type(transform.current(data))
  })
  terminal.onBinary((data) => void connection.type(Uint8Array.from(data, (c) => c.charCodeAt(0))))

  /** The glass of the one that types decides the size; the others show that size. */
  const adapt = () => {
    const { writer, me, cols, rows } = connection.view
    const size = writer === me ? glass.fitting() : { cols, rows }
    if (!size) return
    if (size.cols !== terminal.cols || size.rows !== terminal.rows) terminal.resize(size.cols, size.rows)
    if (writer === me && (size.cols !== cols || size.rows !== rows)) connection.resize(size)
  }
  let known = connection.view
  const unsubscribe = connection.subscribe(() => {
    const now = connection.view
    const moved = now.writer !== known.writer || now.me !== known.me || now.cols !== known.cols || now.rows !== known.rows
    known = now
    if (moved) adapt()
  })
  const observer = new ResizeObserver(() => requestAnimationFrame(adapt))
  observer.observe(element)
  const online = () => connection.retry()
  window.addEventListener('online', online)
  return {
    handle: { glass, connection, type },
    dispose() {
      window.removeEventListener('online', online)
      observer.disconnect()
      unsubscribe()
      connection.close()
      glass.dispose()
    },
  }
}
