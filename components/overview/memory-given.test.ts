import { expect, it } from 'vitest'
import { aGuest } from '@/server/model/fixture-guest'
import { memoryGiven } from './memory-given'

it('counts what guests hold that have a limit, and how many have none', () => {
  const guests = [
    aGuest('a', { memoryBytes: 100 }),
    aGuest('b', { memoryBytes: 10, state: 'paused' }),
    aGuest('c', { memoryBytes: 1, state: 'stopped' }),
    aGuest('jail', { memoryBytes: 1000, memoryUnlimited: true }),
    aGuest('off', { memoryBytes: 1000, memoryUnlimited: true, state: 'stopped' }),
  ]
  expect(memoryGiven(guests)).toEqual({ given: 110, unlimited: 1 })
})
