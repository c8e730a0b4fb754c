import type { Rect } from './vnc-wire'

/** Side of the squares in which changes are noted, in pixels. */
const side = 32
/** More rectangles than this are joined row by row: each costs a header and a flush of its own. */
const mostRects = 96

/** What of a screen changed since a viewer was last sent it. Takes a bit of memory for each square, however much changes. */
export class Dirty {
  #columns = 0
  #rows = 0
  #tiles = new Uint8Array(0)
  #width = 0
  #height = 0
  empty = true

  /** Another size: all of it is to be sent. */
  resize(width: number, height: number): void {
    this.#width = width
    this.#height = height
    this.#columns = Math.ceil(width / side)
    this.#rows = Math.ceil(height / side)
    this.#tiles = new Uint8Array(this.#columns * this.#rows)
    this.mark({ x: 0, y: 0, width, height })
  }

  mark({ x, y, width, height }: Rect): void {
    const right = Math.min(x + width, this.#width)
    const bottom = Math.min(y + height, this.#height)
    if (right <= x || bottom <= y) return
    const [from, to] = [Math.floor(x / side), Math.ceil(right / side)]
    for (let row = Math.floor(y / side); row < Math.ceil(bottom / side); row++)
      this.#tiles.fill(1, row * this.#columns + from, row * this.#columns + to)
    this.empty = false
  }

  /** What changed, as rectangles inside the screen that do not overlap; afterwards nothing has. */
  take(): Rect[] {
    const found = this.#spans(false)
    const spans = found.length > mostRects ? this.#spans(true) : found
    this.#tiles.fill(0)
    this.empty = true
    return spans.map(({ from, to, top, bottom }) => {
      const [x, y] = [from * side, top * side]
      return { x, y, width: Math.min(to * side, this.#width) - x, height: Math.min(bottom * side, this.#height) - y }
    })
  }

  /** Runs of marked squares; equal runs below one another are one. `whole`: one run for each row, from its first to its last. */
  #spans(whole: boolean) {
    const spans: { from: number; to: number; top: number; bottom: number }[] = []
    for (let row = 0; row < this.#rows; row++) {
      for (const { from, to } of this.#runs(row, whole)) {
        const above = spans.find((span) => span.bottom === row && span.from === from && span.to === to)
        if (above) above.bottom = row + 1
        else spans.push({ from, to, top: row, bottom: row + 1 })
      }
    }
    return spans
  }

  #runs(row: number, whole: boolean): { from: number; to: number }[] {
    const line = this.#tiles.subarray(row * this.#columns, (row + 1) * this.#columns)
    const runs: { from: number; to: number }[] = []
    for (let at = line.indexOf(1); at !== -1; ) {
      const end = whole ? line.lastIndexOf(1) + 1 : line.indexOf(0, at)
      runs.push({ from: at, to: end === -1 ? line.length : end })
      at = end === -1 ? -1 : line.indexOf(1, end)
    }
    return runs
  }
}

/** Cuts a rectangle into bands of at most `area` pixels, so that nobody has to hold much of it at once. */
export function bands(rect: Rect, area: number): Rect[] {
  const rows = Math.max(1, Math.floor(area / rect.width))
  const cut: Rect[] = []
  for (let top = 0; top < rect.height; top += rows) cut.push({ ...rect, y: rect.y + top, height: Math.min(rows, rect.height - top) })
  return cut
}
