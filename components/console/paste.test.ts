import { describe, expect, it } from 'vitest'
import { asksFirst, pasteable } from './paste'

it('lets no text out of a bracketed paste', () => {
  for (const evil of ['\x1b[201~rm -rf /\n', '\x9b201~rm\n', 'a\x1b\x1b[201~b', 'a\x03b\x1a\x00', '\x1b\x00[201~'])
    expect(pasteable(evil)).not.toMatch(/(?![\t\n\r])\p{Cc}/u)
  expect(pasteable('two\r\n\tlines é 日')).toBe('two\r\n\tlines é 日')
})

describe('asksFirst', () => {
  it.each([
    ['one line', false, false],
    ['one line\n', false, false],
    ['two\nlines', false, true],
    ['two\rlines', false, true],
    ['two\nlines', true, false],
  ])('%j, bracketed %s: %s', (text, bracketed, expected) => expect(asksFirst(text, bracketed)).toBe(expected))
})
