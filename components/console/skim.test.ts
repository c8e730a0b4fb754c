import { describe, expect, it } from 'vitest'
import { Skim } from './skim'

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'))
const keeps = (all: number | null) => (all === null ? null : { all, seen: 1 })
const cut = (text: string, kept: number | null, before = '') => {
  const skim = new Skim()
  if (before) skim.cut(bytes(before), null)
  return Buffer.from(skim.cut(bytes(text), keeps(kept))).toString('utf8')
}
const lines = (count: number, from = 1) => Array.from({ length: count }, (_, i) => `${from + i}\r\n`).join('')

describe('Skim', () => {
  it('leaves a flood the lines that are kept, and one line end before them', () => {
    expect(cut(lines(100), 3)).toBe(`\r\n${lines(3, 98)}`)
    expect(cut(`${lines(100)}half`, 3)).toBe(`\r\n${lines(3, 98)}half`)
    expect(cut('häß → ☃\r\n'.repeat(9), 2)).toBe(`\r\n${'häß → ☃\r\n'.repeat(2)}`)
  })

  it('leaves as it is what is not more than that', () => {
    for (const text of ['', '$ ', lines(3), 'a'.repeat(10_000)]) expect(cut(text, 3)).toBe(text)
    expect(cut(lines(100), null)).toBe(lines(100))
  })

  it('counts nothing after the first byte that is no plain text', () => {
    for (const strange of ['\x07', '\x1b[31m', '\x1b]0;title\x07', '\b', '\u009b1m', '\x0e'])
      expect(cut(`${lines(10)}${strange}${lines(100)}`, 5)).toBe(`\r\n${lines(5, 6)}${strange}${lines(100)}`)
    expect(cut(`\x1b[4h${lines(100)}`, 3)).toBe(`\x1b[4h${lines(100)}`)
  })

  it('begins only where the cursor comes to the left side', () => {
    expect(cut('a\n'.repeat(50), 3)).toBe('a\n'.repeat(50))
    expect(cut(`a\r\n${'b\n'.repeat(5)}`, 3)).toBe(`\r\n${'b\n'.repeat(5)}`)
  })

  it.each([
    ['a title', '\x1b]0;never ended'],
    ['a title by C1', '\u009d0;x'],
    ['a device string', '\x1bPq'],
    ['a device string with a bell in it', '\x1bPq\x07'],
    ['a private message', '\x1b^x'],
    ['a control sequence', '\x1b[1;'],
    ['a lone escape', '\x1b'],
  ])('takes nothing from inside of %s that an earlier piece began', (_, before) => {
    expect(cut(lines(100), 3, before)).toBe(lines(100))
  })

  it('knows a control character that was cut in two', () => {
    const skim = new Skim()
    skim.cut(Uint8Array.of(0x61, 0xc2), null)
    skim.cut(Uint8Array.of(0x9d, 0x30), null)
    expect(skim.cut(bytes(lines(100)), keeps(3))).toEqual(bytes(lines(100)))
  })

  it.each(['\x1b]0;title\x07', '\x1b]0;title\x1b\\', '\x1b[1;31m', '\x1bPq\x1b\\', '\x1b]0;x\x18', '\x1b(B', '\x1bc', '\u00a0', '\x07'])(
    'goes on after %j',
    (before) => {
      expect(cut(lines(100), 3, before)).toBe(`\r\n${lines(3, 98)}`)
    },
  )
})
