import { describe, expect, it } from 'vitest'
import { readCompose, writtenBy } from './layouts/fixtures/board'
import { readXkb } from './layouts/fixtures/xkb'
import type { Stroke } from './layouts/layout'
import { layoutOf } from './layouts/layouts'
import type { Press } from './layouts/presses'
import { notLatin } from './screen-clipboard'
import { LayoutKeys } from './screen-keys'
import { parseSettings } from './screen-settings'

const compose = readCompose()

/** A person before a keyboard, and a guest whose keys are down as it was told. */
function desk(layout: string) {
  const down = new Set<string>()
  const strokes: Stroke[] = []
  const locks = new Set<string>()
  const hear = ({ code, down: pressed }: Pick<Press, 'code' | 'down'>) => {
    if (!pressed) down.delete(code)
    else if (/^(Shift|Alt|Control|Meta)/.test(code)) down.add(code)
    else {
      const shift = down.has('ShiftLeft') || down.has('ShiftRight')
      strokes.push({
        code,
        ...(shift && { shift }),
        ...(down.has('AltRight') && { altGr: true }),
        ...(down.has('ControlLeft') && { ctrl: true }),
      })
    }
  }
  const keys = new LayoutKeys(layoutOf(layout), hear)
  const state = (name: string) =>
    name === 'CapsLock' || name === 'AltGraph' ? locks.has(name) : [...held].some((code) => code.startsWith(name))
  const held = new Set<string>()
  return {
    down,
    strokes,
    locks,
    press(code: string, key: string) {
      if (/^(Shift|Control)/.test(code)) held.add(code)
      if (!keys.down({ key, code, getModifierState: state })) hear({ code, down: true })
    },
    release(code: string) {
      held.delete(code)
      if (!keys.up(code)) hear({ code, down: false })
    },
    get text() {
      return writtenBy(strokes, [readXkb(layout)], compose)
    },
  }
}

describe('LayoutKeys', () => {
  it.each([
    ['de', '|', 'Backslash'],
    ['fr', '@', 'Digit2'],
    ['fr', '1', 'Digit1'],
    ['fr', 'a', 'KeyA'],
    ['de', '-', 'Minus'],
    ['fr', '~', 'Backquote'],
  ])('makes a guest with %s write %s, though it lies elsewhere here', (layout, key, code) => {
    const one = desk(layout)
    one.press(code, key)
    one.release(code)
    expect(one.text).toBe(key)
    expect([...one.down]).toEqual([])
  })

  it('lets Shift go for a character that needs none there, and holds it again', () => {
    const one = desk('fr')
    one.press('ShiftLeft', 'Shift')
    // ! of a US keyboard; on a French one it needs no Shift.
    one.press('Digit1', '!')
    one.release('Digit1')
    expect([...one.down]).toEqual(['ShiftLeft'])
    one.press('KeyA', 'A')
    one.release('KeyA')
    one.release('ShiftLeft')
    expect(one.text).toBe('!A')
    expect([...one.down]).toEqual([])
  })

  it('lets AltGr go for a character that needs none there', () => {
    const one = desk('us')
    one.locks.add('AltGraph')
    one.press('AltRight', 'AltGraph')
    one.press('KeyQ', '@')
    one.release('KeyQ')
    one.release('AltRight')
    expect(one.text).toBe('@')
    expect([...one.down]).toEqual([])
  })

  it('turns letters round where Caps Lock is on, for it is on in the guest, too', () => {
    const one = desk('us')
    one.locks.add('CapsLock')
    one.press('KeyA', 'A')
    one.press('Digit1', '1')
    expect(one.text).toBe('a1')
  })

  it('takes the key of a letter with Ctrl, not what it would write', () => {
    const one = desk('fr')
    one.press('ControlLeft', 'Control')
    one.press('KeyA', 'a')
    expect(one.strokes).toEqual([{ code: 'KeyQ', ctrl: true }])
  })

  it('leaves alone what writes nothing, and what the layout lacks', () => {
    const one = desk('us')
    one.press('Enter', 'Enter')
    one.press('KeyE', '€')
    one.press('F2', 'F2')
    expect(one.strokes.map(({ code }) => code)).toEqual(['Enter', 'KeyE', 'F2'])
  })
})

describe('parseSettings', () => {
  it('takes each part that is known', () => {
    expect(parseSettings('{"size":"real","quality":"few","compression":7,"dot":false}')).toEqual({
      size: 'real',
      quality: 'few',
      compression: 'some',
      dot: false,
    })
  })
  it.each([null, '', 'null', '[]', '3', '{'])('has a usual form for %j', (text) => expect(parseSettings(text).size).toBe('fit'))
})

describe('notLatin', () => {
  it('names what a plain clipboard cannot carry', () => expect(notLatin('naïve €5 – 5 €, 日本')).toEqual(['€', '–', '日', '本']))
})
