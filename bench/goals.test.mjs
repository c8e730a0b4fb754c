import { expect, test } from 'vitest'
import { goals, groups, isMet } from './goals.mjs'

test('a bound is met when it is reached, by every value', () => {
  expect(isMet({ goal: [4.5, 6.6] }, [4.5, 6.6])).toBe(true)
  expect(isMet({ goal: [4.5, 6.6] }, [1, 6.7])).toBe(false)
  expect(isMet({ goal: [15], better: 'more' }, [14.9])).toBe(false)
  expect(isMet({ goal: [15], better: 'more' }, [15])).toBe(true)
})

test('what was not measured is not met', () => {
  expect(isMet({ goal: [1] }, [Number.NaN])).toBe(false)
  expect(isMet({ goal: [1], better: 'more' }, [])).toBe(false)
})

test('keys are told apart', () => {
  expect(new Set(goals.map(({ key }) => key)).size).toBe(goals.length)
})

test('every figure is measured, once', () => {
  for (const { key, group } of goals) expect(groups, key).toContain(group)
  expect(new Set(groups).size).toBe(groups.length)
})
