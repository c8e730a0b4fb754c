import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { encodeText, remoteWord } from './remote-word'

const call = promisify(execFile)
const nasty = [
  '',
  ' ',
  "'",
  '"',
  '$HOME',
  '`id`',
  '!x',
  '!!',
  '\\',
  '\\\\n',
  'a\nb\n\n',
  '~',
  '*',
  '-n',
  '--',
  'ä€😀',
  '^a^b',
  '{a,b}',
  '%s',
  '_101',
  '\t',
  ';#&|<>()[]?=@',
]
const every = Array.from({ length: 126 }, (_, i) => String.fromCharCode(i + 1)).join('')

describe.each(['/bin/tcsh', '/bin/sh', '/bin/bash'])('a command for the login shell %s', (shell) => {
  it.each([[nasty], [[every]], [[every.repeat(60)]], [[]]])('brings its arguments through: %#', async (values) => {
    const { stdout } = await call(shell, ['-c', remoteWord('printf "%s\\0" "$#" "$@"', values)])
    expect(stdout.split('\0').slice(0, -1)).toEqual([String(values.length), ...values])
  })
  it('also where backslashes count inside quotes', async () => {
    if (shell !== '/bin/tcsh') return
    const { stdout } = await call(shell, ['-c', `set backslash_quote; ${remoteWord('printf "%s\\0" "$@"', nasty)}`])
    expect(stdout.split('\0').slice(0, -1)).toEqual(nasty)
  })
})

it('leaves nothing that a shell could take for its own', () => {
  expect(encodeText(every)).toMatch(/^[A-Za-z0-9.,:/_-]+$/)
  expect(encodeText('')).toBe('')
})
