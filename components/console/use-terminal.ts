import { type RefObject, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { ChorusContext } from './chorus'
import { connect, type TerminalHandle } from './connect'
import type { ConsoleView } from './connection'
import type { Wish } from './guard'

export type { TerminalHandle } from './connect'

type Ports = {
  /** The address of the session's socket. */
  url: string
  /** What a screen reader calls the terminal. */
  label: string
  transform(data: string): string
  /** A text from the clipboard, by the keys or the menu of the browser. */
  onPasted(text: string): void
}
export type Seen = {
  handle: TerminalHandle | null
  view: ConsoleView | null
  /** What the guest wants and a person has not answered yet. */
  wish: Wish | null
  answer(): void
  /** The title that the guest gave its terminal: plain text, not to be trusted. */
  title: string
  /** Whether what stands on the console stands on this glass, or never will by itself. */
  drawn: boolean
}

/** Puts a terminal on a console session into `element`, and takes both down again. */
export function useTerminal(element: RefObject<HTMLDivElement | null>, ports: Ports): Seen {
  const { url } = ports
  const [handle, setHandle] = useState<TerminalHandle | null>(null)
  const [wish, setWish] = useState<Wish | null>(null)
  const [title, setTitle] = useState('')
  const [drawn, setDrawn] = useState(false)
  const chorus = useContext(ChorusContext)
  const latest = useRef(ports)
  latest.current = ports
  useEffect(() => {
    if (!element.current) return
    const made = connect(element.current, {
      url,
      label: latest.current.label,
      transform: (data) => latest.current.transform(data),
      onPasted: (text) => latest.current.onPasted(text),
      onWish: setWish,
      onTitle: setTitle,
      onDrawn: () => setDrawn(true),
      chorus,
    })
    setHandle(made.handle)
    return () => {
      setHandle(null)
      setWish(null)
      setTitle('')
      setDrawn(false)
      made.dispose()
    }
  }, [element, url, chorus])
  const connection = handle?.connection
  const view = useSyncExternalStore(connection?.subscribe ?? never, connection?.snapshot ?? nothing, nothing)
  return { handle, view, wish, answer: () => setWish(null), title, drawn }
}
const never = () => () => {}
const nothing = () => null
