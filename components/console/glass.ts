import { FitAddon } from '@xterm/addon-fit'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { Batch } from './batch'
import { Drawing } from './drawing'
import { Finder } from './finder'
import { guard, type Wish } from './guard'
import { Past } from './past'
import type { Looks } from './preferences'
import { themeNow, themeOf } from './themes'

const encoder = new TextEncoder()
const fonts = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
/** How long a visual bell is seen, ms. */
const flash = 120
/** Smaller letters, px, cannot be read. */
const leastFont = 6

export type Glass = {
  readonly terminal: Terminal
  readonly finder: Finder
  readonly drawing: Drawing
  write(bytes: Uint8Array, drawn: () => void): void
  /** Shows the last screen of the next `bytes` bytes until they are here; the glass is empty. */
  preview(screen: string, bytes: number): void
  /** How many bytes should be under way to it, by how fast it draws. */
  window(): number
  /** Empties it, also of what was not drawn yet. */
  reset(): void
  /** A line of ours in the stream. */
  note(text: string): void
  /** The size that fills the element, or null while it is not shown. */
  fitting(): { cols: number; rows: number } | null
  setFontSize(px: number): void
  /** Makes the letters smaller until this size, which is not its own, fits into the element; null: as large as they were chosen. */
  squeeze(size: { cols: number; rows: number } | null): void
  /** Puts on other clothes; `scrollback` grows but never shrinks below what is asked here for this glass alone. */
  wear(looks: Looks, scrollback?: number): void
  /** Everything it holds, line by line; lines that were only wrapped are whole again. */
  text(): string
  /** Gives it the keyboard, once a dialog that closes now has let go of it. */
  focusNext(): void
  dispose(): void
}

type Options = {
  fontSize: number
  reader: boolean
  label: string
  looks: Looks
  /** What the guest wants that a person has to allow. */
  onWish(wish: Wish): void
  onTitle(text: string): void
  /** Whether what is drawn now was printed long ago. */
  past(): boolean
}

/** An xterm in `element`, with what a guest may not do kept from it (`guard.ts`). */
export function createGlass(element: HTMLElement, options: Options): Glass {
  const terminal = new Terminal({
    allowProposedApi: true,
    fontSize: options.fontSize,
    lineHeight: 1.15,
    // A blinking cursor redraws all day, and its frame makes the next key wait for another one.
    cursorBlink: false,
    screenReaderMode: options.reader,
    scrollback: options.looks.scrollback,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  const finder = new Finder(terminal)
  guard(terminal, { wish: options.onWish, title: options.onTitle, past: options.past })
  const drawing = new Drawing(terminal)
  const wear = (looks: Looks, scrollback = 0) => {
    const frame = element.closest<HTMLElement>('.console-glass') ?? element
    frame.dataset.theme = themeNow(looks.theme)
    terminal.options.theme = themeOf(element)
    terminal.options.fontFamily = looks.font ? `"${looks.font}", ${fonts}` : fonts
    terminal.options.cursorStyle = looks.cursor
    terminal.options.scrollback = Math.max(looks.scrollback, scrollback)
    bell = looks.bell
    drawing.choose(looks.drawing)
  }
  let bell: Looks['bell'] = 'off'
  wear(options.looks)
  terminal.open(element)
  terminal.onBell(() => {
    if (bell === 'off') return
    element.classList.add('console-bell')
    setTimeout(() => element.classList.remove('console-bell'), flash)
  })
  const margins = watchMargins(terminal)
  /** Each line end scrolls one line away, but for the lines that stood below the cursor. A screen reader is read all of them. */
  const keeps = () => {
    const { options, rows, buffer } = terminal
    const { type, viewportY, baseY } = buffer.active
    if (options.screenReaderMode || !margins.whole || type !== 'normal') return null
    return { all: (options.scrollback ?? 0) + 2 * rows, seen: viewportY === baseY ? 2 * rows : null }
  }
  let font = options.fontSize
  const fitting = () => {
    const size = fit.proposeDimensions()
    return size && size.cols > 1 && size.rows > 0 && Number.isFinite(size.cols) ? size : null
  }
  const batch = new Batch((bytes, done) => terminal.write(bytes, done), keeps)
  const past = new Past((bytes, drawn) => batch.push(bytes, drawn))
  terminal.textarea?.setAttribute('aria-label', options.label)
  return {
    terminal,
    finder,
    drawing,
    write: (bytes, drawn) => past.push(bytes, drawn),
    preview(screen, bytes) {
      // Who is read all that comes is read it once.
      if (!options.reader) past.begin(screen, bytes)
    },
    window: () => batch.window,
    reset() {
      past.reset()
      batch.reset()
      terminal.reset()
    },
    note(text) {
      past.end()
      batch.push(encoder.encode(`\r\n\x1b[33m── ${text} ──\x1b[0m\r\n`), () => {})
    },
    fitting,
    setFontSize(px) {
      font = px
      terminal.options.fontSize = px
    },
    squeeze(size) {
      for (let px = font; px >= leastFont; px -= 0.5) {
        terminal.options.fontSize = px
        const room = size && fitting()
        if (!room || (room.cols >= size.cols && room.rows >= size.rows)) return
      }
    },
    wear,
    text: () => textOf(terminal),
    focusNext: () => void setTimeout(() => terminal.focus()),
    dispose() {
      past.reset()
      batch.dispose()
      drawing.dispose()
      terminal.dispose()
    },
  }
}

/** Whether the whole screen scrolls: a program may have set margins (DECSTBM), and xterm does not tell. */
function watchMargins(terminal: Terminal): { readonly whole: boolean } {
  const margins = { whole: true }
  terminal.parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
    if (terminal.buffer.active.type === 'normal') margins.whole = Number(top ?? 0) <= 1 && (!bottom || Number(bottom) >= terminal.rows)
    return false
  })
  return margins
}

function textOf({ buffer }: Terminal): string {
  const { active } = buffer
  const lines: string[] = []
  for (let at = 0; at < active.length; at++) {
    const line = active.getLine(at)
    if (!line) continue
    const text = line.translateToString(active.getLine(at + 1)?.isWrapped !== true)
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text
    else lines.push(text)
  }
  return `${lines.join('\n').trimEnd()}\n`
}
