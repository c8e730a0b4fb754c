import { expect, it } from 'vitest'
import { unknownUntil } from './unknown-past'

const at = { now: 10_000, spanMs: 4000 }

it('says since when figures are known, for a guest that ran before the server did', () => {
  expect(unknownUntil(8000, { state: 'running', startedAt: 100 }, at)).toBe(8000)
  expect(unknownUntil(8000, { state: 'running' }, at)).toBe(8000)
})
it('says nothing where no figures are missing', () => {
  expect(unknownUntil(undefined, { state: 'running', startedAt: 100 }, at)).toBeNull()
  expect(unknownUntil(5000, { state: 'running', startedAt: 100 }, at)).toBeNull()
  expect(unknownUntil(8000, { state: 'running', startedAt: 8500 }, at)).toBeNull()
  expect(unknownUntil(8000, { state: 'stopped' }, at)).toBeNull()
})
