/** Keys that a browser keeps for itself or a phone does not have, and the bytes a terminal sends for them. */
export const sendable: [label: string, bytes: string][] = [
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
  ['Ctrl-Z', '\x1a'],
  ['Ctrl-W', '\x17'],
  ['Ctrl-T', '\x14'],
  ['Ctrl-N', '\x0e'],
  ['Ctrl-\\', '\x1c'],
  ['Esc', '\x1b'],
  ['Tab', '\t'],
  ['F1', '\x1bOP'],
  ['F2', '\x1bOQ'],
  ['F10', '\x1b[21~'],
  ['F12', '\x1b[24~'],
]

/** The row for touch screens. Arrows follow the terminal's cursor-key mode. */
export const touchKeys: { label: string; name: string; bytes?: string; arrow?: 'A' | 'B' | 'C' | 'D' }[] = [
  { label: 'Esc', name: 'Escape', bytes: '\x1b' },
  { label: 'Tab', name: 'Tab', bytes: '\t' },
  { label: '↑', name: 'Up', arrow: 'A' },
  { label: '↓', name: 'Down', arrow: 'B' },
  { label: '←', name: 'Left', arrow: 'D' },
  { label: '→', name: 'Right', arrow: 'C' },
  { label: '|', name: 'Pipe', bytes: '|' },
  { label: '/', name: 'Slash', bytes: '/' },
  { label: '-', name: 'Minus', bytes: '-' },
  { label: '~', name: 'Tilde', bytes: '~' },
]

/** What Ctrl and this character make: Ctrl-A is 1, Ctrl-[ is escape. Text without such a byte stays as it is. */
export function withCtrl(text: string): string {
  if (text.length !== 1) return text
  const code = text.toUpperCase().charCodeAt(0)
  if (text === '?') return '\x7f'
  if (text === ' ') return '\0'
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : text
}
