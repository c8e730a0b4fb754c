import { formatBytes } from '@/server/model/size'
import type { Chorus } from './chorus'
import { ConsoleConnection } from './connection'
import { createGlass, type Glass } from './glass'
import type { Wish } from './guard'
import { consoleMessages as m } from './messages'
import { Output } from './output'
import { asksFirst, pasteable } from './paste'
import { fontSize, looks, onLooks, readerMode } from './preferences'
import { isReport } from './replay'
import { onPageTheme } from './themes'
import { typeMessages } from './type-messages'
import type { TypePort } from './type-out'
import { hears } from './who-types'

/** A terminal on a session, for those who do something with it. */
export type TerminalHandle = {
  readonly glass: Glass
  readonly connection: ConsoleConnection
  /** Types here, and in every console that listens to the same keyboard. False when this viewer may not. */
  type(data: string): boolean
  /** Pastes a text, unless a person should look at it first: then it returns false, and `force` pastes it all the same. */
  paste(text: string, force?: boolean): boolean
  /** For texts typed as keys: it waits for the guest to follow. */
  readonly port: TypePort
  /** Whether the server has more of the past than stands here; `newest`: it may have, and there is no room for it. */
  past(): 'all' | 'more' | 'newest'
  /** Gets all that the server still has, with room for 100,000 lines. */
  loadPast(): void
  /** Whether keys get through: it is connected, its program runs, and nobody else types. */
  hears(): boolean
  /** Takes down what a chorus does to this one only. */
  readonly alone: { type(data: string): boolean; paste(text: string): void }
}

export type ConnectOptions = {
  /** ws(s)://…/ws/console?guest=…&kind=… */
  url: string
  label: string
  /** Changes what is typed, such as by a Ctrl key that is held on the screen. */
  transform(data: string): string
  onWish(wish: Wish): void
  onTitle(title: string): void
  /** Something of the console is drawn, or nothing comes: it is cut off, or says nothing. */
  onDrawn(): void
  onPasted(text: string): void
  chorus: Chorus | null
}

const mostLines = 100_000
/** A console that says nothing for so long, ms, has an empty glass. */
const silence = 1000

/** Puts a terminal into `element` and attaches it to a session. */
export function connect(element: HTMLElement, options: ConnectOptions): { handle: TerminalHandle; dispose(): void } {
  const output = new Output(
    () => glass.terminal.buffer.active.cursorX > 0,
    () => {
      const marker = terminal.registerMarker(0)
      const left = () => {
        const { baseY, cursorY } = terminal.buffer.active
        return marker?.line !== baseY + cursorY
      }
      return { left, dispose: () => marker?.dispose() }
    },
  )
  const glass = createGlass(element, {
    fontSize: fontSize(),
    reader: readerMode(),
    label: options.label,
    looks: looks(),
    onWish: options.onWish,
    onTitle: options.onTitle,
    past: () => connection.replay.replaying,
  })
  const { terminal } = glass
  terminal.textarea?.setAttribute('aria-description', m.leave)
  const first = glass.fitting()
  if (first) terminal.resize(first.cols, first.rows)
  const connection = new ConsoleConnection({
    url: options.url,
    onBytes: (bytes, drawn) => {
      output.came()
      glass.write(bytes, drawn)
    },
    onScreen: glass.preview,
    window: glass.window,
    onRestart: glass.reset,
    onLost: (bytes) => glass.note(m.skipped(formatBytes(bytes))),
    size: glass.fitting,
  })
  const { chorus } = options
  let pasting = false
  let scrollback = 0
  const alone = {
    type: (data: string) => connection.type(data),
    paste(text: string) {
      pasting = true
      terminal.paste(pasteable(text))
      pasting = false
    },
  }
  const handle: TerminalHandle = {
    glass,
    connection,
    alone,
    hears: () => hears(connection.view),
    type(data) {
      chorus?.type(handle, data)
      return alone.type(data)
    },
    paste(text, force = false) {
      if (!force && asksFirst(text, terminal.modes.bracketedPasteMode)) return false
      alone.paste(text)
      chorus?.paste(handle, text)
      return true
    },
    port: {
      kind: 'text',
      async send(text, signal, hidden) {
        if (!handle.type(text)) throw new Error(typeMessages.notTyping)
        await output.answer(/[\r\n]$/.test(text), signal, hidden)
      },
    },
    past() {
      const { options, rows, buffer } = terminal
      const room = options.scrollback ?? 0
      const dropped = buffer.normal.length >= room + rows
      if (connection.view.earlier || (dropped && room < mostLines)) return 'more'
      return dropped ? 'newest' : 'all'
    },
    loadPast() {
      scrollback = mostLines
      glass.wear(looks(), scrollback)
      connection.loadPast()
    },
  }
  terminal.onData((data) => {
    if (connection.replay.suppresses(data)) return
    // Only one terminal may answer a program's questions: the one that types.
    if (isReport(data)) {
      if (connection.view.writer === connection.view.me) alone.type(data)
    } else if (pasting) alone.type(data)
    else handle.type(options.transform(data))
  })
  terminal.onBinary((data) => void connection.type(Uint8Array.from(data, (c) => c.charCodeAt(0))))

  const onPaste = (event: ClipboardEvent) => {
    // Ours, in place of xterm's own: it would let text end its brackets.
    event.preventDefault()
    event.stopImmediatePropagation()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text) options.onPasted(text)
  }
  element.addEventListener('paste', onPaste, { capture: true })

  /** The glass of the one that types decides the size; the others show that size. */
  const adapt = () => {
    const { writer, me, cols, rows } = connection.view
    glass.squeeze(writer === me ? null : { cols, rows })
    const size = writer === me ? glass.fitting() : { cols, rows }
    if (!size) return
    if (size.cols !== terminal.cols || size.rows !== terminal.rows) terminal.resize(size.cols, size.rows)
    if (writer === me && (size.cols !== cols || size.rows !== rows)) connection.resize(size)
  }
  const rendered = terminal.onRender(() => {
    const { baseY, cursorX, cursorY } = terminal.buffer.active
    if (baseY + cursorX + cursorY > 0) drawn()
  })
  let silent: ReturnType<typeof setTimeout> | undefined
  const drawn = () => {
    clearTimeout(silent)
    rendered.dispose()
    options.onDrawn()
  }
  let known = connection.view
  const unsubscribe = connection.subscribe(() => {
    const now = connection.view
    if (now.link === 'lost' || now.link === 'closed') drawn()
    else if (now.link !== known.link) silent = setTimeout(drawn, silence)
    const moved = now.writer !== known.writer || now.me !== known.me || now.cols !== known.cols || now.rows !== known.rows
    known = now
    if (moved) adapt()
    chorus?.changed()
  })
  const observer = new ResizeObserver(() => requestAnimationFrame(adapt))
  observer.observe(element)
  const online = () => connection.retry()
  window.addEventListener('online', online)
  const wear = () => {
    glass.wear(looks(), scrollback)
    requestAnimationFrame(adapt)
  }
  const ends = [onLooks(wear), onPageTheme(wear), chorus?.join(handle) ?? (() => {})]
  return {
    handle,
    dispose() {
      for (const end of ends) end()
      clearTimeout(silent)
      window.removeEventListener('online', online)
      observer.disconnect()
      unsubscribe()
      connection.close()
      glass.dispose()
    },
  }
}
