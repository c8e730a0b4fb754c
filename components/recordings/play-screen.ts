import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { themeOf } from '@/components/console/themes'
import type { Screen } from './playback'

export type PlayScreen = Screen & {
  /** Makes the letters as large as the whole recorded screen allows. */
  fit(): void
  /** Shows a text that stands on the screen or above it, the last one there. */
  find(text: string): void
  dispose(): void
}

const smallest = 8
const largest = 15

/** A terminal in `element` that plays: it answers nothing, opens no links, and nothing is typed into it. */
export function createPlayScreen(element: HTMLElement, label: string): PlayScreen {
  const terminal = new Terminal({
    allowProposedApi: true,
    disableStdin: true,
    cursorBlink: false,
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: largest,
    scrollback: 5000,
    linkHandler: { activate: () => {} },
    theme: themeOf(element),
  })
  const fitter = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fitter)
  terminal.loadAddon(search)
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  terminal.open(element)
  terminal.textarea?.setAttribute('aria-label', label)
  // Keys belong to the player, and Tab to the page.
  terminal.attachCustomKeyEventHandler(() => false)

  const fit = () => {
    const room = fitter.proposeDimensions()
    if (!room || !Number.isFinite(room.cols) || room.cols < 1) return
    const now = terminal.options.fontSize ?? largest
    const share = Math.min(room.cols / terminal.cols, room.rows / terminal.rows)
    const size = Math.min(largest, Math.max(smallest, Math.floor(now * share * 2) / 2))
    if (size !== now) terminal.options.fontSize = size
  }
  return {
    write: (text, drawn) => terminal.write(text, drawn),
    reset(cols, rows) {
      terminal.reset()
      terminal.resize(cols, rows)
      fit()
    },
    resize(cols, rows) {
      terminal.resize(cols, rows)
      fit()
    },
    fit,
    find: (text) =>
      void search.findPrevious(text, { decorations: { matchOverviewRuler: '#d9a02b', activeMatchColorOverviewRuler: '#d9a02b' } }),
    dispose: () => terminal.dispose(),
  }
}
