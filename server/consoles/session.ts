import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import { consoleClose, type RecordingState, type ViewerMode } from '../model/console'
import { Feed } from './feed'
import type { FeedPort } from './feed-port'
import { mustHold } from './flow'
import type { Keeper } from './keeper'
import type { Past } from './kept-folder'
import type { ConsoleLimits } from './limits'
import type { SessionOf } from './of'
import { type AttachQuery, parseClientMessage } from './protocol'
import { Ring } from './ring'
import { Seats } from './seats'
import type { Tap, Tapped } from './tap'
import { Viewer } from './viewer'
import { notOpened } from './words'

const id = () => randomBytes(8).toString('hex')

/** The session of one console of one guest: a ring, its source, any number of viewers, one writer. It outlives the viewers. */
export class ConsoleSession {
  readonly id: string
  readonly #ring: Ring
  readonly #feed: Feed
  readonly #seats = new Seats()
  readonly #tap: Tap | null
  readonly #limits: ConsoleLimits
  readonly #kind: 'serial' | 'shell'
  #size = { cols: 80, rows: 24 }
  #held = false
  #pumping = false
  #watch: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined
  #onIdle: () => void

  readonly #keeper: Keeper | null

  /**
   * `past`: what it said in an earlier run of the server. It is the same session then, so that viewers go on where they were;
   * unless the machine crashed, and some of what they saw may not have been kept: then it is another one with the same text.
   */
  constructor(
    port: Omit<FeedPort, 'size' | 'onBytes' | 'onPlace' | 'onState' | 'past'>,
    onIdle: () => void,
    past: Past | null = null,
    keep: ((id: string, end: number) => Keeper) | null = null,
    tap: ((session: Tapped) => Tap) | null = null,
  ) {
    this.#limits = port.limits
    this.#kind = port.kind
    this.#onIdle = onIdle
    this.#ring = new Ring(port.limits.ringBytes)
    this.id = past?.whole ? past.id : id()
    if (past?.whole) this.#ring.restore(past.end, past.bytes)
    this.#keeper = keep?.(this.id, past?.whole ? past.end : 0) ?? null
    if (past && !past.whole) this.#store(past.bytes, false)
    const onState = (state: RecordingState) => this.#seats.tell({ t: 'recording', ...state })
    this.#tap = tap?.({ id: this.id, ...this.#size, onState, screen: () => this.#screen() }) ?? null
    this.#feed = new Feed({
      ...port,
      past: past ?? undefined,
      size: () => this.#size,
      onBytes: (bytes, ours) => this.#received(bytes, ours),
      onPlace: (place) => this.#keeper?.place(place),
      onState: (state) => {
        // A new source starts flowing; it is held like the one before it.
        if (state.state === 'attached' && this.#held) this.#feed.hold(true)
        this.#seats.tell({ t: 'state', ...state, seq: this.#ring.end })
      },
    })
  }

  get viewerCount(): number {
    return this.#seats.size
  }
  /** When its last viewer left, ms since 1970. */
  leftAt = Date.now()

  /** Its guest is found under this id from now on: recordings of it are, too. */
  recordedAs(of: SessionOf): void {
    this.#tap?.moved?.(of)
  }

  /** Lets its text on disk go with the guest to another name. */
  keptAs(move: (keeper: Keeper) => void): void {
    if (this.#keeper) move(this.#keeper)
  }
  /** The guest has another name, or is on another host: says so and opens its source there. */
  moved(line: Uint8Array, otherHost: boolean): void {
    this.#feed.moved(line, otherHost)
  }
  /** A line of ours in the stream. */
  note(line: Uint8Array): void {
    this.#feed.note(line)
  }

  /** Lets a socket watch, and type when it may and nobody else does. It goes on at `query.from` of this very session, else near the end. */
  attach(socket: WebSocket, who: { name: string; mode: ViewerMode; link?: boolean }, query: AttachQuery): void {
    if (this.#seats.size >= this.#limits.viewers) {
      socket.close(consoleClose.full, `${this.#limits.viewers} people watch this console already, which is as many as may`)
      return
    }
    clearTimeout(this.#idle)
    const ring = this.#ring
    const same = query.from !== undefined && query.from <= ring.end && (query.session === undefined || query.session === this.id)
    const wanted = same && query.from !== undefined ? query.from : null
    const from = wanted === null ? this.#recent() : Math.max(wanted, ring.start)
    const viewer = new Viewer(id(), who.name, socket, from, ring.end, this.#limits, who.mode, who.link)
    const first = this.#seats.size === 0
    this.#seats.add(viewer)
    if (first && who.mode === 'type' && query.cols && query.rows) this.#resize(query.cols, query.rows)
    viewer.tell({
      t: 'hello',
      session: this.id,
      viewer: viewer.id,
      mode: viewer.mode,
      from,
      seq: ring.end,
      oldest: ring.start,
      lost: wanted === null ? 0 : from - wanted,
      screen: wanted === null && ring.end - from > this.#limits.screenBytes ? this.lastLines.text : undefined,
      writer: this.#seats.writer,
      ...this.#size,
    })
    this.#seats.tellViewers()
    if (this.#tap) this.#seats.tellOne(viewer, { t: 'recording', ...this.#tap.state })
    viewer.tell({ t: 'state', ...this.#feed.state, seq: ring.end })
    socket.on('message', (data: Buffer, binary: boolean) => (binary ? this.#typed(viewer, data) : this.#message(viewer, data.toString())))
    socket.on('close', () => this.#left(viewer))
    this.#pump(viewer)
    this.#pace()
    if (this.#feed.state.state !== 'waiting') return
    // Looking starts no program in a guest.
    if (who.mode === 'watch' && this.#kind === 'shell') viewer.tell({ t: 'state', state: 'waiting', text: notOpened })
    else void this.#feed.open()
  }

  /** Where a newcomer begins. */
  #recent(): number {
    const ring = this.#ring
    const { replayBytes, replayLines } = this.#limits
    const whole = ring.end <= replayBytes && ring.start === 0
    return ring.lastLines(whole ? 0 : ring.lineStart(Math.max(ring.start, ring.end - replayBytes)), replayLines)
  }

  /** The last lines, as many as the screen has, out of at most 64 KiB; nothing of what was cleared from it. */
  #screen(): Uint8Array {
    const ring = this.#ring
    const near = Math.max(ring.start, ring.end - 64 * 1024)
    const from = ring.lastLines(near > ring.start ? ring.lineStart(near) : near, this.#size.rows)
    const lines = ring.read(from, ring.end - from)
    return lines.subarray(Math.max(0, ...['\x1b[2J', '\x1b[3J', '\x1b[H\x1b[J', '\x1bc'].map((clear) => lines.lastIndexOf(clear))))
  }

  get lastLines(): { text: string; cols: number } {
    return { text: Buffer.from(this.#screen()).toString(), cols: this.#size.cols }
  }

  #store(bytes: Uint8Array, ours: boolean): void {
    if (ours) this.#keeper?.mark(bytes.length)
    this.#ring.append(bytes)
    this.#keeper?.append(bytes)
    this.#tap?.output(bytes, this.#ring.end)
  }

  #received(bytes: Uint8Array, ours: boolean): void {
    this.#store(bytes, ours)
    if (this.#pumping) return
    this.#pumping = true
    // After the reads of this turn of the event loop: no delay, but one frame for many small reads.
    setImmediate(() => {
      this.#pumping = false
      for (const viewer of this.#seats.all()) this.#pump(viewer)
      this.#keeper?.flush()
      this.#pace()
    })
  }

  /** Nobody sees what a killed server would not know any more. */
  #pump(viewer: Viewer): void {
    this.#keeper?.flush()
    viewer.pump(this.#ring)
  }

  /** Holds or releases the source, and looks again later while it is held: time alone can release it. */
  #pace(): void {
    const held = mustHold(this.#seats.all(), this.#ring.end, Date.now(), this.#held, this.#limits)
    if (held !== this.#held) {
      this.#held = held
      this.#feed.hold(held)
    }
    clearTimeout(this.#watch)
    const waiting = this.#seats.all().some((viewer) => viewer.behind)
    if (!held && !waiting) return
    this.#watch = setTimeout(() => this.#cutOff(), Math.min(this.#limits.stallMs, this.#limits.cutOffMs) + 1)
    this.#watch.unref()
  }

  #cutOff(): void {
    for (const viewer of this.#seats.all()) {
      if (viewer.stalledFor(Date.now()) < this.#limits.cutOffMs) continue
      viewer.socket.close(consoleClose.slow, 'It did not take its bytes')
      viewer.socket.terminate()
    }
    this.#pace()
  }

  #typed(viewer: Viewer, bytes: Buffer): void {
    const wrong = this.#seats.mayType(viewer)
    if (wrong) {
      viewer.tell({ t: 'error', message: wrong })
      return
    }
    this.#feed.write(bytes)
    this.#tap?.input(viewer.secret ? stars(bytes) : bytes, viewer.name)
  }

  #message(viewer: Viewer, text: string): void {
    const wrong = this.#obey(viewer, text)
    if (wrong) viewer.tell({ t: 'error', message: wrong })
  }

  /** Does what a text frame asks, or returns in words why not. */
  #obey(viewer: Viewer, text: string): string | undefined {
    const message = parseClientMessage(text)
    if ('wrong' in message) return message.wrong
    if (message.t === 'ack') {
      if (!viewer.ack(message.seq, message.window)) return 'seq: That byte was not sent yet'
      this.#pump(viewer)
      this.#pace()
      return
    }
    if (message.t === 'ping') return void viewer.tell({ t: 'pong' })
    if (message.t === 'secret') {
      viewer.secret = message.on
      return
    }
    if (message.t !== 'resize' && message.t !== 'reconnect') return this.#seats.obey(viewer, message)
    const wrong = this.#seats.mayType(viewer)
    if (wrong) return wrong
    if (message.t === 'resize') this.#resize(message.cols, message.rows)
    else void this.#feed.open()
  }

  #resize(cols: number, rows: number): void {
    if (cols === this.#size.cols && rows === this.#size.rows) return
    this.#size = { cols, rows }
    this.#feed.resize(cols, rows)
    this.#tap?.resize(cols, rows)
    this.#seats.tell({ t: 'size', cols, rows })
  }

  #left(viewer: Viewer): void {
    if (!this.#seats.remove(viewer)) return
    this.#pace()
    if (this.#seats.size) return
    this.leftAt = Date.now()
    this.#idle = setTimeout(this.#onIdle, this.#limits.idleMs)
    this.#idle.unref()
  }

  rebooted(): void {
    this.#feed.rebooted()
  }

  guestChanged(): void {
    this.#feed.guestChanged()
  }

  /** Tells everybody, closes their sockets and the source. Resolves once its text is kept, or, when the guest is gone, forgotten. */
  async close(code: number, reason: string): Promise<void> {
    clearTimeout(this.#idle)
    clearTimeout(this.#watch)
    this.#feed.close()
    this.#seats.tell({ t: 'state', state: 'ended', text: reason })
    for (const viewer of this.#seats.all()) viewer.socket.close(code, closeReason(reason))
    this.#seats.clear()
    await this.#tap?.close()
    if (code === consoleClose.gone) this.#keeper?.forget()
    else this.#keeper?.close()
  }
}

/** A close frame holds 123 bytes of reason. */
export const closeReason = (text: string): string => {
  let cut = text.slice(0, 123)
  while (Buffer.byteLength(cut) > 123) cut = cut.slice(0, -1)
  return cut
}

/** As long as what was typed, and nothing of it but its line ends. */
const stars = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => (byte === 13 || byte === 10 ? byte : 42)))
