import type { Stroke } from './layout'
import { us } from './tables-west'

/** One key going down or up. `keysym`: what the key means on a US board, for servers that know no key codes. */
export type Press = { code: string; keysym: number; down: boolean }

const modifiers: [keyof Omit<Stroke, 'code'>, string, number][] = [
  ['ctrl', 'ControlLeft', 0xffe3],
  ['alt', 'AltLeft', 0xffe9],
  ['meta', 'MetaLeft', 0xffeb],
  ['altGr', 'AltRight', 0xfe03],
  ['shift', 'ShiftLeft', 0xffe1],
]

const named: Record<string, number> = {
  Space: 0x20,
  Enter: 0xff0d,
  Tab: 0xff09,
  Escape: 0xff1b,
  Backspace: 0xff08,
  Delete: 0xffff,
  Insert: 0xff63,
  Home: 0xff50,
  End: 0xff57,
  PageUp: 0xff55,
  PageDown: 0xff56,
  ArrowLeft: 0xff51,
  ArrowUp: 0xff52,
  ArrowRight: 0xff53,
  ArrowDown: 0xff54,
  CapsLock: 0xffe5,
  PrintScreen: 0xff61,
  ScrollLock: 0xff14,
  Pause: 0xff13,
  ContextMenu: 0xff67,
  // The keys that a US board lacks: what their neighbours on other boards write.
  IntlBackslash: 0x3c,
  IntlRo: 0x2f,
  ...Object.fromEntries(modifiers.map(([, code, keysym]) => [code, keysym])),
  ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`F${at + 1}`, 0xffbe + at])),
}
const plain = new Map<string, number>()
const shifted = new Map<string, number>()
for (const entry of us.entries) if ('text' in entry) (entry.shift ? shifted : plain).set(entry.code, entry.text.charCodeAt(0))

/** The X keysym of a key on a US board; 0 for a key that is not known. */
export const usKeysym = (code: string, shift = false): number => (shift && shifted.get(code)) || plain.get(code) || named[code] || 0

/** A stroke as keys going down and up: what is held first, and released last. */
export function pressesOf(stroke: Stroke): Press[] {
  const holding = modifiers.filter(([name]) => stroke[name]).map(([, code, keysym]) => ({ code, keysym }))
  const key = { code: stroke.code, keysym: usKeysym(stroke.code, stroke.shift) }
  return [
    ...[...holding, key].map((each) => ({ ...each, down: true })),
    ...[key, ...holding.reverse()].map((each) => ({ ...each, down: false })),
  ]
}
