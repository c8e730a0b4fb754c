import { describe, expect, it } from 'vitest'
import { Ring } from './ring'

const text = (ring: Ring, from: number, max = 1000) => ring.read(from, max).toString()

describe('Ring', () => {
  it('counts bytes from 0 and keeps the newest', () => {
    const ring = new Ring(8)
    ring.append(Buffer.from('abcdef'))
    expect([ring.start, ring.end]).toEqual([0, 6])
    ring.append(Buffer.from('ghij'))
    expect([ring.start, ring.end]).toEqual([2, 10])
    expect(text(ring, 2)).toBe('cdefghij')
    expect(text(ring, 7)).toBe('hij')
    expect(text(ring, 10)).toBe('')
  })

  it('keeps the end of a piece larger than itself', () => {
    const ring = new Ring(4)
    ring.append(Buffer.from('0123456789'))
    ring.append(Buffer.from('a'))
    expect([ring.start, ring.end]).toEqual([7, 11])
    expect(text(ring, 7)).toBe('789a')
  })

  it('refuses what is gone and what has not come', () => {
    const ring = new Ring(4)
    ring.append(Buffer.from('012345'))
    expect(() => ring.read(1, 1)).toThrow(RangeError)
    expect(() => ring.read(7, 1)).toThrow(RangeError)
  })

  it('gives copies: what was read does not change when the ring goes round', () => {
    const ring = new Ring(4)
    ring.append(Buffer.from('abcd'))
    const kept = ring.read(0, 4)
    ring.append(Buffer.from('wxyz'))
    expect(kept.toString()).toBe('abcd')
  })

  it('agrees with a plain string for any pieces and any reads', () => {
    const ring = new Ring(64)
    let all = ''
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    for (let i = 0; i < 2000; i++) {
      const piece = String.fromCharCode(97 + random(26)).repeat(random(90))
      ring.append(Buffer.from(piece))
      all += piece
      expect(ring.end).toBe(all.length)
      const from = ring.start + random(ring.end - ring.start + 1)
      const max = random(80)
      expect(text(ring, from, max)).toBe(all.slice(from, from + max))
    }
  })

  it('finds where a line begins', () => {
    const ring = new Ring(64)
    ring.append(Buffer.from('one\r\ntwo\r\nthree'))
    expect(ring.lineStart(0)).toBe(0)
    expect(ring.lineStart(1)).toBe(5)
    expect(ring.lineStart(5)).toBe(10)
    expect(ring.lineStart(11)).toBe(11)
  })

  it('finds where the last lines begin, the one under way included', () => {
    const ring = new Ring(64)
    ring.append(Buffer.from('one\r\ntwo\r\nthree'))
    expect([1, 2, 3, 9].map((count) => ring.lastLines(0, count))).toEqual([10, 5, 0, 0])
    expect([2, 3].map((count) => ring.lastLines(4, count))).toEqual([5, 4])
    expect(ring.lastLines(10, 3)).toBe(10)
    ring.append(Buffer.from('\r\n'))
    expect(ring.lastLines(0, 1)).toBe(ring.end)
    expect(ring.lastLines(ring.end, 1)).toBe(ring.end)
  })
})
