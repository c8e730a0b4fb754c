import { describe, expect, it } from 'vitest'
import { layoutForLanguage, layoutOf, layouts } from './layouts'
import { pressesOf, usKeysym } from './presses'
import { planKeys } from './strokes'

const keys = (id: string, text: string) =>
  planKeys(text, layoutOf(id)).typed.flatMap(({ strokes }) =>
    strokes.map(({ code, shift, altGr }) => `${shift ? 'Shift+' : ''}${altGr ? 'AltGr+' : ''}${code}`),
  )

describe('the keys that people miss', () => {
  it.each([
    ['us', '|', ['Shift+Backslash']],
    ['gb', '|', ['Shift+IntlBackslash']],
    ['gb', '@', ['Shift+Quote']],
    ['gb', '~', ['Shift+Backslash']],
    ['de', '|', ['AltGr+IntlBackslash']],
    ['de', '@', ['AltGr+KeyQ']],
    ['de', '-', ['Slash']],
    ['de', '[', ['AltGr+Digit8']],
    ['de', '{', ['AltGr+Digit7']],
    ['de', '~', ['AltGr+BracketRight']],
    ['de', '^', ['Backquote', 'Space']],
    ['de', 'z', ['KeyY']],
    ['fr', '0', ['Shift+Digit0']],
    ['fr', '@', ['AltGr+Digit0']],
    ['fr', '-', ['Digit6']],
    ['fr', '|', ['AltGr+Digit6']],
    ['fr', '\\', ['AltGr+Digit8']],
    ['fr', 'ê', ['BracketLeft', 'KeyE']],
    ['fr', 'Ê', ['BracketLeft', 'Shift+KeyE']],
    ['fr', 'm', ['Semicolon']],
    ['es', '~', ['AltGr+Digit4']],
    ['es', 'á', ['Quote', 'KeyA']],
    ['es', '·', ['Shift+Digit3']],
    ['se', '~', ['AltGr+BracketRight', 'Space']],
    ['no', '\\', ['Equal']],
    ['dk', '|', ['AltGr+Equal']],
    ['br', '/', ['IntlRo']],
  ])('%s: %s', (id, text, expected) => expect(keys(id, text)).toEqual(expected))
})

describe('planKeys', () => {
  it('makes one Enter of each kind of line end, and Tab of a tab', () => {
    expect(keys('us', 'a\r\nb\rc\n\t')).toEqual(['KeyA', 'Enter', 'KeyB', 'Enter', 'KeyC', 'Enter', 'Tab'])
  })
  it('takes a letter and its mark for the letter with the mark', () => {
    expect(keys('fr', 'e\u0302')).toEqual(['BracketLeft', 'KeyE'])
  })
  it('names what the layout cannot make, each once and before anything is typed', () => {
    expect(planKeys('grüße ☃☃ 日\x07', layoutOf('us')).missing).toEqual(['ü', 'ß', '☃', '日', '\x07'])
  })
  it('types what is missing by its number, on the keys where this layout has the digits', () => {
    const { typed, missing } = planKeys('é☃', layoutOf('fr'), { unicode: true })
    expect(missing).toEqual([])
    expect(typed[1]).toEqual({
      text: '☃',
      strokes: [
        { code: 'KeyU', ctrl: true, shift: true },
        ...['2', '6', '0', '3'].map((digit) => ({ code: `Digit${digit}`, shift: true })),
        { code: 'Space' },
      ],
    })
    expect(planKeys('\x07', layoutOf('fr'), { unicode: true }).missing).toEqual(['\x07'])
  })
})

describe('pressesOf', () => {
  it('holds modifiers around the key and lets them go in reverse', () => {
    const presses = pressesOf({ code: 'Digit2', shift: true, altGr: true })
    expect(presses.map(({ code, down }) => `${down ? '+' : '-'}${code}`)).toEqual([
      '+AltRight',
      '+ShiftLeft',
      '+Digit2',
      '-Digit2',
      '-ShiftLeft',
      '-AltRight',
    ])
    expect(presses[2]?.keysym).toBe('@'.charCodeAt(0))
  })
  it('has a keysym for every key of every layout', () => {
    for (const { entries, other = [] } of layouts)
      for (const { code, shift } of [...entries, ...other]) expect(usKeysym(code, shift), code).toBeGreaterThan(0)
  })
})

describe('layoutForLanguage', () => {
  it.each([
    ['en-US', 'us'],
    ['en-GB', 'gb'],
    ['de-AT', 'de'],
    ['de-CH', 'ch-de'],
    ['fr', 'fr'],
    ['es-MX', 'latam'],
    ['es', 'es'],
    ['fi-FI', 'se'],
    ['nb-NO', 'no'],
    ['ru-RU', 'ru'],
    ['ja-JP', 'us'],
  ])('%s: %s', (language, id) => expect(layoutForLanguage(language).id).toBe(id))
})
