import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { AppError } from '../errors'
import type { Exec } from '../exec/types'
import type { ConsoleTarget, ViewerMode } from '../model/console'
import type { Guest } from '../model/guest'
import type { Picture } from '../services'
import { parseClientMessage } from './protocol'
import { Seats } from './seats'
import { closeReason } from './session'
import { Frame } from './vnc-frame'
import { Hands } from './vnc-hands'
import type { ScreenClientMessage } from './vnc-messages'
import { pictureOf } from './vnc-picture'
import { type Cursor, Upstream } from './vnc-upstream'
import { ScreenViewer } from './vnc-viewer'
import type { Rect } from './vnc-wire'

export type ScreenPort = {
  guest(): Guest | undefined
  target(signal: AbortSignal): Promise<ConsoleTarget>
  exec(): Exec
  /** Whether the host is another machine: what comes from there is worth packing. */
  far(): boolean
}

/** ms. `linger`: how long a connection is kept for the next still picture; `still`: between two looks while only pictures are wanted. */
const times = { answer: 10_000, linger: 10_000, still: 1_000, retry: [250, 5_000] as const }
const id = () => randomBytes(8).toString('hex')
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * The screen of one guest: one connection to its VNC server, however many look at it, for a server may allow only one. It is held
 * while anybody looks and made again when it was lost; what was seen last stays until then.
 */
export class Screen {
  readonly #id = id()
  readonly #frame = new Frame()
  readonly #seats = new Seats<ScreenViewer>()
  readonly #hands = new Hands()
  #up: Upstream | null = null
  #opening: Duplex | null = null
  #running = false
  #closed = false
  /** Whether the frame holds a picture; whether there ever was one. */
  #ready = false
  #name = ''
  #cursor: Cursor | null = null
  #state: { state: 'attached' | 'waiting'; text: string } = { state: 'waiting', text: 'Connecting to the screen' }
  /** Whose wish for another size is under way. */
  #resizer: string | null = null
  #pictureAt = 0
  #picture: { version: number; made: Promise<Buffer> } | null = null
  #pictureWaiters = new Set<(error: Error | null) => void>()
  #wake: () => void = () => {}
  #timer: NodeJS.Timeout | undefined
  #still: NodeJS.Timeout | undefined

  constructor(
    private readonly port: ScreenPort,
    private readonly onIdle: () => void,
  ) {}

  attach(socket: WebSocket, by: { name: string; mode: ViewerMode; token: string | null }): void {
    const shown = () => ({
      frame: this.#frame,
      ready: this.#ready,
      name: this.#name,
      monitors: this.#up?.monitors ?? null,
      cursor: this.#cursor,
    })
    const viewer = new ScreenViewer(id(), by.name, by.mode, socket, shown, (from, message) => this.#said(from, message), by.token === null)
    this.#seats.add(viewer)
    socket.on('message', (data: Buffer, binary: boolean) => binary || this.#control(viewer, data.toString()))
    socket.on('close', () => this.#left(viewer))
    const none = { from: 0, seq: 0, oldest: 0, lost: 0, cols: 0, rows: 0 }
    viewer.tell({ t: 'hello', session: this.#id, viewer: viewer.id, mode: viewer.mode, writer: this.#seats.writer, ...none })
    viewer.tell({ t: 'state', ...this.#state })
    this.#seats.tellViewers()
    if (this.#frame.width) viewer.begin()
    this.#start()
  }

  /** A small PNG of what is on the screen. Rejects in words when nothing can be seen. */
  async picture(): Promise<Picture> {
    if (this.#off() && !this.#ready) throw new AppError('refused', 'It is not running')
    this.#pictureAt = Date.now()
    this.#start()
    this.#timer ??= setInterval(() => this.#rest(), times.linger / 2).unref()
    if (!this.#ready && !this.#off()) await this.#first()
    const version = this.#frame.version
    if (this.#picture?.version !== version) this.#picture = { version, made: pictureOf(this.#frame) }
    return { png: await this.#picture.made, tag: `${this.#id}-${version}`, stale: this.#state.state !== 'attached' }
  }

  #first(): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null) => {
        this.#pictureWaiters.delete(done)
        if (error) reject(error)
        else resolve()
      }
      this.#pictureWaiters.add(done)
    })
  }
  #tellWaiters(error: Error | null): void {
    for (const done of [...this.#pictureWaiters]) done(error)
  }

  #off(): boolean {
    const state = this.port.guest()?.state
    return state === 'stopped' || state === 'crashed'
  }
  get #wanted(): boolean {
    return !this.#closed && (this.#seats.size > 0 || Date.now() - this.#pictureAt < times.linger)
  }

  #start(): void {
    if (this.#running || this.#closed) return
    this.#running = true
    void this.#keep().finally(() => {
      this.#running = false
      if (this.#closed) return
      if (this.#wanted) this.#start()
      else this.onIdle()
    })
  }

  /** Holds the connection while somebody looks. */
  async #keep(): Promise<void> {
    let pause: number = times.retry[0]
    while (this.#wanted) {
      let opened = false
      try {
        if (this.#off()) throw new Error('It is not running')
        const up = await this.#open()
        opened = true
        pause = times.retry[0]
        await up.run()
      } catch (error) {
        this.#lost(wordsOf(error), opened)
      }
      if (!this.#wanted) return
      await this.#pause(this.#off() ? null : pause)
      pause = Math.min(times.retry[1], pause * 2)
    }
  }

  /** Waits so many ms, or for a change of the guest. */
  #pause(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #open(): Promise<Upstream> {
    const end = AbortSignal.timeout(times.answer)
    const target = await this.port.target(end)
    if (target.kind === 'pty') throw new Error('This console is no screen')
    const stream = await this.port.exec().connect(target)
    this.#opening = stream
    const late = () => stream.destroy()
    end.addEventListener('abort', late)
    const up = new Upstream(stream, this.#frame, {
      onUpdate: (changed) => this.#updated(changed),
      onResize: (size) => this.#resized(size),
      onCursor: (cursor) => {
        this.#cursor = cursor
        for (const viewer of this.#seats.all()) viewer.cursorChanged()
      },
      onCut: (text) => {
        for (const viewer of this.#seats.all()) if (viewer.mode === 'type') viewer.cut(text)
      },
      onBell: () => {
        for (const viewer of this.#seats.all()) viewer.bell()
      },
    })
    try {
      if (!this.#wanted) throw new Error('Nobody looks any more')
      await up.begin(target.password, this.port.far())
    } catch (error) {
      up.close()
      throw end.aborted
        ? new Error('The screen does not answer. It may take only one program at a time, and another one is using it.')
        : error
    } finally {
      end.removeEventListener('abort', late)
      this.#opening = null
    }
    this.#up = up
    this.#name = up.name
    this.#ready = false
    this.#cursor = null
    this.#tell({ state: 'attached', text: '' })
    for (const viewer of this.#seats.all()) {
      viewer.begin()
      viewer.resized(0, 0)
    }
    up.request(true)
    return up
  }

  #lost(words: string, opened: boolean): void {
    this.#up?.close()
    this.#up = null
    this.#hands.lift(null)
    this.#tellWaiters(new AppError('unavailable', words))
    // Nothing was ever seen: who waits for it is told and comes again by itself.
    if (!opened && !this.#frame.width) for (const viewer of this.#seats.all()) viewer.fail(words)
    else this.#tell({ state: 'waiting', text: this.#off() ? 'The guest is not running' : words })
  }

  #tell(state: { state: 'attached' | 'waiting'; text: string }): void {
    this.#state = state
    this.#seats.tell({ t: 'state', ...state })
  }

  #updated(changed: Rect[]): void {
    const first = !this.#ready
    // What comes first may say nothing but what the server can do.
    this.#ready ||= changed.length > 0
    for (const viewer of this.#seats.all()) {
      for (const rect of changed) viewer.dirty.mark(rect)
      viewer.flush()
    }
    if (first && this.#ready) this.#tellWaiters(null)
    this.#pull()
  }

  /** Asks for more when somebody has all there is: the quickest page sets the pace, and nobody waits for a slower one. */
  #pull(): void {
    clearTimeout(this.#still)
    if (!this.#ready || this.#seats.all().some((viewer) => viewer.upToDate)) this.#up?.request()
    else if (this.#seats.size === 0) this.#still = setTimeout(() => this.#up?.request(), times.still).unref()
  }

  #resized({ changed, reason, status }: { changed: boolean; reason: number; status: number }): void {
    if (changed) this.#ready = false
    const resizer = reason === 1 ? this.#resizer : null
    for (const viewer of this.#seats.all()) viewer.resized(resizer === viewer.id ? 1 : resizer ? 2 : 0, status)
    if (reason === 1) this.#resizer = null
  }

  #said(viewer: ScreenViewer, message: ScreenClientMessage) {
    if (message.t === 'request') return this.#pull()
    if (message.t !== 'key' && message.t !== 'code' && message.t !== 'pointer' && message.t !== 'cut' && message.t !== 'resize') return
    const acts = message.t !== 'resize' && (message.t !== 'pointer' || message.buttons !== 0)
    if (acts && this.#seats.writer === null && viewer.mode === 'type') this.#seats.obey(viewer, { t: 'take' })
    if (!this.#up || this.#seats.mayType(viewer)) return
    if (message.t !== 'resize') return this.#hands.input(this.#up, message)
    if (!this.#up.monitors) return
    this.#resizer = viewer.id
    this.#up.send(message.bytes)
  }

  #control(viewer: ScreenViewer, text: string) {
    const message = parseClientMessage(text)
    if ('wrong' in message) return viewer.tell({ t: 'error', message: message.wrong })
    if (message.t === 'ping') return viewer.tell({ t: 'pong' })
    if (message.t === 'reconnect') return this.#wake()
    if (message.t === 'ack' || message.t === 'resize' || message.t === 'secret') return
    const wrong = this.#keyboard(() => this.#seats.obey(viewer, message))
    if (wrong) viewer.tell({ t: 'error', message: wrong })
  }

  /** What the one who typed held down is let go once somebody else types. */
  #keyboard<T>(act: () => T): T {
    const before = this.#seats.writer
    const result = act()
    if (this.#seats.writer !== before) this.#hands.lift(this.#up)
    return result
  }

  #left(viewer: ScreenViewer): void {
    this.#keyboard(() => this.#seats.remove(viewer))
    this.#rest()
    // The slowest may have been the only one left to ask for.
    this.#pull()
  }

  /** Ends the connection once nobody looks. */
  #rest(): void {
    if (this.#wanted) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#opening?.destroy()
    this.#up?.close()
    this.#wake()
  }

  guestChanged(): void {
    this.#wake()
    if (this.#off()) this.#tell({ state: 'waiting', text: 'The guest is not running' })
  }

  /** Tells everybody why, and ends the connection. */
  close(code: number, reason: string): void {
    this.#closed = true
    clearInterval(this.#timer)
    clearTimeout(this.#still)
    this.#tellWaiters(new AppError('unavailable', reason))
    for (const viewer of this.#seats.all()) viewer.socket.close(code, closeReason(reason))
    this.#seats.clear()
    this.#opening?.destroy()
    this.#up?.close()
    this.#wake()
  }
}
