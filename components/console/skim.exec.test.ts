import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { bundled, openChromium } from './fixtures/glass-page'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await openChromium()
  page = await browser.newPage()
  const { script, style } = await bundled('skim-entry.ts')
  await page.addStyleTag({ content: style })
  await page.addScriptTag({ content: script, type: 'module' })
  await page.waitForFunction(() => 'pour' in window)
})
afterAll(() => browser.close())

const scrollback = 60
const pour = (pieces: string[], hurry = 1) =>
  page.evaluate(([stream, lines, each]) => window.pour(stream, lines, each), [pieces, scrollback, hurry] as const)
const size = (pieces: string[]) => pieces.join('').length
/** Text as it goes over a line, a character for each byte. */
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

/** The same numbers from 0 up to 1 for a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What leaves a terminal in another state: colours, margins, insert, no wrap, the other screen, a title without its end. */
const turns = [
  ...['\x1b[31m', '\x1b[m', '\x1b[3;6r', '\x1b[r', '\x1b[4h', '\x1b[4l', '\x1b[?7l', '\x1b[?7h', '\x1b[?1049h', '\x1b[?1049l'],
  ...['\x1b]0;a title', '\x07', '\x1bPq', '\x1b\\', '\x1b[5;7H', '\x1b[9A', '\x1b[K', '\x1b[2J', '\x1b', '[', '\u009b1m', '\x1bc', '\b\b'],
]

/** A stream of floods of up to `most` lines with turns between them, cut anywhere, and often after a turn. */
function stream(seed: number, most: number): string[] {
  const next = random(seed)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T
  const pieces: string[] = []
  let piece = ''
  const add = (text: string, cut: number) => {
    piece += bytes(text)
    if (next() >= cut) return
    const at = piece.length - Math.floor(next() * 3)
    if (at <= 0) return
    pieces.push(piece.slice(0, at))
    piece = piece.slice(at)
  }
  for (let part = 0; part < 12; part++) {
    const end = next() < 0.8 ? '\r\n' : pick(['\n', '\r', '\n\r'])
    const count = Math.floor(next() * most)
    for (let i = 0; i < count; i++) add(`${pick(['', 'x', `line ${i}`, 'ü→☃', 'w'.repeat(95), 'a\tb'])}${end}`, 0.003)
    for (let i = 0; i < 2; i++) add(next() < 0.9 ? pick(turns) : '', 0.8)
  }
  return piece ? [...pieces, piece] : pieces
}

it('shows to the last cell what a terminal shows that drew every byte', async () => {
  let spared = 0
  for (let seed = 1; seed <= 40; seed++) {
    const pieces = stream(seed, 300)
    const { plain, ours, drawn } = await pour(pieces)
    expect(ours, `seed ${seed}`).toBe(plain)
    spared += size(pieces) - drawn
  }
  // Else nothing was shown here.
  expect(spared).toBeGreaterThan(100_000)
})

it('also when it comes faster than it is drawn', async () => {
  let spared = 0
  for (let seed = 101; seed <= 118; seed++) {
    const pieces = stream(seed, 3000)
    const { plain, ours, drawn } = await pour(pieces, 4 ** (seed % 5))
    expect(ours, `seed ${seed}`).toBe(plain)
    spared += size(pieces) - drawn
  }
  expect(spared).toBeGreaterThan(1_000_000)
})

it('draws a small part of a flood of plain lines, and every byte of one in colours', async () => {
  const flood = Array.from({ length: 400 }, (_, i) => `line ${i}\r\n`.repeat(500))
  const seen = await pour(flood, flood.length)
  expect(seen.ours).toBe(seen.plain)
  expect(seen.drawn).toBeLessThan(size(flood) / 10)
  const colours = flood.slice(0, 40).map((text) => text.replaceAll('line', '\x1b[32mline\x1b[m'))
  const coloured = await pour(colours)
  expect(coloured.ours).toBe(coloured.plain)
  expect(coloured.drawn).toBe(size(colours))
})
