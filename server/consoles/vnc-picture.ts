import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'
import type { Frame } from './vnc-frame'

const pack = promisify(deflate)
/** Widest still picture, pixels. */
export const pictureWidth = 640
const pictureHeight = 480

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body])
  const size = Buffer.alloc(4)
  const sum = Buffer.alloc(4)
  size.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([size, named, sum])
}

/** The frame made small: each pixel is the mean of those it stands for. Rows begin with a byte of zero, as PNG wants them. */
function shrink(frame: Frame, width: number, height: number): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  let to = 0
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * frame.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * frame.height) / height))
    to++
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * frame.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * frame.width) / width))
      let [red, green, blue] = [0, 0, 0]
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) {
          const value = frame.pixel(column, row)
          red += value & 0xff
          green += (value >>> 8) & 0xff
          blue += (value >>> 16) & 0xff
        }
      const count = (bottom - top) * (right - left)
      rows[to++] = red / count
      rows[to++] = green / count
      rows[to++] = blue / count
    }
  }
  return rows
}

/** A PNG (RFC 2083) of the frame, at most 640 by 480 pixels; never larger than the frame. */
export async function pictureOf(frame: Frame): Promise<Buffer> {
  const scale = Math.min(1, pictureWidth / frame.width, pictureHeight / frame.height)
  const width = Math.max(1, Math.round(frame.width * scale))
  const height = Math.max(1, Math.round(frame.height * scale))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  // 8 bits for each of three colours.
  head.set([8, 2, 0, 0, 0], 8)
  const body = await pack(shrink(frame, width, height), { level: 6 })
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))])
}
