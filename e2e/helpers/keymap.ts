import { gzipSync } from 'node:zlib'
import { writes } from '../../components/console/layouts/fixtures/keysyms'
import { readXkb } from '../../components/console/layouts/fixtures/xkb'

/** The kernel's numbers of the keys that write, by their names in a browser (linux/input-event-codes.h). */
const rows: [first: number, names: string][] = [
  [2, 'Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal'],
  [16, 'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight'],
  [30, 'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote'],
  [43, 'Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash'],
  [86, 'IntlBackslash'],
]
const hole = 0x0200
/** Keys that are the same everywhere: Esc, Backspace, Tab, Enter, Ctrl, both Shifts, Alt, Space, AltGr. */
const fixed = new Map([
  [1, 0x1b],
  [14, 0x7f],
  [15, 0x09],
  [28, 0x0201],
  [29, 0x0702],
  [42, 0x0700],
  [54, 0x0700],
  [56, 0x0703],
  [57, 0x20],
  [100, 0x0701],
])
const keysInTable = 128
const levels = 4

/**
 * A layout as X knows it (package xkb-data), as a table for the Linux console in BusyBox's format, packed and in base64. It has what
 * ASCII needs: plain, Shift, AltGr, both.
 */
export function keymapOf(layout: string): string {
  const board = readXkb(layout)
  const flags = Buffer.alloc(256)
  flags.fill(1, 0, levels)
  const table = Buffer.alloc(levels * keysInTable * 2)
  for (let level = 0; level < levels; level++) {
    const put = (key: number, value: number) => table.writeUInt16LE(value, (level * keysInTable + key) * 2)
    for (let key = 0; key < keysInTable; key++) put(key, fixed.get(key) ?? hole)
    for (const [first, names] of rows)
      for (const [at, name] of names.split(' ').entries()) {
        const keysym = board.get(name)?.[level]
        const character = keysym ? writes(keysym) : undefined
        const point = typeof character === 'string' ? character.charCodeAt(0) : hole
        if (point < 0x80) put(first + at, point)
      }
  }
  return gzipSync(Buffer.concat([Buffer.from('bkeymap'), flags, table])).toString('base64')
}
