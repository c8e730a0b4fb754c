import type { Layout, Stroke } from './layouts/layout'
import { type KeyOptions, planKeys, type Typed } from './layouts/strokes'

/** What Enter is at the end of a line: what the key sends, or what programs that read raw bytes may want. */
export const lineEnds = { cr: '\r', lf: '\n', crlf: '\r\n' } as const
export type LineEnd = keyof typeof lineEnds

/** Where typed text goes. `text`: bytes of a terminal; `hidden`: nobody may see it. `keys`: keys of a board, through a layout. */
export type TypePort =
  | { kind: 'text'; send(text: string, signal: AbortSignal, hidden?: boolean): Promise<void> | void }
  | { kind: 'keys'; send(strokes: Stroke[], signal: AbortSignal): Promise<void> | void }

/** One character on its way: `line`: it ends a line, and the guest may need a moment. */
export type Piece = { text: string; strokes: Stroke[]; line: boolean }
export type TypePlan = { pieces: Piece[]; missing: string[] }

const isControl = (character: string): boolean => /(?![\t\n])\p{Cc}/u.test(character)

const piece = ({ text, strokes }: Typed): Piece => ({ text, strokes, line: text === '\n' })

/** Text for a terminal, character by character. Control characters are never typed: they are keys, or worse. */
export function planText(text: string, lineEnd: LineEnd): TypePlan {
  const characters = [...text.replace(/\r\n?/g, '\n')]
  const missing = [...new Set(characters.filter(isControl))]
  const pieces = characters
    .filter((character) => !isControl(character))
    .map((character) => ({ text: character === '\n' ? lineEnds[lineEnd] : character, strokes: [], line: character === '\n' }))
  return { pieces, missing }
}

/** Text for a screen, as keys of this layout. */
export function planLayout(text: string, layout: Layout, options: KeyOptions): TypePlan {
  const { typed, missing } = planKeys(text, layout, options)
  return { pieces: typed.map(piece), missing }
}

type Options = {
  /** Characters per second. */
  rate: number
  signal: AbortSignal
  /** The text is one that nobody may see. */
  hidden?: boolean
  onProgress(done: number): void
}

/** Most at once: what a port's first-in-first-out buffer holds. */
const burst = 16
/** The shortest wait of a browser's clock, ms. */
const tick = 8

/**
 * Types the pieces at the rate, in order; after the end of a line it waits until the port is done with it.
 * Rejects when cancelled or when the port refuses; what was typed stays typed.
 */
export async function typeOut(pieces: Piece[], port: TypePort, { rate, signal, hidden, onProgress }: Options): Promise<void> {
  let at = 0
  let credit = 1
  let last = performance.now()
  while (at < pieces.length) {
    signal.throwIfAborted()
    if (credit < 1) {
      await pause(Math.max(tick, 1000 / rate), signal)
      const now = performance.now()
      credit = Math.min(burst, credit + ((now - last) * rate) / 1000)
      last = now
      continue
    }
    const some = nextPieces(pieces, at, Math.floor(credit))
    try {
      if (port.kind === 'text') await port.send(some.map(({ text }) => text).join(''), signal, hidden)
      else for (const { strokes } of some) await port.send(strokes, signal)
    } catch (error) {
      // Cancelled while the guest was waited for: these were typed already.
      if (port.kind === 'text' && signal.aborted) onProgress(at + some.length)
      throw error
    }
    at += some.length
    credit -= some.length
    onProgress(at)
  }
}

/** Up to `most` pieces, the end of a line being the last. */
function nextPieces(pieces: Piece[], from: number, most: number): Piece[] {
  const some = pieces.slice(from, from + most)
  const end = some.findIndex(({ line }) => line)
  return end < 0 ? some : some.slice(0, end + 1)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
