import { expect, test } from 'vitest'
import type { ConsoleView } from './connection'
import { whoTypes } from './who-types'

const view = (change: Partial<ConsoleView>): ConsoleView => ({
  link: 'open',
  reason: '',
  signedOut: false,
  retryAt: null,
  me: 'a',
  writer: null,
  viewers: [
    { id: 'a', name: 'ada', mode: 'type' },
    { id: 'b', name: 'ada', mode: 'type' },
    { id: 'c', name: 'bob', mode: 'type' },
  ],
  mode: 'type',
  asking: null,
  offered: null,
  seat: null,
  recording: { on: false, input: false },
  session: { state: 'attached', text: '' },
  cols: 80,
  rows: 24,
  error: '',
  ...change,
})

test('oneself in another window is not somebody else', () => {
  expect(whoTypes(view({ writer: 'a' }))).toBe('You are typing · 3 watching')
  expect(whoTypes(view({ writer: 'b' }))).toBe('You, in another window · 3 watching')
  expect(whoTypes(view({ writer: 'c' }))).toBe('bob is typing · 3 watching')
  expect(whoTypes(view({ writer: null }))).toBe('Nobody is typing · 3 watching')
})

test('without a console there is nobody to name', () => {
  expect(whoTypes(view({ link: 'lost', writer: 'c' }))).toMatch(/lost/)
  expect(whoTypes(view({ session: { state: 'ended', text: '' }, writer: 'c' }))).toBe('Ended')
  expect(whoTypes(view({ writer: 'a', viewers: [{ id: 'a', name: 'ada', mode: 'type' }] }))).toBe('You are typing')
})
