import { describe, expect, it } from 'vitest'
import { day, tooMuch } from './keep'

const now = 1000 * day
const one = (id: string, daysAgo: number, sizeBytes: number) => ({
  id,
  startedAt: now - daysAgo * day - 1000,
  endedAt: now - daysAgo * day,
  sizeBytes,
})

describe('what is too much', () => {
  const all = [one('a', 120, 10), one('b', 50, 40), one('c', 10, 30), one('d', 1, 20)]

  it('is what is too old', () => {
    expect(tooMuch(all, 0, { days: 90, bytes: 1000 }, now)).toEqual(['a'])
    expect(tooMuch(all, 0, { days: 121, bytes: 1000 }, now)).toEqual([])
  })
  it('and then the oldest, until the rest fits', () => {
    expect(tooMuch(all, 0, { days: 365, bytes: 60 }, now)).toEqual(['a', 'b'])
    expect(tooMuch(all, 0, { days: 365, bytes: 100 }, now)).toEqual([])
    expect(tooMuch(all, 0, { days: 365, bytes: 99 }, now)).toEqual(['a'])
  })
  it('with the room that those take which go on', () => {
    expect(tooMuch(all, 50, { days: 365, bytes: 100 }, now)).toEqual(['a', 'b'])
    expect(tooMuch(all, 500, { days: 365, bytes: 100 }, now)).toEqual(['a', 'b', 'c', 'd'])
  })
  it('by its end, not its beginning', () => {
    const long = { id: 'long', startedAt: now - 200 * day, endedAt: now - day, sizeBytes: 1 }
    expect(tooMuch([long], 0, { days: 90, bytes: 1000 }, now)).toEqual([])
  })
})
