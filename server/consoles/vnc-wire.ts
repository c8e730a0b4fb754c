/** What the screens need of RFB (RFC 6143 and the community's rfbproto.rst), as numbers. */
export const encoding = {
  raw: 0,
  copyRect: 1,
  zlib: 6,
  desktopSize: -223,
  cursor: -239,
  extendedKey: -258,
  extendedDesktopSize: -308,
} as const
/** Pseudo-encodings that carry a level 0 to 9: how much a picture may lose, how much it is compressed. */
export const qualityLevel0 = -32
export const compressLevel0 = -256

export type Rect = { x: number; y: number; width: number; height: number }

/** Largest screen that is taken: its picture is held in memory, 4 bytes a pixel. 16 Mi pixels are 64 MiB. */
export const largestSide = 8192
export const largestArea = 16 * 1024 * 1024

export const fits = (width: number, height: number): boolean =>
  width > 0 && height > 0 && width <= largestSide && height <= largestSide && width * height <= largestArea

/** 32 bits a pixel, 8 for each colour, red first in memory: what noVNC asks for and what is kept. */
export const ownFormat = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0])

/** Where in a pixel, read as a little-endian number, each colour begins; or null for a format that is no such one. */
export type Shifts = { red: number; green: number; blue: number }
export function shiftsOf(format: Buffer): Shifts | null {
  const [bits, , bigEndian, trueColour] = format
  if (bits !== 32 || !trueColour) return null
  for (const at of [4, 6, 8]) if (format.readUInt16BE(at) !== 255) return null
  const place = (at: number) => (bigEndian ? 24 - format.readUInt8(at) : format.readUInt8(at))
  const shifts = { red: place(10), green: place(11), blue: place(12) }
  return Object.values(shifts).every((shift) => shift >= 0 && shift <= 24 && shift % 8 === 0) ? shifts : null
}

export function rectHeader({ x, y, width, height }: Rect, kind: number, body = 0): Buffer {
  const bytes = Buffer.alloc(12 + body)
  for (const [at, value] of [x, y, width, height].entries()) bytes.writeUInt16BE(value, at * 2)
  bytes.writeInt32BE(kind, 8)
  return bytes
}

export function updateRequest(incremental: boolean, width: number, height: number): Buffer {
  const bytes = Buffer.of(3, incremental ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0)
  bytes.writeUInt16BE(width, 6)
  bytes.writeUInt16BE(height, 8)
  return bytes
}

export function encodings(list: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + list.length * 4)
  bytes.writeUInt8(2)
  bytes.writeUInt16BE(list.length, 2)
  for (const [at, each] of list.entries()) bytes.writeInt32BE(each, 4 + at * 4)
  return bytes
}

export function keyEvent(down: boolean, keysym: number): Buffer {
  const bytes = Buffer.of(4, down ? 1 : 0, 0, 0, 0, 0, 0, 0)
  bytes.writeUInt32BE(keysym, 4)
  return bytes
}

/** `code`: an XT scan code; those with E0 before them have the high bit set. */
export function extendedKeyEvent(down: boolean, keysym: number, code: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt8(255)
  bytes.writeUInt16BE(down ? 1 : 0, 2)
  bytes.writeUInt32BE(keysym, 4)
  bytes.writeUInt32BE(code, 8)
  return bytes
}

export function pointerEvent(buttons: number, x: number, y: number): Buffer {
  const bytes = Buffer.of(5, buttons, 0, 0, 0, 0)
  bytes.writeUInt16BE(x, 2)
  bytes.writeUInt16BE(y, 4)
  return bytes
}

/** Text on a clipboard; the same message both ways but for its number. */
export function cutText(kind: 3 | 6, text: Uint8Array): Buffer {
  const head = Buffer.of(kind, 0, 0, 0, 0, 0, 0, 0)
  head.writeUInt32BE(text.length, 4)
  return Buffer.concat([head, text])
}
