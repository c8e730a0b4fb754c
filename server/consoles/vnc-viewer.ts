import type { WebSocket } from 'ws'
import { type ConsoleServerMessage, consoleClose, type ViewerMode } from '../model/console'
import { closeReason } from './session'
import { bands, Dirty } from './vnc-dirty'
import type { Frame } from './vnc-frame'
import { longestCut, readMessage, type ScreenClientMessage } from './vnc-messages'
import type { Cursor, Monitors } from './vnc-upstream'
import { compressLevel0, cutText, encoding, ownFormat, qualityLevel0, type Rect, rectHeader } from './vnc-wire'
import { Packer } from './vnc-zlib'

/** Pixels of one rectangle to a page: half a MiB before it is packed. */
const bandArea = 128 * 1024
/** Nothing is added to a socket that has so many bytes to take. */
const mostWaiting = 1024 * 1024
const version = 'RFB 003.008\n'
/** What is left of each colour at noVNC's quality 0 to 9: fewer shades pack better. */
const maskOf = (quality: number): number => (quality >= 6 ? 0xffffff : quality >= 3 ? 0xf8f8f8 : 0xe0e0e0)

/** What a viewer sees of its session. */
export type Shown = {
  frame: Frame
  /** Whether the frame holds a picture already. */
  ready: boolean
  name: string
  monitors: Monitors | null
  cursor: Cursor | null
}

/**
 * One page before a screen: plays a VNC server that asks for nothing. It gets an update when it asked for one, and then what has
 * changed until that moment: a slow page sees fewer pictures and no old ones.
 */
export class ScreenViewer {
  readonly dirty = new Dirty()
  /** Whether it asked for an update and has not got it. */
  waiting = false
  #greeted: 'version' | 'security' | 'init' | 'done' = 'version'
  #begun = false
  #got: Buffer = Buffer.alloc(0)
  #takes = new Set<number>()
  #mask = 0xffffff
  #packer: Packer | null = null
  #packs = false
  #sending = false
  /** What is to be said beside the picture: a new size, with whose wish it was; a cursor; that keys may come by scan code. */
  #resized: { reason: number; status: number } | null = null
  #cursor = false
  #keysTold = false

  constructor(
    readonly id: string,
    readonly name: string,
    readonly mode: ViewerMode,
    readonly socket: WebSocket,
    private readonly shown: () => Shown,
    private readonly onMessage: (viewer: ScreenViewer, message: ScreenClientMessage) => void,
    /** It came by a watch link and learns of nobody else. */
    readonly link = false,
  ) {
    socket.on('message', (data: Buffer, binary: boolean) => binary && this.#received(data))
    socket.on('close', () => this.#packer?.close())
  }

  tell(message: ConsoleServerMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message))
  }

  /** Begins to speak RFB; the screen must have been read by then. */
  begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#send(Buffer.from(version))
    this.#read()
  }

  resized(reason: number, status: number): void {
    const { width, height } = this.shown().frame
    this.dirty.resize(width, height)
    this.#resized = { reason, status }
  }
  cursorChanged(): void {
    this.#cursor = true
  }
  cut(text: Buffer): void {
    if (this.#greeted === 'done') this.#send(cutText(3, text))
  }
  bell(): void {
    if (this.#greeted === 'done') this.#send(Buffer.of(2))
  }

  /** Whether all that is known has been sent to it, and it would take more. */
  get upToDate(): boolean {
    return this.#takes.size > 0 && this.dirty.empty
  }

  /** Sends what changed, when it asked and anything has. */
  flush(): void {
    const news = !this.dirty.empty || this.#resized || this.#cursor
    if (!this.waiting || !news || this.#sending || !this.shown().ready || this.socket.bufferedAmount > mostWaiting) return
    this.waiting = false
    this.#sending = true
    void this.#update()
      .catch((error: Error) => this.fail(error.message))
      .finally(() => {
        this.#sending = false
        this.flush()
      })
  }

  fail(words: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.close(consoleClose.ended, closeReason(words))
  }

  #send(bytes: Buffer): void {
    // A page that took none of it may ask again when it has.
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(bytes, () => this.flush())
  }

  async #update(): Promise<void> {
    const extras = this.#extras()
    const mask = this.#mask
    const parts = this.dirty.take().flatMap((rect) => bands(rect, bandArea))
    const head = Buffer.alloc(4)
    head.writeUInt16BE(extras.length + parts.length, 2)
    this.#send(Buffer.concat([head, ...extras]))
    const packer = this.#packs ? this.#packer : null
    for (const part of parts) this.#send(await this.#part(part, mask, packer))
  }

  async #part(rect: Rect, mask: number, packer: Packer | null): Promise<Buffer> {
    const pixels = this.shown().frame.read(rect, mask)
    if (!packer) return Buffer.concat([rectHeader(rect, encoding.raw), pixels])
    const packed = await packer.pack(pixels)
    const head = rectHeader(rect, encoding.zlib, 4)
    head.writeUInt32BE(packed.length, 12)
    return Buffer.concat([head, packed])
  }

  /** Rectangles that are no picture. */
  #extras(): Buffer[] {
    const { frame, monitors, cursor } = this.shown()
    const extras: Buffer[] = []
    if (!this.#keysTold && this.#takes.has(encoding.extendedKey))
      extras.push(rectHeader({ x: 0, y: 0, width: frame.width, height: frame.height }, encoding.extendedKey))
    this.#keysTold = true
    if (this.#resized) {
      const { reason, status } = this.#resized
      const size = { x: reason, y: status, width: frame.width, height: frame.height }
      if (monitors && this.#takes.has(encoding.extendedDesktopSize))
        extras.push(Buffer.concat([rectHeader(size, encoding.extendedDesktopSize), monitors.screens]))
      else extras.push(rectHeader({ ...size, x: 0, y: 0 }, encoding.desktopSize))
    }
    this.#resized = null
    if (this.#cursor && cursor && this.#takes.has(encoding.cursor)) extras.push(Buffer.concat([cursor.header, cursor.pixels, cursor.mask]))
    this.#cursor = false
    return extras
  }

  #received(data: Buffer) {
    this.#got = this.#got.length ? Buffer.concat([this.#got, data]) : data
    if (this.#got.length > 2 * longestCut) return this.fail('This page sends more than a screen takes')
    try {
      if (this.#begun) this.#read()
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error))
    }
  }

  #read(): void {
    while (this.#got.length && this.socket.readyState === this.socket.OPEN) {
      const read = this.#greeted === 'done' ? this.#one() : this.#greet()
      if (!read) return
      this.#got = this.#got.subarray(read)
    }
  }

  #one(): number {
    const read = readMessage(this.#got)
    if (!read) return 0
    const { message } = read
    if (message.t === 'format') this.#format(message.shifts)
    else if (message.t === 'encodings') {
      this.#encodings(message.list)
      this.flush()
    } else if (message.t === 'request') {
      if (!message.incremental) this.dirty.mark(message.rect)
      this.waiting = true
      this.flush()
    }
    this.onMessage(this, message)
    return read.size
  }

  #format(shifts: { red: number; green: number; blue: number } | null): void {
    if (shifts?.red !== 0 || shifts.green !== 8 || shifts.blue !== 16) throw new Error('This page asks for another format of pixels')
  }

  /** Other shades from now on; what stands still would keep the old ones. */
  #shade(mask: number): void {
    if (mask === this.#mask) return
    this.#mask = mask
    const { width, height } = this.shown().frame
    this.dirty.mark({ x: 0, y: 0, width, height })
  }

  #encodings(list: number[]): void {
    this.#takes = new Set(list)
    if (!this.#takes.has(encoding.desktopSize)) throw new Error('This page does not follow a screen that changes its size')
    const level = (first: number) => list.find((each) => each >= first && each <= first + 9)
    const quality = level(qualityLevel0)
    this.#shade(quality === undefined ? 0xffffff : maskOf(quality - qualityLevel0))
    const wanted = this.#takes.has(encoding.zlib) ? (level(compressLevel0) ?? compressLevel0 + 1) - compressLevel0 : 0
    // The stream of zlib goes on as long as the page does, also when it is not used for a while.
    this.#packs = wanted > 0
    if (!this.#packs) return
    this.#packer ??= new Packer()
    this.#packer.level = wanted
  }

  /** Handshake. Returns how many bytes were understood. */
  #greet(): number {
    const { frame, name } = this.shown()
    if (this.#greeted === 'version') {
      if (this.#got.length < version.length) return 0
      if (this.#got.toString('latin1', 0, version.length) !== version) throw new Error('This page speaks another RFB')
      this.#send(Buffer.of(1, 1))
      this.#greeted = 'security'
      return version.length
    }
    if (this.#greeted === 'security') {
      if (this.#got[0] !== 1) throw new Error('This page asks for another way of signing in')
      this.#send(Buffer.alloc(4))
      this.#greeted = 'init'
      return 1
    }
    const title = Buffer.from(name)
    const init = Buffer.alloc(24)
    init.writeUInt16BE(frame.width)
    init.writeUInt16BE(frame.height, 2)
    ownFormat.copy(init, 4)
    init.writeUInt32BE(title.length, 20)
    this.#send(Buffer.concat([init, title]))
    this.#greeted = 'done'
    this.resized(0, 0)
    this.#cursor = true
    return 1
  }
}
