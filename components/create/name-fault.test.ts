import { describe, expect, it } from 'vitest'
import { nameFault } from './name-fault'

const rule = { pattern: '[a-z_][a-z0-9_]{0,29}', words: 'a–z, 0–9 and _, at most 30' }

describe('a name for a new guest', () => {
  it('is held against the whole of the rule of its engine', () => {
    expect(nameFault('web_01', rule, false)).toBeUndefined()
    expect(nameFault('web-01', rule, false)).toBe(`${rule.words}: not “-”`)
    expect(nameFault('a'.repeat(31), rule, false)).toBe(rule.words)
    expect(nameFault('1abc', rule, false)).toMatch(/letter/)
    expect(nameFault('web-01', undefined, false)).toBeUndefined()
  })

  it('says what is wrong, and not the first thing that comes to mind', () => {
    expect(nameFault('Bad Name', rule, false)).toBe(`${rule.words}: not upper-case “B”, a space or upper-case “N”`)
    expect(nameFault('Bad Name', undefined, false)).toMatch(/a space/)
    expect(nameFault('web-', undefined, false)).toBe('Must not end with -')
  })

  it('keeps alternatives of a rule together', () => {
    expect(nameFault('ab', { pattern: 'a|b', words: 'a or b' }, false)).toMatch(/^a or b/)
  })

  it('says that a name is taken, and nothing while there is none', () => {
    expect(nameFault('web', rule, true)).toContain('web')
    expect(nameFault('', rule, false)).toBeUndefined()
  })
})
