import { describe, expect, it, vi } from 'vitest'
import { Batch } from './batch'

function terminal() {
  const writes: { bytes: Uint8Array; done: () => void }[] = []
  const batch = new Batch(
    (bytes, done) => writes.push({ bytes, done }),
    () => null,
  )
  return { writes, batch }
}
const bytes = (size: number, fill = 0) => new Uint8Array(size).fill(fill)

describe('Batch', () => {
  it('writes the first byte at once', () => {
    const { writes, batch } = terminal()
    batch.push(bytes(1), () => {})
    expect(writes).toHaveLength(1)
  })

  it('joins what comes during a write, in order, and tells each when it is drawn', () => {
    const { writes, batch } = terminal()
    const drawn: number[] = []
    batch.push(bytes(1, 1), () => drawn.push(1))
    batch.push(bytes(2, 2), () => drawn.push(2))
    batch.push(bytes(3, 3), () => drawn.push(3))
    expect(writes).toHaveLength(1)
    writes[0]?.done()
    expect([...(writes[1]?.bytes ?? [])]).toEqual([2, 2, 3, 3, 3])
    expect(drawn).toEqual([1])
    writes[1]?.done()
    expect(drawn).toEqual([1, 2, 3])
    expect(writes).toHaveLength(2)
  })

  it('does not let a key wait behind a flood that is over', () => {
    const { writes, batch } = terminal()
    vi.useFakeTimers()
    try {
      batch.push(bytes(200_000), () => {})
      writes[0]?.done()
      vi.advanceTimersByTime(60)
      batch.push(bytes(3), () => {})
      expect(writes).toHaveLength(2)
      writes[1]?.done()
      vi.advanceTimersByTime(300)
      batch.push(bytes(1), () => {})
      writes[2]?.done()
      batch.push(bytes(1), () => {})
      expect(writes).toHaveLength(4)
    } finally {
      vi.useRealTimers()
    }
  })

  it('makes one write of the crumbs of a flood', () => {
    const { writes, batch } = terminal()
    vi.useFakeTimers()
    try {
      batch.push(bytes(100_000), () => {})
      writes[0]?.done()
      for (let i = 0; i < 20; i++) batch.push(bytes(100), () => {})
      expect(writes).toHaveLength(1)
      vi.advanceTimersByTime(60)
      expect(writes.map((write) => write.bytes.length)).toEqual([100_000, 2000])
    } finally {
      vi.useRealTimers()
    }
  })

  it('draws the end of a flood as soon as nothing more comes', () => {
    const { writes, batch } = terminal()
    vi.useFakeTimers()
    try {
      batch.push(bytes(100_000), () => {})
      writes[0]?.done()
      batch.push(bytes(100), () => {})
      vi.advanceTimersByTime(10)
      batch.push(bytes(100), () => {})
      vi.advanceTimersByTime(10)
      expect(writes).toHaveLength(1)
      vi.advanceTimersByTime(10)
      expect(writes).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('waits a little between the pieces of a flood, and then writes all of it', async () => {
    const { writes, batch } = terminal()
    batch.push(bytes(100_000), () => {})
    writes[0]?.done()
    batch.push(bytes(20_000), () => {})
    batch.push(bytes(20_000), () => {})
    expect(writes).toHaveLength(1)
    await expect.poll(() => writes.length).toBe(2)
    expect(writes[1]?.bytes).toHaveLength(40_000)
  })

  it('asks for more under way the faster it draws, within bounds', () => {
    const { writes, batch } = terminal()
    const before = batch.window
    for (let i = 0; i < 20; i++) {
      batch.push(bytes(1_000_000), () => {})
      writes.at(-1)?.done()
    }
    expect(batch.window).toBeGreaterThan(before)
    expect(batch.window).toBeLessThanOrEqual(2 * 1024 * 1024)
  })
})
