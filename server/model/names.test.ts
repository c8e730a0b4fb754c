import { expect, test } from 'vitest'
import { wrongName } from './names'
import { newName, plainWord } from './spec'

const refused: [name: string, words: string][] = [
  ['', 'Give it a name'],
  ['Bad Name', 'Only a–z, 0–9, - and _: not upper-case “B”, a space or upper-case “N”'],
  ['my web', 'Only a–z, 0–9, - and _: not a space'],
  ['Web', 'Only a–z, 0–9, - and _: not upper-case “W”'],
  ['größe', 'Only a–z, 0–9, - and _: not “ö” or “ß”'],
  ['web;rm', 'Only a–z, 0–9, - and _: not “;”'],
  ['a$(b){c}d', 'Only a–z, 0–9, - and _: not “$”, “(”, “)”, “{” or 1 more'],
  ['a\nb', 'Only a–z, 0–9, - and _: not a line break'],
  ['a\u200bb', 'Only a–z, 0–9, - and _: not a character that cannot be seen'],
  ['1web', 'Must start with a letter a–z, not with “1”'],
  ['--help', 'Must start with a letter a–z, not with “-”'],
  ['_web', 'Must start with a letter a–z, not with “_”'],
  ['web-', 'Must not end with -'],
  ['a'.repeat(64), 'At most 63 characters: this has 64'],
]

test.each(refused)('%j is refused for what is wrong with it', (name, words) => {
  expect(wrongName(name)).toBe(words)
  // The edge says the same, once.
  expect(newName.safeParse(name).error?.issues.map(({ message }) => message)).toEqual([words])
})

test.each(['a', 'web-01', 'web_', 'a'.repeat(63)])('%s is a name', (name) => {
  expect(wrongName(name)).toBeNull()
  expect(newName.parse(name)).toBe(name)
})

test('a word of an engine that begins with - is told so, not that - is no mark of it', () => {
  expect(plainWord.safeParse('-d').error?.issues.map(({ message }) => message)).toEqual([
    expect.stringContaining('first a letter, a digit or _'),
  ])
  expect(plainWord.parse('a-d')).toBe('a-d')
})
