import { describe, expect, it } from 'vitest'
import { readCompose, writtenBy } from './fixtures/board'
import { readXkb } from './fixtures/xkb'
import type { KeyEntry } from './layout'
import { layouts } from './layouts'
import { planKeys, toggles } from './strokes'

/** Our names and xkb's. */
const sources: Record<string, [layout: string, variant?: string][]> = {
  us: [['us']],
  gb: [['gb']],
  de: [['de']],
  fr: [['fr']],
  es: [['es']],
  se: [['se'], ['fi']],
  no: [['no']],
  dk: [['dk']],
  ru: [['us'], ['ru', 'winkeys']],
  it: [['it']],
  pt: [['pt']],
  br: [['br']],
  latam: [['latam']],
  'ch-de': [['ch']],
  'ch-fr': [['ch', 'fr']],
  be: [['be']],
  pl: [['pl']],
}
const ascii = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at))
const compose = readCompose()
const charactersOf = (entries: KeyEntry[] = []) => entries.flatMap((entry) => ('text' in entry ? [entry.text] : []))

describe.each(layouts)('$label, as xkb-data has it', ({ id, ...layout }) => {
  const named = sources[id] ?? []
  /** A table for two countries must hold in both; one with two groups is one board. */
  const boards = layout.other ? [named.map(([name, variant]) => readXkb(name, variant))] : named.map((each) => [readXkb(...each)])
  const write = (text: string) => {
    const plan = planKeys(text, { id, ...layout })
    expect(plan.missing).toEqual([])
    const strokes = plan.typed.flatMap(({ strokes }) => strokes)
    return boards.map((board) => writtenBy(strokes, board, compose, toggles['alt-shift'].stroke))
  }

  it('writes every printable ASCII character, and every other character of its keys', () => {
    const wanted = [...ascii, ...charactersOf(layout.entries), ...charactersOf(layout.other)]
    const wrong = wanted.filter((character) => write(character).some((written) => written !== character))
    expect(wrong).toEqual([])
  })
  it('writes what its dead keys compose', () => {
    const marks = layout.entries.flatMap((entry) => ('dead' in entry ? [entry.dead] : []))
    const whole = marks.flatMap((mark) => [...'aeiouAEIOUn'].map((letter) => (letter + mark).normalize('NFC')))
    const text = whole.filter((each) => each.length === 1).join('')
    expect(new Set(write(text))).toEqual(new Set([text]))
  })
  it('writes all of it in one go', () => {
    expect(new Set(write(`${ascii.join('')}\n\t${ascii.toReversed().join('')}`))).toEqual(
      new Set([`${ascii.join('')}\n\t${ascii.toReversed().join('')}`]),
    )
  })
})

it('changes to Cyrillic and back', () => {
  const board = [readXkb('us'), readXkb('ru', 'winkeys')]
  const text = 'echo "Привет, мир № 5" | grep Мир.\n'
  const ru = layouts.find(({ id }) => id === 'ru')
  if (!ru) throw new Error('no Russian')
  for (const toggle of ['alt-shift', 'caps-lock'] as const) {
    const { typed, missing } = planKeys(text, ru, { toggle })
    expect(missing).toEqual([])
    const strokes = typed.flatMap(({ strokes }) => strokes)
    expect(writtenBy(strokes, board, compose, toggles[toggle].stroke)).toBe(text)
    // It is left as it was found.
    expect(strokes.filter(({ code }) => code === toggles[toggle].stroke.code && code !== 'KeyU').length % 2).toBe(0)
  }
})
