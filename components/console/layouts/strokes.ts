import type { KeyEntry, Layout, Stroke } from './layout'

/** What a dead key writes when the space bar follows. Only marks on which Linux consoles, X and Windows agree. */
const alone: Record<string, string> = { '\u0300': '`', '\u0302': '^', '\u0303': '~' }
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']
const named: Record<string, Stroke[]> = {
  ' ': [{ code: 'Space' }],
  '\n': [{ code: 'Enter' }],
  '\t': [{ code: 'Tab' }],
  '\x1b': [{ code: 'Escape' }],
  '\b': [{ code: 'Backspace' }],
}

/** Chords by which a guest changes between two groups of keys; which one is a setting of the guest. */
export const toggles = {
  'alt-shift': { label: 'Alt-Shift', stroke: { code: 'ShiftLeft', alt: true } },
  'ctrl-shift': { label: 'Ctrl-Shift', stroke: { code: 'ShiftLeft', ctrl: true } },
  'caps-lock': { label: 'Caps Lock', stroke: { code: 'CapsLock' } },
  'super-space': { label: 'Super-Space', stroke: { code: 'Space', meta: true } },
} satisfies Record<string, { label: string; stroke: Stroke }>
export type Toggle = keyof typeof toggles

/** A character and the keys that make it. */
export type Typed = { text: string; strokes: Stroke[] }
export type KeyPlan = {
  typed: Typed[]
  /** Characters that the layout cannot make, each once. When there are any, `typed` lacks them. */
  missing: string[]
}
export type KeyOptions = {
  /** What the layout lacks is typed as Ctrl-Shift-U and its number: GTK and IBus in the guest understand it. */
  unicode?: boolean
  /** How the guest changes to the layout's other group. Default: Alt-Shift. */
  toggle?: Toggle
}

const held = ({ shift, altGr }: Stroke): number => (shift ? 1 : 0) + (altGr ? 2 : 0)
const cost = (strokes: Stroke[]): number => strokes.length * 10 + strokes.reduce((sum, stroke) => sum + held(stroke), 0)
const strokeOf = ({ code, shift, altGr }: KeyEntry): Stroke => ({ code, ...(shift ? { shift } : {}), ...(altGr ? { altGr } : {}) })

/** The keys for each character of one group: the fewest strokes, then the fewest keys held. */
function keysOf(entries: KeyEntry[]): Map<string, Stroke[]> {
  const found = new Map(Object.entries(named))
  const offer = (text: string, strokes: Stroke[]) => {
    const known = found.get(text)
    if (!known || cost(strokes) < cost(known)) found.set(text, strokes)
  }
  for (const entry of entries) if ('text' in entry) offer(entry.text, [strokeOf(entry)])
  for (const entry of entries) {
    if (!('dead' in entry)) continue
    const spacing = alone[entry.dead]
    if (spacing) offer(spacing, [strokeOf(entry), { code: 'Space' }])
    for (const letter of letters) {
      const whole = (letter + entry.dead).normalize('NFC')
      const base = found.get(letter)
      if (whole.length === 1 && base) offer(whole, [strokeOf(entry), ...base])
    }
  }
  return found
}

function hexOf(character: string, keys: Map<string, Stroke[]>): Stroke[] {
  const point = (character.codePointAt(0) ?? 0).toString(16)
  const u = keys.get('u')?.[0]?.code ?? 'KeyU'
  const digits = [...point].flatMap((digit) => keys.get(digit) ?? [])
  return [{ code: u, ctrl: true, shift: true }, ...digits, { code: 'Space' }]
}

/**
 * The keys that write `text` on a guest with this layout, character by character. Line ends become Enter. A layout with two
 * groups begins and ends in its first one.
 */
export function planKeys(text: string, layout: Layout, options: KeyOptions = {}): KeyPlan {
  const main = keysOf(layout.entries)
  const other = layout.other ? keysOf(layout.other) : null
  const toggle = toggles[options.toggle ?? 'alt-shift'].stroke
  const typed: Typed[] = []
  const missing = new Set<string>()
  let inOther = false
  const change = (to: boolean): Stroke[] => {
    if (to === inOther) return []
    inOther = to
    return [toggle]
  }
  for (const character of text.replace(/\r\n?/g, '\n').normalize('NFC')) {
    const here = (inOther && other ? other : main).get(character)
    const there = inOther ? main.get(character) : other?.get(character)
    if (here) typed.push({ text: character, strokes: here })
    else if (there) typed.push({ text: character, strokes: [...change(!inOther), ...there] })
    else if (options.unicode && character >= ' ') typed.push({ text: character, strokes: [...change(false), ...hexOf(character, main)] })
    else missing.add(character)
  }
  if (inOther) typed.push({ text: '', strokes: change(false) })
  return { typed, missing: [...missing] }
}
