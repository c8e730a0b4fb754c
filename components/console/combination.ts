import type { Stroke } from './layouts/layout'

const named: Record<string, string> = {
  Enter: '\r',
  Tab: '\t',
  Escape: '\x1b',
  Backspace: '\x7f',
  Space: ' ',
}
/** Keys with a final letter (CSI 1;modifier letter) and with a number (CSI number;modifier ~), as xterm sends them. */
const lettered: Record<string, string> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  End: 'F',
  Home: 'H',
  F1: 'P',
  F2: 'Q',
  F3: 'R',
  F4: 'S',
}
const numbered: Record<string, number> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
}

/** Keys that are chosen by name; every other key is the character on it. */
export const keyNames = [...Object.keys(named), ...Object.keys(lettered), ...Object.keys(numbered)]

/** A key with what is held: `key` is a name of `keyNames` or one character. */
export type Combination = { key: string; ctrl?: boolean; alt?: boolean; shift?: boolean }

/** What Ctrl and this character make: Ctrl-A is 1, Ctrl-[ is escape. Text without such a byte stays as it is. */
export function withCtrl(text: string): string {
  if (text.length !== 1) return text
  const code = text.toUpperCase().charCodeAt(0)
  if (text === '?') return '\x7f'
  if (text === ' ') return '\0'
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : text
}

/** The bytes that a terminal sends for a combination, or null where it has none. */
export function bytesOf({ key, ctrl, alt, shift }: Combination, applicationCursor = false): string | null {
  const modifier = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0)
  const letter = lettered[key]
  if (letter) {
    if (modifier > 1) return `\x1b[1;${modifier}${letter}`
    return `\x1b${/^F\d/.test(key) || applicationCursor ? 'O' : '['}${letter}`
  }
  const number = numbered[key]
  if (number !== undefined) return `\x1b[${number}${modifier > 1 ? `;${modifier}` : ''}~`
  if (key === 'Tab' && shift) return '\x1b[Z'
  const character = named[key] ?? (shift ? key.toUpperCase() : key)
  const plain = ctrl ? (key === 'Backspace' ? '\b' : withCtrl(character)) : character
  if ([...plain].length !== 1 || (ctrl && plain === character && !named[key])) return null
  return `${alt ? '\x1b' : ''}${plain}`
}

/** How it is written: Ctrl-Alt-F2. */
export const nameOf = ({ key, ctrl, alt, shift }: Combination): string =>
  [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', key.length === 1 ? key.toUpperCase() : key].filter(Boolean).join('-')

/** The same as a stroke of a board, for a screen: the key by its place on a US board. */
export function strokeOf({ key, ctrl, alt, shift }: Combination, codeOf: (character: string) => string | undefined): Stroke | null {
  const code = keyNames.includes(key) ? key : codeOf(key.toLowerCase())
  return code ? { code, ...(ctrl ? { ctrl } : {}), ...(alt ? { alt } : {}), ...(shift ? { shift } : {}) } : null
}
