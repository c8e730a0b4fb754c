import type { Layout, Stroke } from './layouts/layout'
import { type Press, pressesOf, usKeysym } from './layouts/presses'
import { planKeys } from './layouts/strokes'

/** What this needs of a KeyboardEvent. */
export type KeyPress = { key: string; code: string; getModifierState(key: string): boolean }

const modifiers = { shift: ['ShiftLeft', 'ShiftRight'], altGr: ['AltRight'] }
const letter = /^\p{L}$/u

/**
 * Types by what is on the keys: a character is made with the keys that the guest's layout has it on, wherever they lie before the
 * person. Modifiers go their own way; those that would change the character are let go for a moment.
 */
export class LayoutKeys {
  /** Modifiers that are down, and keys whose end must not reach the guest, for their beginning did not. */
  readonly #held = new Set<string>()
  readonly #taken = new Set<string>()

  constructor(
    private readonly layout: Layout,
    private readonly send: (press: Press) => void,
  ) {}

  /** Whether the key was taken care of here; otherwise it goes to the guest as it is. */
  down(event: KeyPress): boolean {
    const { key, code } = event
    if ([...modifiers.shift, ...modifiers.altGr].includes(code)) this.#held.add(code)
    const stroke = this.#strokes(event)
    if (!stroke) return false
    this.#taken.add(code)
    // Dead keys make two: the mark, then the letter.
    for (const each of stroke) this.#type(each)
    return [...key].length === 1
  }

  up(code: string): boolean {
    this.#held.delete(code)
    return this.#taken.delete(code)
  }

  /** The page lost its keyboard: nobody will say when the keys go up. */
  clear(): void {
    this.#held.clear()
    this.#taken.clear()
  }

  #strokes(event: KeyPress): Stroke[] | null {
    if ([...event.key].length !== 1 || event.key === ' ') return null
    const { typed, missing } = planKeys(event.key, this.layout)
    const strokes = typed.flatMap((each) => each.strokes)
    if (missing.length || !strokes.length) return null
    const command = event.getModifierState('Control') || event.getModifierState('Alt') || event.getModifierState('Meta')
    // With Ctrl or Alt held it is the key that counts, not what it would write.
    if (command && !event.getModifierState('AltGraph')) return strokes.map(({ code }) => ({ code, shift: event.getModifierState('Shift') }))
    // Caps Lock reached the guest, too, and turns letters round again there.
    const caps = event.getModifierState('CapsLock') && letter.test(event.key)
    return caps ? strokes.map((stroke) => ({ ...stroke, shift: !stroke.shift })) : strokes
  }

  #type(stroke: Stroke): void {
    const lifted = [
      ...(stroke.shift ? [] : modifiers.shift.filter((code) => this.#held.has(code))),
      ...(stroke.altGr ? [] : modifiers.altGr.filter((code) => this.#held.has(code))),
    ]
    const shift = stroke.shift && !modifiers.shift.some((code) => this.#held.has(code))
    const altGr = stroke.altGr && !this.#held.has('AltRight')
    for (const code of lifted) this.send({ code, keysym: usKeysym(code), down: false })
    for (const press of pressesOf({ ...stroke, shift, altGr })) this.send(press)
    for (const code of lifted) this.send({ code, keysym: usKeysym(code), down: true })
  }
}

/** Listens before noVNC does: keys that this made of others never reach it. Returns how to end it. */
export function listenFirst(element: HTMLElement, keys: LayoutKeys, may: () => boolean): () => void {
  const stop = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  const down = (event: KeyboardEvent) => may() && keys.down(event) && stop(event)
  const up = (event: KeyboardEvent) => keys.up(event.code) && stop(event)
  const blur = () => keys.clear()
  element.addEventListener('keydown', down, true)
  element.addEventListener('keyup', up, true)
  element.addEventListener('blur', blur, true)
  return () => {
    element.removeEventListener('keydown', down, true)
    element.removeEventListener('keyup', up, true)
    element.removeEventListener('blur', blur, true)
  }
}
