/** The keys that write something, row by row as they lie on the board, named as in KeyboardEvent.code. */
export const boardRows = [
  'Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal',
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight',
  'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backslash',
  'IntlBackslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash IntlRo',
].map((row) => row.split(' '))

/** A key pressed and released, with what is held down meanwhile. `altGr` is the right Alt key. */
export type Stroke = { code: string; shift?: boolean; altGr?: boolean; ctrl?: boolean; alt?: boolean; meta?: boolean }

/** What one key writes at a level; `dead`: nothing yet, it puts this combining mark on the next letter. */
export type KeyEntry = Stroke & ({ text: string } | { dead: string })

/** Key caps of one group: what each key writes. */
export type Layout = {
  id: string
  label: string
  entries: KeyEntry[]
  /** A second group, for letters of another script; a chord that the guest's settings choose leads there and back. */
  other?: KeyEntry[]
}

/** How a dead key stands in a table: its mark on a dotted circle. */
const circle = '◌'
const levels: Omit<Stroke, 'code'>[] = [{}, { shift: true }, { altGr: true }, { shift: true, altGr: true }]

/**
 * Reads a table: for each row of the board up to four lines (plain, Shift, AltGr, both), a character per key, `▫` for none.
 * Tables hold what is printed on the keys, so that they hold for Linux consoles, X and other systems alike.
 */
export function entriesOf(rows: string[][]): KeyEntry[] {
  return rows.flatMap((lines, row) =>
    lines.flatMap((line, level) =>
      line.split(' ').flatMap((cap, column): KeyEntry[] => {
        const code = boardRows[row]?.[column]
        if (!code || cap === none) return []
        const stroke = { code, ...levels[level] }
        return [cap.startsWith(circle) ? { ...stroke, dead: cap.slice(1) } : { ...stroke, text: cap }]
      }),
    ),
  )
}
const none = '▫'

export const layout = (id: string, label: string, rows: string[][], other?: string[][]): Layout => ({
  id,
  label,
  entries: entriesOf(rows),
  ...(other ? { other: entriesOf(other) } : {}),
})
