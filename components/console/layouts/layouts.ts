import type { Layout } from './layout'
import { chDe, chFr, de, dk, no, se } from './tables-middle'
import { br, es, it, latam, pt } from './tables-south'
import { be, fr, gb, pl, ru, us } from './tables-west'

/** The layouts that text can be typed in, in the order in which they are offered. */
export const layouts: Layout[] = [us, gb, de, fr, es, se, no, dk, ru, it, pt, br, latam, chDe, chFr, be, pl]

/** The layout with this id; US English when there is none. */
export const layoutOf = (id: string): Layout => layouts.find((each) => each.id === id) ?? us

const byLanguage: [RegExp, string][] = [
  [/^en-(GB|IE)/i, 'gb'],
  [/^de-CH/i, 'ch-de'],
  [/^fr-CH/i, 'ch-fr'],
  [/^(fr|nl)-BE/i, 'be'],
  [/^de/i, 'de'],
  [/^fr/i, 'fr'],
  [/^es-(?!ES)/i, 'latam'],
  [/^es/i, 'es'],
  [/^(sv|fi)/i, 'se'],
  [/^(nb|nn|no)/i, 'no'],
  [/^da/i, 'dk'],
  [/^ru/i, 'ru'],
  [/^it/i, 'it'],
  [/^pt-BR/i, 'br'],
  [/^pt/i, 'pt'],
  [/^pl/i, 'pl'],
]

/** The likeliest layout of somebody who reads this language (BCP 47). */
export const layoutForLanguage = (language: string): Layout => layoutOf(byLanguage.find(([tag]) => tag.test(language))?.[1] ?? 'us')
