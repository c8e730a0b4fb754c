import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Stitch, withoutDoubles } from './stitch'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function stitch(settleMs = 0) {
  let text = ''
  const made = new Stitch(
    (bytes) => {
      text += Buffer.from(bytes).toString()
    },
    () => {},
    settleMs,
  )
  const log = (more: string) => made.fromLog(Buffer.from(more))
  const live = (more: string) => made.fromTerminal(Buffer.from(more))
  return { made, log, live, text: () => text }
}
const all = Array.from({ length: 4000 }, (_, i) => `line ${i}\r\n`).join('')

describe('the log and the live stream as one', () => {
  it('has every byte once, wherever the terminal attaches and whichever comes first', () => {
    let random = 7
    const below = (n: number) => {
      random = (random * 48271) % 2147483647
      return random % n
    }
    for (let round = 0; round < 60; round++) {
      const { made, log, live, text } = stitch()
      const attached = below(all.length / 2)
      let logAt = Math.max(0, attached - below(3000))
      let liveAt = attached
      log(all.slice(0, logAt))
      while (liveAt < all.length || (!made.live && logAt < all.length)) {
        const piece = 1 + below(700)
        if (below(2)) {
          log(all.slice(logAt, logAt + piece))
          logAt += piece
        } else {
          live(all.slice(liveAt, liveAt + piece))
          liveAt += piece
        }
      }
      expect(made.live).toBe(true)
      expect(text() === all).toBe(true)
    }
  })

  it('leaves out what the log doubles once the terminal is live', () => {
    const { log, live, text } = stitch()
    log(all.slice(0, 5000))
    live(all.slice(4000, 5000))
    log('xx')
    live(all.slice(5000))
    expect(text()).toBe(all)
  })

  it('does not swallow what follows when the terminal dropped bytes at first', () => {
    const { made, log, live, text } = stitch()
    live(all.slice(1000, 1200))
    log(all.slice(0, 5000))
    live(all.slice(4000, 4500))
    log(all.slice(5000, 9000))
    live(all.slice(4500, 9100))
    live(all.slice(9100))
    log(all.slice(9000))
    vi.advanceTimersByTime(1000)
    expect(made.live).toBe(true)
    expect(text() === all).toBe(true)
    live('# ')
    expect(text().endsWith('# ')).toBe(true)
  })

  it('does not trust the terminal in its first moments', () => {
    const { made, log, live, text } = stitch(2000)
    log(all.slice(0, 5000))
    live(all.slice(4000, 5000))
    expect(made.live).toBe(false)
    vi.advanceTimersByTime(2100)
    log(all.slice(5000, 6000))
    live(all.slice(5000, 6000))
    expect(made.live).toBe(true)
    live(all.slice(6000))
    expect(text() === all).toBe(true)
  })

  it('shows no byte twice that the log has twice while the terminal was full', () => {
    let random = 11
    const below = (n: number) => {
      random = (random * 48271) % 2147483647
      return random % n
    }
    for (let round = 0; round < 40; round++) {
      const { made, log, live, text } = stitch(2000)
      const attached = below(all.length / 4)
      log(all.slice(0, attached))
      made.attached()
      let logged = attached
      let told = attached
      let at = 0
      while (told < all.length) {
        const piece = all.slice(logged, logged + 1 + below(3000))
        logged += piece.length
        // Within the first second QEMU does not know that somebody listens: nothing is doubled, and what does not fit is dropped.
        const full = at > 1000 && below(3) === 0 ? below(piece.length) : 0
        log(piece.slice(0, full + (full ? 1 : 0)))
        log(piece.slice(full))
        const dropped = at < 900 && below(4) === 0
        if (!dropped && below(3) > 0) {
          live(all.slice(told, logged))
          told = logged
        } else if (dropped) told = logged
        if (logged === all.length) {
          live(all.slice(told))
          told = logged
        }
        at += 40
        vi.advanceTimersByTime(40)
      }
      vi.advanceTimersByTime(1000)
      expect(text() === all).toBe(true)
    }
  })

  it('leaves out doubles and nothing else', () => {
    const cleaned = (log: string, told: string) => withoutDoubles(Buffer.from(log), Buffer.from(told)).toString()
    expect(cleaned('booting aa login', 'booting aa login')).toBe('booting aa login')
    expect(cleaned('booting aaa loginn', 'booting aa login')).toBe('booting aa login')
    expect(cleaned('all of it is told, yy 1123', 'all of it is told, yy 123')).toBe('all of it is told, yy 123')
    expect(cleaned('dropped in the live one, and after: 1123', 'x one, and after: 123')).toBe('dropped in the live one, and after: 123')
    expect(cleaned('booting 100 of all', 'boot0 of all')).toBe('booting 100 of all')
    expect(cleaned('abcc', '')).toBe('abcc')
  })

  it('shows what came fast once it is silent, also when the terminal tells something else', () => {
    const { made, log, live, text } = stitch()
    made.attached()
    log('boot'.repeat(3000))
    live('error: Active console session exists for this domain\r\n')
    expect(text()).toBe('')
    vi.advanceTimersByTime(2000)
    expect(text()).toBe('boot'.repeat(3000))
  })

  it('is in no hurry where the same stands everywhere', () => {
    const { made, log, live, text } = stitch()
    log('y\r\n'.repeat(500))
    live('y\r\n'.repeat(100))
    expect(made.live).toBe(false)
    vi.advanceTimersByTime(200)
    expect(made.live).toBe(true)
    live('~ # ')
    expect(text()).toBe(`${'y\r\n'.repeat(500)}~ # `)
  })

  it('stays with the log while the terminal shows only words of its program', () => {
    const { made, log, live, text } = stitch()
    log('booting\r\n')
    live('error: Active console session exists for this domain\r\n')
    vi.advanceTimersByTime(1000)
    log('login: ')
    expect(made.live).toBe(false)
    expect(made.error()).toBe('Active console session exists for this domain')
    expect(text()).toBe('booting\r\nlogin: ')
  })
})
