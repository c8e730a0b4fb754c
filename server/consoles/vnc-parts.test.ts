import { describe, expect, it } from 'vitest'
import { answer } from './vnc-auth'
import { bands, Dirty } from './vnc-dirty'
import { Frame } from './vnc-frame'
import { UsKeys } from './vnc-keys'
import { readMessage } from './vnc-messages'
import { pictureOf } from './vnc-picture'
import { encodings, fits, keyEvent, ownFormat, pointerEvent, shiftsOf, updateRequest } from './vnc-wire'

describe('answer', () => {
  it('takes the first eight characters of a password, as VNC servers do', () => {
    const challenge = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
    expect(answer('password', challenge)).toHaveLength(16)
    expect(answer('password', challenge)).toEqual(answer('password-and-more', challenge))
    expect(answer('passwore', challenge)).not.toEqual(answer('password', challenge))
  })
})

describe('shiftsOf', () => {
  const format = (change: [number, number][]) => {
    const bytes = Buffer.from(ownFormat)
    for (const [at, value] of change) bytes[at] = value
    return bytes
  }
  it('reads where the colours are, in both byte orders', () => {
    expect(shiftsOf(format([]))).toEqual({ red: 0, green: 8, blue: 16 })
    expect(shiftsOf(format([[2, 1]]))).toEqual({ red: 24, green: 16, blue: 8 })
  })
  it.each<[string, [number, number][]]>([
    ['16 bits', [[0, 16]]],
    ['a colour map', [[3, 0]]],
    ['fewer shades', [[5, 31]]],
    ['colours across bytes', [[10, 4]]],
    ['colours outside of the pixel', [[10, 32]]],
  ])('refuses %s', (_, change) => expect(shiftsOf(format(change))).toBeNull())
})

describe('fits', () => {
  it('bounds what is held in memory', () => {
    expect(fits(4096, 4096)).toBe(true)
    expect(fits(8192, 4096)).toBe(false)
    expect(fits(65535, 1)).toBe(false)
    expect(fits(0, 600)).toBe(false)
  })
})

describe('Frame', () => {
  const pixels = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4)
    for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4)
    return bytes
  }
  it.each([
    ['red first', { red: 0, green: 8, blue: 16 }, 0x030201],
    ['blue first', { red: 16, green: 8, blue: 0 }, 0x010203],
    ['red last', { red: 24, green: 16, blue: 8 }, 0x01020300],
  ])('takes pixels with %s, also at odd addresses', (_, shifts, value) => {
    const frame = new Frame()
    frame.resize(3, 2)
    const odd = Buffer.concat([Buffer.alloc(1), pixels(value)]).subarray(1)
    frame.put({ x: 2, y: 1, width: 1, height: 1 }, odd, shifts)
    expect(frame.read({ x: 2, y: 1, width: 1, height: 1 })).toEqual(Buffer.from([1, 2, 3, 0]))
    expect(frame.pixel(1, 1)).toBe(0)
  })
  it.each([
    [0, 0, 0, 1],
    [0, 1, 0, 0],
  ])('copies parts that overlap (%i,%i to %i,%i)', (x, y, toX, toY) => {
    const frame = new Frame()
    frame.resize(2, 3)
    const own = { red: 0, green: 8, blue: 16 }
    frame.put({ x: 0, y: 0, width: 2, height: 3 }, pixels(1, 2, 3, 4, 5, 6), own)
    frame.copy({ x: toX, y: toY, width: 2, height: 2 }, x, y)
    const all = [1, 2, 3, 4, 5, 6]
    const part = all.slice(y * 2, y * 2 + 4)
    all.splice(toY * 2, 4, ...part)
    expect(frame.read({ x: 0, y: 0, width: 2, height: 3 })).toEqual(pixels(...all))
  })
  it('reads black where the screen has become smaller', () => {
    const frame = new Frame()
    frame.resize(1, 1)
    frame.put({ x: 0, y: 0, width: 1, height: 1 }, pixels(0xffffff), { red: 0, green: 8, blue: 16 })
    expect(frame.read({ x: 0, y: 0, width: 2, height: 2 })).toEqual(pixels(0xffffff, 0, 0, 0))
    expect(frame.read({ x: 0, y: 0, width: 1, height: 1 }, 0xe0e0e0)).toEqual(pixels(0xe0e0e0))
  })
})

describe('Dirty', () => {
  const covered = (dirty: Dirty) => {
    const seen = new Set<string>()
    for (const { x, y, width, height } of dirty.take())
      for (let row = y; row < y + height; row++)
        for (let column = x; column < x + width; column++) {
          expect(seen.has(`${column},${row}`)).toBe(false)
          seen.add(`${column},${row}`)
        }
    return seen
  }
  it('covers every change once, and nothing outside of the screen', () => {
    const dirty = new Dirty()
    dirty.resize(100, 70)
    expect(covered(dirty).size).toBe(7000)
    expect(dirty.empty).toBe(true)
    dirty.mark({ x: 90, y: 60, width: 500, height: 500 })
    dirty.mark({ x: 0, y: 0, width: 1, height: 1 })
    const seen = covered(dirty)
    for (const at of ['0,0', '90,60', '99,69']) expect(seen.has(at), at).toBe(true)
    for (const at of seen) {
      const [x = 0, y = 0] = at.split(',').map(Number)
      expect(x < 100 && y < 70).toBe(true)
    }
    expect(seen.size).toBeLessThan(7000)
  })
  it('names few rectangles however scattered the changes are', () => {
    const dirty = new Dirty()
    dirty.resize(2048, 2048)
    dirty.take()
    for (let y = 0; y < 64; y++) for (let x = y % 2; x < 64; x += 2) dirty.mark({ x: x * 32, y: y * 32, width: 1, height: 1 })
    expect(dirty.take().length).toBeLessThanOrEqual(96)
  })
  it('cuts into bands of a bounded area', () => {
    const cut = bands({ x: 3, y: 5, width: 100, height: 25 }, 1000)
    expect(cut.map(({ y, height }) => [y, height])).toEqual([
      [5, 10],
      [15, 10],
      [25, 5],
    ])
  })
})

describe('readMessage', () => {
  const cut = (length: number, text = '') => {
    const head = Buffer.of(6, 0, 0, 0, 0, 0, 0, 0)
    head.writeInt32BE(length, 4)
    return Buffer.concat([head, Buffer.from(text)])
  }
  it.each([
    ['a request', updateRequest(true, 640, 480), { t: 'request', incremental: true, rect: { x: 0, y: 0, width: 640, height: 480 } }],
    ['encodings', encodings([0, -239]), { t: 'encodings', list: [0, -239] }],
    ['a key', keyEvent(true, 0xff0d), { t: 'key', down: true, keysym: 0xff0d }],
    ['the pointer', pointerEvent(1, 10, 20), { t: 'pointer', buttons: 1, x: 10, y: 20 }],
    ['text', cut(2, 'hi'), { t: 'cut', text: Buffer.from('hi') }],
    ['extended text', cut(-2, 'hi'), { t: 'nothing' }],
  ])('reads %s, whole only', (_, bytes, message) => {
    for (let size = 0; size < bytes.length; size++) expect(readMessage(bytes.subarray(0, size))).toBeNull()
    expect(readMessage(Buffer.concat([bytes, Buffer.from('more')]))).toEqual({ message, size: bytes.length })
  })
  it.each([
    ['no message', Buffer.of(77, 0, 0, 0)],
    ['another extension', Buffer.of(255, 1, 0, 0)],
    ['too much text', cut(300 * 1024)],
    ['too much extended text', cut(-300 * 1024)],
    ['the least number', cut(-0x80000000)],
    ['too many encodings', Buffer.of(2, 0, 255, 255)],
    ['too many monitors', Buffer.of(251, 0, 1, 0, 1, 0, 200, 0)],
  ])('refuses %s at once', (_, bytes) => expect(() => readMessage(bytes)).toThrow())
  it('drops a wish for a screen that would not fit', () => {
    const bytes = Buffer.alloc(24)
    Buffer.of(251, 0, 0xff, 0xff, 0xff, 0xff, 1, 0).copy(bytes)
    expect(readMessage(bytes)).toEqual({ message: { t: 'nothing' }, size: 24 })
  })
})

describe('UsKeys', () => {
  it('names what a US keyboard has at the place, whatever the key writes here', () => {
    const keys = new UsKeys()
    // Z of a German keyboard lies where Y does.
    expect(keys.symbol(true, 0x15, 0x7a)).toBe('y'.charCodeAt(0))
    expect(keys.symbol(false, 0x15, 0x7a)).toBe('y'.charCodeAt(0))
    expect(keys.symbol(true, 0x1c, 0xff0d)).toBe(0xff0d)
  })
  it('follows Shift, and lets go of what was pressed', () => {
    const keys = new UsKeys()
    expect(keys.symbol(true, 0x2a, 0xffe1)).toBe(0xffe1)
    expect(keys.symbol(true, 0x08, 0x2f)).toBe('&'.charCodeAt(0))
    keys.symbol(false, 0x2a, 0xffe1)
    expect(keys.symbol(false, 0x08, 0x37)).toBe('&'.charCodeAt(0))
    expect(keys.symbol(true, 0x08, 0x37)).toBe('7'.charCodeAt(0))
  })
})

describe('pictureOf', () => {
  it.each([
    [1280, 1024, 600, 480],
    [1920, 1080, 640, 360],
    [320, 200, 320, 200],
    [8192, 1, 640, 1],
  ])('makes %i by %i pixels %i by %i', async (width, height, toWidth, toHeight) => {
    const frame = new Frame()
    frame.resize(width, height)
    const png = await pictureOf(frame)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([toWidth, toHeight])
  })
})
