import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { Batch } from './batch'

const encoder = new TextEncoder()

export type Glass = {
  readonly terminal: Terminal
  write(bytes: Uint8Array, drawn: () => void): void
  /** How many bytes should be under way to it, by how fast it draws. */
  window(): number
  /** A line of ours in the stream. */
  note(text: string): void
  /** The size that fills the element, or null while it is not shown. */
  fitting(): { cols: number; rows: number } | null
  setFontSize(px: number): void
  dispose(): void
}

const colours = [
  ['background', '--term-ground'],
  ['foreground', '--term-text'],
  ['cursor', '--term-cursor'],
  ['cursorAccent', '--term-ground'],
  ['selectionBackground', '--term-selection'],
  ...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].flatMap((name) => [
    [name, `--term-${name}`],
    [`bright${name[0]?.toUpperCase()}${name.slice(1)}`, `--term-bright-${name}`],
  ]),
] as [string, string][]

function themeOf(element: HTMLElement): Record<string, string> {
  const style = getComputedStyle(element)
  return Object.fromEntries(colours.map(([key, token]) => [key, style.getPropertyValue(token).trim()]).filter(([, value]) => value))
}

/**
 * An xterm in `element`. What a guest prints can neither open links, nor read or set the clipboard, nor touch the window
 * or the page's title: none of these is listened to.
 */
export function createGlass(element: HTMLElement, options: { fontSize: number; reader: boolean; label: string }): Glass {
  const terminal = new Terminal({
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: options.fontSize,
    lineHeight: 1.15,
    // A blinking cursor redraws all day, and its frame makes the next key wait for another one.
    cursorBlink: false,
    scrollback: 2000,
    screenReaderMode: options.reader,
    linkHandler: { activate: () => {} },
    theme: themeOf(element),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(element)
  const batch = new Batch((bytes, done) => terminal.write(bytes, done))
  terminal.textarea?.setAttribute('aria-label', options.label)
  return {
    terminal,
    write: (bytes, drawn) => batch.push(bytes, drawn),
    window: () => batch.window,
    note: (text) => batch.push(encoder.encode(`\r\n\x1b[33m── ${text} ──\x1b[0m\r\n`), () => {}),
    fitting() {
      const size = fit.proposeDimensions()
      return size && size.cols > 1 && size.rows > 0 && Number.isFinite(size.cols) ? size : null
    },
    setFontSize(px) {
      terminal.options.fontSize = px
    },
    dispose() {
      batch.dispose()
      terminal.dispose()
    },
  }
}
