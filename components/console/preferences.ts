const sizeKey = 'bailiwick.console.font'
const readerKey = 'bailiwick.reader'
const looksKey = 'bailiwick.console'
const smallest = 8
const largest = 28

export const themes = ['dark', 'light', 'page', 'contrast', 'dusk', 'paper'] as const
export const cursors = ['block', 'bar', 'underline'] as const
export const bells = ['off', 'visual'] as const
export const drawings = ['auto', 'on', 'off'] as const
export const scrollbacks = [1000, 10_000, 100_000] as const

/** How terminals look and behave in this browser. `font`: a family, '' for the system's. `drawing`: with the graphics card. */
export type Looks = {
  theme: (typeof themes)[number]
  font: string
  cursor: (typeof cursors)[number]
  bell: (typeof bells)[number]
  drawing: (typeof drawings)[number]
  scrollback: (typeof scrollbacks)[number]
  copyOnSelect: boolean
}

const plain: Looks = { theme: 'dark', font: '', cursor: 'block', bell: 'off', drawing: 'auto', scrollback: 10_000, copyOnSelect: false }

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing still shows a console.
  }
}

/** Text size in px, as last chosen; smaller on a phone. */
export function fontSize(): number {
  const kept = Number(read(sizeKey))
  return kept >= smallest && kept <= largest ? kept : matchMedia('(max-width: 480px)').matches ? 11 : 13
}
export function keepFontSize(px: number): number {
  const size = Math.min(largest, Math.max(smallest, px))
  keep(sizeKey, String(size))
  return size
}

/** Whether terminals also write their text for screen readers: chosen here, or by ?reader=1 in the address. */
export const readerMode = (): boolean => new URLSearchParams(location.search).get('reader') === '1' || read(readerKey) === '1'
export const keepReaderMode = (on: boolean): void => keep(readerKey, on ? '1' : '0')

const oneOf = <T>(all: readonly T[], value: unknown, otherwise: T): T => all.find((each) => each === value) ?? otherwise

/** A family name as it may stand in CSS: letters, digits, spaces and a few signs, nothing that ends a string. */
export const fontName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N} ._-]/gu, '')
    .trim()
    .slice(0, 60)

/** What is stored, each part by itself: one that is not known counts as not chosen. */
export function parseLooks(text: string | null): Looks {
  let value: unknown
  try {
    value = JSON.parse(text ?? '{}')
  } catch {
    return plain
  }
  const kept: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  return {
    theme: oneOf(themes, kept.theme, plain.theme),
    font: typeof kept.font === 'string' ? fontName(kept.font) : plain.font,
    cursor: oneOf(cursors, kept.cursor, plain.cursor),
    bell: oneOf(bells, kept.bell, plain.bell),
    drawing: oneOf(drawings, kept.drawing, plain.drawing),
    scrollback: oneOf(scrollbacks, kept.scrollback, plain.scrollback),
    copyOnSelect: kept.copyOnSelect === true,
  }
}

let current: Looks | null = null
const listeners = new Set<() => void>()

export function looks(): Looks {
  current ??= parseLooks(read(looksKey))
  return current
}
/** Changes it for every terminal on this page, and for those of later pages. */
export function keepLooks(change: Partial<Looks>): void {
  current = { ...looks(), ...change }
  keep(looksKey, JSON.stringify(current))
  for (const listener of listeners) listener()
}
export function onLooks(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const layoutKey = 'bailiwick.console.layout'
/** The keyboard layout last chosen for a guest's screen: every guest may have another. Null when none was. */
export const layoutFor = (guest: string): string | null => read(`${layoutKey} ${guest}`) ?? read(layoutKey)
export function keepLayout(guest: string, id: string): void {
  keep(layoutKey, id)
  keep(`${layoutKey} ${guest}`, id)
}
