import { largestArea, type Rect, type Shifts, shiftsOf } from './vnc-wire'

/** What a page sends, as far as it matters here. */
export type ScreenClientMessage =
  | { t: 'format'; shifts: Shifts | null }
  | { t: 'encodings'; list: number[] }
  | { t: 'request'; incremental: boolean; rect: Rect }
  | { t: 'key'; down: boolean; keysym: number }
  | { t: 'code'; down: boolean; keysym: number; code: number }
  | { t: 'pointer'; buttons: number; x: number; y: number }
  | { t: 'cut'; text: Buffer }
  | { t: 'resize'; bytes: Buffer }
  /** Understood, and nothing to be done about it. */
  | { t: 'nothing' }

type Read = { message: ScreenClientMessage; size: number }
/** Longest text for a clipboard, bytes. */
export const longestCut = 256 * 1024
const mostEncodings = 512
const mostMonitors = 16

const whole = (bytes: Buffer, size: number, make: () => ScreenClientMessage): Read | null =>
  bytes.length < size ? null : { message: make(), size }
const nothing = () => ({ t: 'nothing' }) as const

function rectAt(bytes: Buffer, at: number): Rect {
  const [x = 0, y = 0, width = 0, height = 0] = [0, 2, 4, 6].map((more) => bytes.readUInt16BE(at + more))
  return { x, y, width, height }
}

function readEncodings(bytes: Buffer): Read | null {
  if (bytes.length < 4) return null
  const count = bytes.readUInt16BE(2)
  if (count > mostEncodings) throw new Error('This page names too many encodings')
  return whole(bytes, 4 + count * 4, () => ({
    t: 'encodings',
    list: Array.from({ length: count }, (_, at) => bytes.readInt32BE(4 + at * 4)),
  }))
}

function readCut(bytes: Buffer): Read | null {
  if (bytes.length < 8) return null
  // Negative: an extended clipboard message. It is not offered, for QEMU has hung on it.
  const length = bytes.readInt32BE(4)
  if (Math.abs(length) > longestCut) throw new Error('The text is longer than the clipboard of a screen takes')
  return whole(bytes, 8 + Math.abs(length), () => (length < 0 ? nothing() : { t: 'cut', text: Buffer.from(bytes.subarray(8, 8 + length)) }))
}

function readResize(bytes: Buffer): Read | null {
  if (bytes.length < 8) return null
  const monitors = bytes.readUInt8(6)
  if (monitors > mostMonitors) throw new Error('This page asks for too many monitors')
  const size = 8 + monitors * 16
  return whole(bytes, size, () => {
    const fine = monitors > 0 && bytes.readUInt16BE(2) * bytes.readUInt16BE(4) <= largestArea
    return fine ? { t: 'resize', bytes: Buffer.from(bytes.subarray(0, size)) } : nothing()
  })
}

/** The first message in `bytes` and how long it is, or null while it is not whole. Throws in words at what is no message. */
export function readMessage(bytes: Buffer): Read | null {
  switch (bytes[0]) {
    case undefined:
      return null
    case 0:
      return whole(bytes, 20, () => ({ t: 'format', shifts: shiftsOf(bytes.subarray(4, 20)) }))
    case 2:
      return readEncodings(bytes)
    case 3:
      return whole(bytes, 10, () => ({ t: 'request', incremental: bytes[1] !== 0, rect: rectAt(bytes, 2) }))
    case 4:
      return whole(bytes, 8, () => ({ t: 'key', down: bytes[1] !== 0, keysym: bytes.readUInt32BE(4) }))
    case 5:
      return whole(bytes, 6, () => ({ t: 'pointer', buttons: bytes.readUInt8(1), x: bytes.readUInt16BE(2), y: bytes.readUInt16BE(4) }))
    case 6:
      return readCut(bytes)
    case 150:
      return whole(bytes, 10, nothing)
    case 248:
      return bytes.length < 9 ? null : whole(bytes, 9 + bytes.readUInt8(8), nothing)
    case 250:
      return whole(bytes, 4, nothing)
    case 251:
      return readResize(bytes)
    case 255:
      if (bytes.length > 1 && bytes[1] !== 0) break
      return whole(bytes, 12, () => ({
        t: 'code',
        down: bytes.readUInt16BE(2) !== 0,
        keysym: bytes.readUInt32BE(4),
        code: bytes.readUInt32BE(8) & 0xff,
      }))
  }
  throw new Error('This page sent what no screen understands')
}
