import { MiB } from '@/server/model/size'

/** A value before it is written. Sizes are numbers of bytes; switches are booleans. */
export type Value = string | number | boolean
/** How a value of one field is checked and written; null: it is outside the rule. `words` say what passes. */
export type Rule = { write(value: Value): string | null; words: string; type?: 'boolean' | 'number' | { options: string[] } }

/** Text that matches a pattern as a whole. The pattern is anchored here, so that none can forget it. */
export function text(pattern: string, words: string): Rule {
  const whole = new RegExp(`^(?:${pattern})$`)
  return { words, write: (value) => (typeof value === 'string' && whole.test(value) ? value : null) }
}

export const oneOf = (...options: string[]): Rule => ({
  words: options.join(', '),
  type: { options },
  write: (value) => (typeof value === 'string' && options.includes(value) ? value : null),
})

const yes = new Set<Value>([true, 1, '1'])
const no = new Set<Value>([false, 0, '0'])
/** CBSD's switches are 0 and 1. */
export const flag: Rule = {
  words: '0 or 1',
  type: 'boolean',
  write: (value) => (yes.has(value) ? '1' : no.has(value) ? '0' : null),
}

export const whole = (least: number, most: number): Rule => ({
  words: `A whole number from ${least} to ${most}`,
  type: 'number',
  write(value) {
    const digits = typeof value === 'number' ? String(value) : value
    if (typeof digits !== 'string' || !/^\d{1,15}$/.test(digits)) return null
    const number = Number(digits)
    return number >= least && number <= most ? String(number) : null
  },
})

/**
 * Bytes, always written with a unit: `bset` takes a bare number as megabytes and `bcreate` takes it as bytes.
 * What is already text must name its unit too.
 */
export const size: Rule = {
  words: 'A whole number of MiB, or a number with its unit such as 512m or 2g',
  write(value) {
    if (typeof value === 'string') return /^[1-9]\d{0,7}[kmgt]$/.test(value) ? value : null
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0 || value % MiB !== 0) return null
    const mebi = value / MiB
    return mebi % 1024 === 0 ? `${mebi / 1024}g` : `${mebi}m`
  },
}

/** A rule, or the empty text, which takes a value away. */
export const orEmpty = (rule: Rule): Rule => ({
  ...rule,
  words: `${rule.words}; or nothing`,
  write: (value) => (value === '' ? '' : rule.write(value)),
})
