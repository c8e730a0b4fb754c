import { describe, expect, it } from 'vitest'
import { mustHold } from './flow'

const limits = { stallMs: 2000 }
const window = 1000
const now = 100_000
const drawing = (lag: number) => ({ acked: 10_000 - lag, progressAt: now - 10, window })
const stalled = (lag: number) => ({ acked: 10_000 - lag, progressAt: now - 3000, window })
const hold = (viewers: { acked: number; progressAt: number; window: number }[], held = false) =>
  mustHold(viewers, 10_000, now, held, limits)

describe('mustHold', () => {
  it.each([
    ['nobody watches', [], false],
    ['the only viewer keeps up', [drawing(500)], false],
    ['the only viewer is a window behind', [drawing(1000)], true],
    ['one is slow and another keeps up', [drawing(9000), drawing(10)], false],
    ['all are behind', [drawing(1000), drawing(4000)], true],
    ['the only viewer stopped drawing', [stalled(5000)], false],
    ['one stopped drawing, the other is behind but draws', [stalled(5000), drawing(1000)], true],
  ])('%s', (_, viewers, expected) => {
    expect(hold(viewers)).toBe(expected)
  })

  it('lets go only when half of the window is free, so that it does not flutter', () => {
    expect(hold([drawing(700)], true)).toBe(true)
    expect(hold([drawing(499)], true)).toBe(false)
  })
})
