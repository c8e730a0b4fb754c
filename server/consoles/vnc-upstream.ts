import type { Duplex } from 'node:stream'
import { signInToVnc } from './vnc-auth'
import { Bytes } from './vnc-bytes'
import { bands } from './vnc-dirty'
import { Frame } from './vnc-frame'
import { longestCut } from './vnc-messages'
import { encoding, encodings, fits, type Rect, rectHeader, type Shifts, shiftsOf, updateRequest } from './vnc-wire'
import { Unpacker } from './vnc-zlib'

/** Pixels that are held beside the picture while they come in. */
const bandArea = 64 * 1024
const largestCursor = 256
const longestName = 4096

/** The monitors of a screen whose size can be asked for, as the server listed them. */
export type Monitors = { screens: Buffer }
export type Cursor = { header: Buffer; pixels: Buffer; mask: Buffer }

export type UpstreamEvents = {
  /** An update has come in whole; these parts of the frame changed. */
  onUpdate(changed: Rect[]): void
  /** The server told the size of its screen; the frame has it. `reason` and `status` are those of ExtendedDesktopSize. */
  onResize(size: { changed: boolean; reason: number; status: number }): void
  onCursor(cursor: Cursor): void
  onCut(text: Buffer): void
  onBell(): void
}

/** One connection to a VNC server: signs in, keeps `frame` as the server says, and never has more than one request under way. */
export class Upstream {
  name = ''
  /** Whether it takes scan codes; otherwise it takes symbols of a US keyboard. */
  scanCodes = false
  /** Present once it lets its size be asked for. */
  monitors: Monitors | null = null
  #asked = false
  #everything = false
  #shifts: Shifts = { red: 0, green: 8, blue: 16 }
  readonly #unpacker = new Unpacker()
  readonly #bytes: Bytes

  constructor(
    private readonly stream: Duplex,
    private readonly frame: Frame,
    private readonly on: UpstreamEvents,
  ) {
    stream.on('error', () => {})
    this.#bytes = new Bytes(stream)
  }

  /**
   * Signs in and reads how large the screen is. `far`: it is worth packing what comes. Rejects in words, never with the password.
   */
  async begin(password: string | undefined, far: boolean): Promise<void> {
    await signInToVnc(this.stream, this.#bytes, password)
    // Shared: others who look at it by another program stay.
    this.stream.write(Buffer.of(1))
    const head = await this.#take(24)
    const [width, height] = [head.readUInt16BE(0), head.readUInt16BE(2)]
    if (!fits(width, height)) throw new Error(`The screen says that it is ${width} by ${height} pixels; that is not shown here`)
    const nameLength = head.readUInt32BE(20)
    if (nameLength > longestName) throw new Error('The screen has a name that is too long')
    this.name = (await this.#take(nameLength)).toString('utf8')
    const shifts = shiftsOf(head.subarray(4, 20))
    // Its own format costs it least, and old bhyve overlooks that another one was asked for.
    if (shifts) this.#shifts = shifts
    else {
      this.#shifts = { red: 16, green: 8, blue: 0 }
      this.stream.write(Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]))
    }
    const { zlib, raw, copyRect, ...pseudo } = encoding
    this.stream.write(encodings([copyRect, ...(far ? [zlib] : []), raw, ...Object.values(pseudo)]))
    this.frame.resize(width, height)
  }

  /** Asks for what changed since the last update, or for everything. Not sent while an answer is still to come. */
  request(everything = false): void {
    if (this.#asked && !everything) return
    this.#asked = true
    this.send(updateRequest(!everything, this.frame.width, this.frame.height))
  }

  send(bytes: Buffer): void {
    if (this.stream.writable) this.stream.write(bytes)
  }

  /** Reads until the connection ends; always rejects, in words. */
  async run(): Promise<never> {
    for (;;) {
      const [kind] = await this.#take(1)
      if (kind === 0) await this.#update()
      else if (kind === 1) await this.#skip((await this.#take(5)).readUInt16BE(3) * 6)
      else if (kind === 2) this.on.onBell()
      else if (kind === 3) await this.#cut()
      else throw new Error('The screen sent what is no RFB')
    }
  }

  close(): void {
    this.#unpacker.close()
    this.stream.destroy()
  }

  #take(size: number): Promise<Buffer> {
    return this.#bytes.take(size)
  }

  async #skip(size: number): Promise<void> {
    for (let left = size; left > 0; left -= 65_536) await this.#take(Math.min(left, 65_536))
  }

  async #cut(): Promise<void> {
    const length = (await this.#take(7)).readInt32BE(3)
    // Negative: an extended message, which was not asked for.
    if (length < 0 || length > longestCut) await this.#skip(Math.abs(length))
    else this.on.onCut(await this.#take(length))
  }

  async #update(): Promise<void> {
    const count = (await this.#take(3)).readUInt16BE(1)
    this.#asked = false
    const changed: Rect[] = []
    for (let each = 0; each < count; each++) {
      const rect = await this.#rect()
      if (rect) changed.push(rect)
    }
    this.on.onUpdate(changed)
    if (this.#everything) this.request(true)
    this.#everything = false
  }

  /** Reads one rectangle. Resolves with the part of the picture that it changed. */
  async #rect(): Promise<Rect | null> {
    const head = await this.#take(12)
    const kind = head.readInt32BE(8)
    const [x, y, width, height] = [head.readUInt16BE(0), head.readUInt16BE(2), head.readUInt16BE(4), head.readUInt16BE(6)]
    const rect = { x, y, width, height }
    if (kind === encoding.extendedKey) this.scanCodes = true
    else if (kind === encoding.desktopSize) this.#resize(width, height, 0, 0)
    else if (kind === encoding.extendedDesktopSize) await this.#extendedSize(rect)
    else if (kind === encoding.cursor) await this.#cursor(rect)
    else {
      if (!this.frame.contains(rect)) throw new Error('The screen sent a part that lies outside of it')
      if (kind === encoding.raw) await this.#raw(rect)
      else if (kind === encoding.copyRect) await this.#copy(rect)
      else if (kind === encoding.zlib) await this.#packed(rect)
      else throw new Error('The screen sent a picture that is not understood here')
      return width && height ? rect : null
    }
    return null
  }

  async #raw(rect: Rect): Promise<void> {
    if (!rect.width) return
    for (const band of bands(rect, bandArea)) this.frame.put(band, await this.#take(band.width * band.height * 4), this.#shifts)
  }

  async #copy(rect: Rect): Promise<void> {
    const from = await this.#take(4)
    const [x, y] = [from.readUInt16BE(0), from.readUInt16BE(2)]
    if (!this.frame.contains({ ...rect, x, y })) throw new Error('The screen copied a part that lies outside of it')
    this.frame.copy(rect, x, y)
  }

  async #packed(rect: Rect): Promise<void> {
    const length = (await this.#take(4)).readUInt32BE()
    const size = rect.width * rect.height * 4
    // What cannot be packed grows a little.
    if (length > size + size / 100 + 1024) throw new Error('The screen sent more than it had said')
    const bytes = await this.#take(length)
    if (size) this.frame.put(rect, await this.#unpacker.unpack(bytes, size), this.#shifts)
  }

  async #cursor(rect: Rect): Promise<void> {
    const { width, height } = rect
    if (width > largestCursor || height > largestCursor) throw new Error('The screen sent a cursor that is too large')
    const pixels = await this.#take(width * height * 4)
    const mask = await this.#take(Math.ceil(width / 8) * height)
    const image = new Frame()
    image.resize(width, height)
    image.put({ x: 0, y: 0, width, height }, pixels, this.#shifts)
    this.on.onCursor({ header: rectHeader(rect, encoding.cursor), pixels: image.read({ x: 0, y: 0, width, height }), mask })
  }

  async #extendedSize({ x: reason, y: status, width, height }: Rect): Promise<void> {
    const head = await this.#take(4)
    const screens = await this.#take(head.readUInt8(0) * 16)
    this.monitors = { screens: Buffer.concat([head, screens]) }
    this.#resize(width, height, reason, status)
  }

  #resize(width: number, height: number, reason: number, status: number): void {
    if (!fits(width, height)) throw new Error(`The screen became ${width} by ${height} pixels; that is not shown here`)
    const changed = width !== this.frame.width || height !== this.frame.height
    if (changed) this.frame.resize(width, height)
    this.#everything ||= changed
    this.on.onResize({ changed, reason, status })
  }
}
