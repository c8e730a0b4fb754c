import type { Rect, Shifts } from './vnc-wire'

/** The picture of a screen in memory: 4 bytes a pixel, red first. Who gives it rectangles has made sure that they lie inside. */
export class Frame {
  width = 0
  height = 0
  /** Counts changes: the same number means the same picture. */
  version = 0
  #pixels = new Uint32Array(0)

  /** Makes it another size; all of it is black then. */
  resize(width: number, height: number): void {
    this.width = width
    this.height = height
    this.#pixels = new Uint32Array(width * height)
    this.version++
  }

  contains({ x, y, width, height }: Rect): boolean {
    return x + width <= this.width && y + height <= this.height
  }

  pixel(x: number, y: number): number {
    return this.#pixels[y * this.width + x] ?? 0
  }

  /** Takes pixels as a server sent them, row by row. */
  put({ x, y, width, height }: Rect, bytes: Buffer, shifts: Shifts): void {
    const { red, green, blue } = shifts
    const kept = red === 0 && green === 8 && blue === 16
    for (let row = 0; row < height; row++) {
      const start = bytes.byteOffset + row * width * 4
      // A view needs an address that is a multiple of four; where it is none, the row is copied.
      const line =
        start % 4 === 0 ? new Uint32Array(bytes.buffer, start, width) : new Uint32Array(bytes.buffer.slice(start, start + width * 4))
      const to = (y + row) * this.width + x
      if (kept) this.#pixels.set(line, to)
      else if (red === 16 && green === 8 && blue === 0) swapped(line, this.#pixels, to)
      else for (let at = 0; at < width; at++) this.#pixels[to + at] = arranged(line[at] ?? 0, shifts)
    }
    this.version++
  }

  copy({ x, y, width, height }: Rect, fromX: number, fromY: number): void {
    const rows = [...Array(height).keys()]
    // Downwards the last row goes first, or it would copy what it just wrote.
    for (const row of fromY < y ? rows.reverse() : rows) {
      const from = (fromY + row) * this.width + fromX
      this.#pixels.copyWithin((y + row) * this.width + x, from, from + width)
    }
    this.version++
  }

  /** A copy of a part as bytes, each pixel cut by `mask`. What lies outside is black: the screen may have become smaller meanwhile. */
  read({ x, y, width, height }: Rect, mask = 0xffffff): Buffer {
    const out = new Uint32Array(width * height)
    const columns = Math.min(width, this.width - x)
    for (let row = 0; row < height && y + row < this.height && columns > 0; row++) {
      const from = (y + row) * this.width + x
      out.set(this.#pixels.subarray(from, from + columns), row * width)
    }
    if (mask !== 0xffffff) for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) & mask
    return Buffer.from(out.buffer)
  }
}

/** Blue first becomes red first: what QEMU and bhyve send. */
function swapped(line: Uint32Array, pixels: Uint32Array, to: number): void {
  for (let at = 0; at < line.length; at++) {
    const value = line[at] ?? 0
    pixels[to + at] = ((value >>> 16) & 0xff) | (value & 0xff00) | ((value & 0xff) << 16)
  }
}

/** One pixel of any byte order as it is kept here. */
export const arranged = (value: number, { red, green, blue }: Shifts): number =>
  ((value >>> red) & 0xff) | (((value >>> green) & 0xff) << 8) | (((value >>> blue) & 0xff) << 16)
