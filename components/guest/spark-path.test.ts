import { expect, it } from 'vitest'
import { sparkPath } from './spark-path'

it('draws the newest value at the right edge', () => {
  expect(sparkPath([0, 1], 10, 10, 11)).toBe('M9.0 8.5L10.0 1.5')
})
it('breaks at gaps and shows a lone point', () => {
  expect(sparkPath([0.5, null, 0.5], 10, 10, 11).match(/M/g)).toHaveLength(2)
  expect(sparkPath([1], 10, 10, 11)).toContain('h-1.5')
})
it('does not make an idle guest look busy', () => {
  // 1 % on a scale of at least 10 %: near the floor.
  expect(sparkPath([0.01, 0.01], 10, 10, 11)).toBe('M9.0 7.8L10.0 7.8')
})
it('is empty without values', () => {
  expect(sparkPath([], 10, 10, 11)).toBe('')
})
