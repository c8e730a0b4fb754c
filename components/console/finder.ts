import { SearchAddon } from '@xterm/addon-search'
import type { Terminal } from '@xterm/xterm'

export type Search = { text: string; regex: boolean; caseSensitive: boolean }
/** `at`: which hit is shown, from 1; 0 for none. `more`: there are more than are counted. */
export type Found = { at: number; count: number; more: boolean; wrong: boolean }

const most = 1000
/** The scroll bar of xterm.js, px. */
const rulerWidth = 14
const colours = {
  matchBackground: '#6b5a1e',
  matchOverviewRuler: '#d9a02b',
  activeMatchBackground: '#c07a00',
  activeMatchBorder: '#ffd27a',
  activeMatchColorOverviewRuler: '#ffb020',
}

/** Looks for text in what a terminal holds. */
export class Finder {
  #addon = new SearchAddon({ highlightLimit: most })
  #listener: (found: Found) => void = () => {}

  constructor(private readonly terminal: Terminal) {
    terminal.loadAddon(this.#addon)
    this.#addon.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.#listener({ at: resultIndex + 1, count: resultCount, more: resultCount >= most, wrong: false }),
    )
  }

  onFound(listener: (found: Found) => void): void {
    this.#listener = listener
  }

  /** Goes to the next hit, downwards or upwards; `still`: stays on the one it is at while that still fits. */
  find(search: Search, direction: 'up' | 'down', still = false): void {
    // The add-on counts anew only when the text changes, not with how it is looked for.
    if (still) this.clear()
    const options = { regex: search.regex, caseSensitive: search.caseSensitive, incremental: still, decorations: colours }
    if (search.text === '' || (search.regex && !isPattern(search.text))) {
      this.clear()
      this.#listener({ at: 0, count: 0, more: false, wrong: search.text !== '' })
      return
    }
    // Only from the first search on: it costs every key a layout and another frame. As wide as the scroll bar, so that nothing moves.
    if (!this.terminal.options.overviewRuler?.width) this.terminal.options.overviewRuler = { width: rulerWidth }
    if (direction === 'up') this.#addon.findPrevious(search.text, options)
    else this.#addon.findNext(search.text, options)
  }

  clear(): void {
    this.#addon.clearDecorations()
  }
}

/** Whether it can be looked for: a pattern that fits nothing at all would find every place. */
export function isPattern(text: string): boolean {
  try {
    return !new RegExp(text).test('')
  } catch {
    return false
  }
}
