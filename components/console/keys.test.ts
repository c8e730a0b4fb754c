import { describe, expect, it } from 'vitest'
import { withCtrl } from './keys'
import { keysymsOf } from './typed'

describe('withCtrl', () => {
  it.each([
    ['c', '\x03'],
    ['C', '\x03'],
    ['[', '\x1b'],
    [' ', '\0'],
    ['?', '\x7f'],
    ['1', '1'],
    ['paste of text', 'paste of text'],
  ])('%j becomes %j', (from, to) => expect(withCtrl(from)).toBe(to))
})

describe('keysymsOf', () => {
  it('names Latin-1 by itself, line ends and tabs by their keys, the rest by Unicode', () => {
    expect(keysymsOf('a|é\r\n\t€😀')).toEqual([0x61, 0x7c, 0xe9, 0xff0d, 0xff09, 0x010020ac, 0x0101f600])
  })
})
