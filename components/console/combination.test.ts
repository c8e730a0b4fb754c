import { describe, expect, it } from 'vitest'
import { bytesOf, nameOf, withCtrl } from './combination'

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

describe('bytesOf', () => {
  it.each([
    ['Ctrl-C', { key: 'c', ctrl: true }, '\x03'],
    ['Ctrl-]', { key: ']', ctrl: true }, '\x1d'],
    ['Alt-X', { key: 'x', alt: true }, '\x1bx'],
    ['Ctrl-Alt-A', { key: 'a', ctrl: true, alt: true }, '\x1b\x01'],
    ['Ctrl-Space', { key: 'Space', ctrl: true }, '\0'],
    ['Alt-Enter', { key: 'Enter', alt: true }, '\x1b\r'],
    ['Shift-Tab', { key: 'Tab', shift: true }, '\x1b[Z'],
    ['F1', { key: 'F1' }, '\x1bOP'],
    ['Shift-F1', { key: 'F1', shift: true }, '\x1b[1;2P'],
    ['F5', { key: 'F5' }, '\x1b[15~'],
    ['Ctrl-F12', { key: 'F12', ctrl: true }, '\x1b[24;5~'],
    ['ArrowUp', { key: 'ArrowUp' }, '\x1b[A'],
    ['Ctrl-ArrowLeft', { key: 'ArrowLeft', ctrl: true }, '\x1b[1;5D'],
    ['Alt-Shift-Delete', { key: 'Delete', alt: true, shift: true }, '\x1b[3;4~'],
    ['Ctrl-1', { key: '1', ctrl: true }, null],
  ])('%s', (name, combination, expected) => {
    expect(nameOf(combination)).toBe(name)
    expect(bytesOf(combination)).toBe(expected)
  })
  it('follows the cursor mode of the program', () => {
    expect(bytesOf({ key: 'ArrowUp' }, true)).toBe('\x1bOA')
  })
})
