import { layoutOf, layouts } from './layouts/layouts'
import { keepLayout } from './preferences'

export const sizes = ['fit', 'real', 'guest'] as const
/** noVNC's levels, by what they mean here: how many shades are left. */
export const qualities = { full: 9, fewer: 4, few: 0 } as const
/** How much is packed: none for the same room, much for a slow line. */
export const compressions = { none: 0, some: 2, much: 9 } as const

/** How screens are shown in this browser. */
export type ScreenSettings = {
  size: (typeof sizes)[number]
  quality: keyof typeof qualities
  compression: keyof typeof compressions
  dot: boolean
}
const usual: ScreenSettings = { size: 'fit', quality: 'full', compression: 'some', dot: true }
const key = 'bailiwick.screen'
const keyboardKey = (guest: string): string => `bailiwick.screen.keyboard ${guest}`

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // A browser that keeps nothing still shows a screen.
  }
}
const oneOf = <T>(all: readonly T[], value: unknown, otherwise: T): T => all.find((each) => each === value) ?? otherwise

/** What is stored, each part by itself: one that is not known counts as not chosen. */
export function parseSettings(text: string | null): ScreenSettings {
  let value: unknown
  try {
    value = JSON.parse(text ?? '{}')
  } catch {
    return usual
  }
  const kept: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  return {
    size: oneOf(sizes, kept.size, usual.size),
    quality: oneOf(['full', 'fewer', 'few'] as const, kept.quality, usual.quality),
    compression: oneOf(['none', 'some', 'much'] as const, kept.compression, usual.compression),
    dot: typeof kept.dot === 'boolean' ? kept.dot : usual.dot,
  }
}
export const screenSettings = (): ScreenSettings => parseSettings(read(key))
export const keepSettings = (settings: ScreenSettings): void => keep(key, JSON.stringify(settings))

/** `same`: the guest's keyboard is the one before the person, and keys count by their place. Otherwise its layout, and they count by what is on them. */
export type Keyboard = 'same' | (typeof layouts)[number]['id']

export function keyboardOf(guest: string): Keyboard {
  const kept = read(keyboardKey(guest))
  return kept && layouts.some(({ id }) => id === kept) ? kept : 'same'
}
export function keepKeyboard(guest: string, keyboard: Keyboard): void {
  keep(keyboardKey(guest), keyboard)
  // Text that is typed as keys goes to the same keyboard.
  if (keyboard !== 'same') keepLayout(guest, layoutOf(keyboard).id)
}
