import { bytesOf } from './combination'

/** Keys that a browser keeps for itself or a phone does not have, and the bytes a terminal sends for them. */
export const sendable: [label: string, bytes: string][] = [
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
  ['Ctrl-Z', '\x1a'],
  ['Ctrl-W', '\x17'],
  ['Ctrl-T', '\x14'],
  ['Ctrl-N', '\x0e'],
  ['Ctrl-\\', '\x1c'],
  ['Ctrl-]', '\x1d'],
  ['Esc', '\x1b'],
  ['Tab', '\t'],
]
/** F1 to F12. */
export const functionKeys: [label: string, bytes: string][] = Array.from({ length: 12 }, (_, at) => {
  const key = `F${at + 1}`
  return [key, bytesOf({ key }) ?? '']
})

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
