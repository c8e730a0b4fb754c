import { describe, expect, it } from 'vitest'
import { keysymsOf } from './typed'

describe('keysymsOf', () => {
  it('names Latin-1 by itself, line ends and tabs by their keys, the rest by Unicode', () => {
    expect(keysymsOf('a|é\r\n\t€😀')).toEqual([0x61, 0x7c, 0xe9, 0xff0d, 0xff09, 0x010020ac, 0x0101f600])
  })
})
