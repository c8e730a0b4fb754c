import {
  type ConsoleClientMessage,
  type ConsoleServerMessage,
  consoleClose,
  type RecordingState,
  type ViewerInfo,
  type ViewerMode,
} from '@/server/model/console'
import { Early } from '@/server/model/early'
import { consoleMessages as m } from './messages'
import { Pulse } from './pulse'
import { type Refusal, RefusalWatch } from './refusal'
import { ReplayGuard } from './replay'

/** What the page shows of a connection. A new object per change. */
export type ConsoleView = {
  link: 'connecting' | 'open' | 'lost' | 'closed'
  /** Why it is lost or closed, in the server's words where it gave some. */
  reason: string
  signedOut: boolean
  /** When the next try comes, ms since 1970. */
  retryAt: number | null
  me: string | null
  writer: string | null
  viewers: ViewerInfo[]
  mode: ViewerMode
  /** Viewers who ask for, or are offered, the keyboard. */
  asking: string | null
  offered: string | null
  recording: RecordingState
  /** The last that somebody else did with the keyboard and this viewer, until the next change of it. */
  seat: { what: 'taken' | 'given' | 'declined'; by: string } | null
  session: { state: 'attached' | 'waiting' | 'ended'; text: string }
  cols: number
  rows: number
  /** Bytes of the past that the server still has and this glass was not given. */
  earlier?: number
  /** The last complaint of the server about what this client sent. */
  error: string
}

/** What this needs of a browser's WebSocket. */
type Socket = {
  binaryType: string
  readonly readyState: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(code?: number): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
  addEventListener(type: 'error', listener: () => void): void
}
type Size = { cols: number; rows: number }
type Options = {
  /** ws(s)://…/ws/console?guest=…&kind=… */
  url: string
  /** Hands over bytes; `drawn` is called once they are on the glass. */
  onBytes(bytes: Uint8Array, drawn: () => void): void
  /** The last screen of a long past of `bytes` bytes that comes next; the glass is empty. */
  onScreen?(screen: string, bytes: number): void
  /** Another session than before: what stands on the glass belongs to the old one. */
  onRestart(): void
  /** So many bytes are missing between what came before and what comes next. */
  onLost(bytes: number): void
  /** How many bytes it wants under way. */
  window?(): number
  /** The size of the glass, told when attaching. */
  size?(): Size | null
  /** When a quiet connection is doubted, and for how long, ms. For tests. */
  pulse?: { idleMs: number; waitMs: number }
  /** Asks why a socket was refused. For tests. */
  ask?: () => Promise<Refusal>
  /** For tests outside a browser. */
  WebSocket?: new (
    url: string,
  ) => Socket
}

const ackEvery = 32 * 1024
const pasteFrame = 32 * 1024
const firstRetry = 250
const lastRetry = 5000
const encoder = new TextEncoder()

/** One glass on a console session: comes back by itself after a cut and goes on at the byte where it was. */
export class ConsoleConnection {
  view: ConsoleView = {
    link: 'connecting',
    reason: '',
    signedOut: false,
    retryAt: null,
    me: null,
    writer: null,
    viewers: [],
    mode: 'type',
    asking: null,
    offered: null,
    recording: { on: false, input: false },
    seat: null,
    session: { state: 'waiting', text: '' },
    cols: 80,
    rows: 24,
    earlier: 0,
    error: '',
  }
  readonly replay = new ReplayGuard()
  #socket: Socket | null = null
  #pulse: Pulse | null = null
  #session: string | null = null
  #received = 0
  /** It asked for the keyboard: what it types next comes after that. */
  #taking = false
  /** The first byte that is on the glass. */
  #first = 0
  /** It was asked for from the beginning: what the server no longer has is not lost. */
  #wantsAll = false
  #acked = 0
  #tries = 0
  #opened = false
  /** Typed before the server's first answer. */
  readonly #early = new Early<Uint8Array<ArrayBuffer>>()
  /** A secret is being typed: the server has to know that before it gets it. */
  #secret = false
  readonly #refusal: RefusalWatch
  #timer: ReturnType<typeof setTimeout> | undefined
  #listeners = new Set<() => void>()
  #closed = false

  constructor(private readonly options: Options) {
    this.#refusal = new RefusalWatch(options.ask)
    this.#open()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  snapshot = (): ConsoleView => this.view

  #set(change: Partial<ConsoleView>): void {
    this.view = { ...this.view, ...change }
    for (const listener of this.#listeners) listener()
  }

  #open(): void {
    clearTimeout(this.#timer)
    const url = new URL(this.options.url)
    if (this.#session !== null) {
      url.searchParams.set('from', String(this.#received))
      url.searchParams.set('session', this.#session)
    }
    const size = this.options.size?.()
    if (size) {
      url.searchParams.set('cols', String(size.cols))
      url.searchParams.set('rows', String(size.rows))
    }
    const socket: Socket = new (this.options.WebSocket ?? WebSocket)(url.href)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#opened = false
    this.#pulse?.end()
    this.#pulse = new Pulse({ ...this.options.pulse, ask: () => this.#send({ t: 'ping' }), onDead: () => this.#dead(socket) })
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return
      this.#pulse?.beat()
      if (typeof data === 'string') this.#told(JSON.parse(data) as ConsoleServerMessage)
      else if (data instanceof ArrayBuffer) this.#bytes(new Uint8Array(data))
    })
    socket.addEventListener('close', ({ code, reason }) => socket === this.#socket && this.#lost(code, reason))
    // The close that follows says what there is to say.
    socket.addEventListener('error', () => {})
  }

  #bytes(bytes: Uint8Array): void {
    this.#received += bytes.length
    const seq = this.#received
    const session = this.#session
    this.options.onBytes(bytes, () => {
      if (session !== this.#session) return
      this.replay.drawn(seq)
      if (seq - this.#acked < ackEvery && seq !== this.#received) return
      this.#acked = seq
      this.#send({ t: 'ack', seq, window: this.options.window?.() })
    })
  }

  #told(message: ConsoleServerMessage): void {
    if (message.t === 'hello') this.#hello(message)
    else if (message.t === 'viewers') {
      const { writer, viewers, asking, offered } = message
      this.#taking = false
      this.#set({ writer, viewers, asking, offered, seat: writer === this.view.writer ? this.view.seat : null, error: '' })
    } else if (message.t === 'seat') this.#set({ seat: { what: message.what, by: message.by } })
    else if (message.t === 'recording') {
      const { t: _, ...recording } = message
      this.#set({ recording })
    } else if (message.t === 'state') {
      this.replay.source(message.state === 'attached', message.seq ?? this.#received)
      this.#set({ session: { state: message.state, text: message.text }, error: '' })
    } else if (message.t === 'size') this.#set({ cols: message.cols, rows: message.rows })
    else if (message.t === 'error') this.#set({ error: message.message })
    else if (message.t === 'skip') {
      this.#received = message.from
      this.#acked = message.from
      this.options.onLost(message.lost)
    }
  }

  #hello(hello: ConsoleServerMessage & { t: 'hello' }): void {
    const before = this.view.me
    const other = this.#session !== hello.session
    if (this.#session !== null && other) this.options.onRestart()
    else if (hello.lost > 0 && !this.#wantsAll) this.options.onLost(hello.lost)
    this.#wantsAll = false
    if (other || hello.from < this.#first) this.#first = hello.from
    this.#session = hello.session
    this.#received = hello.from
    this.#acked = hello.from
    this.#tries = 0
    this.#opened = true
    this.#refusal.opened()
    this.replay.begin(hello.from, hello.seq)
    if (other && hello.screen !== undefined) this.options.onScreen?.(hello.screen, hello.seq - hello.from)
    this.#set({
      link: 'open',
      reason: '',
      retryAt: null,
      me: hello.viewer,
      mode: hello.mode,
      writer: hello.writer,
      cols: hello.cols,
      rows: hello.rows,
      earlier: Math.max(0, this.#first - hello.oldest),
      error: '',
    })
    // The server may still hold our cut connection for the one that types.
    if (before !== null && hello.writer === before) this.take()
    for (const bytes of this.#early.take()) this.type(bytes)
  }

  /** Nothing comes any more although the socket says that it is open: another one may get through. */
  #dead(socket: Socket): void {
    if (socket !== this.#socket) return
    socket.close()
    this.#lost(1006, '')
  }

  #lost(code: number, reason: string): void {
    this.#socket = null
    this.#pulse?.end()
    if (this.#closed) return
    const signedOut = code === consoleClose.signedOut
    if (signedOut || code === consoleClose.gone || code === consoleClose.linkEnded || code === consoleClose.full || code === 1000) {
      this.#set({ link: 'closed', reason, signedOut, retryAt: null })
      return
    }
    this.#early.take()
    const wait = Math.min(lastRetry, firstRetry * 2 ** this.#tries++)
    this.#timer = setTimeout(() => this.#open(), wait)
    this.#set({ link: 'lost', reason, retryAt: Date.now() + wait })
    if (!this.#opened) void this.#askWhy()
  }

  /** A browser does not tell a refused socket from a server that is gone. */
  async #askWhy(): Promise<void> {
    const why = await this.#refusal.refused()
    if (!why || this.#closed || this.view.link === 'open' || this.view.link === 'closed') return
    clearTimeout(this.#timer)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
    const signedOut = why === 'signed-out'
    this.#set({ link: 'closed', reason: signedOut ? m.signedOut : m.gone, signedOut, retryAt: null })
  }

  #send(message: ConsoleClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message))
  }

  /**
   * Types into the console. False when this viewer may not: somebody else is typing, or there is no connection. What is typed while
   * the first connection is made waits for it.
   */
  type(data: string | Uint8Array<ArrayBuffer>): boolean {
    const socket = this.#socket
    const { me, writer, link, mode } = this.view
    const bytes = typeof data === 'string' ? encoder.encode(data) : data
    if (link === 'connecting' && this.#session === null) return !this.#secret && this.#early.hold(bytes)
    if (!socket || link !== 'open' || mode === 'watch') return false
    if (writer === null) this.take()
    else if (writer !== me && !this.#taking) return false
    for (let at = 0; at < bytes.length; at += pasteFrame) socket.send(bytes.subarray(at, at + pasteFrame))
    this.#pulse?.sent()
    return true
  }

  resize(size: Size): void {
    if (this.view.writer === this.view.me) this.#send({ t: 'resize', ...size })
  }
  /** Takes over typing from whoever does it now. */
  take(): void {
    this.#taking = true
    this.#send({ t: 'take' })
  }
  /** Opens a new shell, or attaches again without waiting. */
  reopen(): void {
    if (this.view.writer !== this.view.me) this.take()
    this.#send({ t: 'reconnect' })
  }
  /** Tries to reach the server now. */
  retry = (): void => {
    if (this.#socket || this.#closed) return
    this.#set({ link: 'connecting', retryAt: null, signedOut: false })
    this.#open()
  }

  /** Begins again at the oldest byte the server has. The glass is emptied first. */
  loadPast(): void {
    if (this.view.link !== 'open') return
    const socket = this.#socket
    this.#socket = null
    socket?.close(1000)
    this.options.onRestart()
    this.#received = 0
    this.#wantsAll = true
    this.#set({ link: 'connecting' })
    this.#open()
  }

  /** What is typed from now on is a secret, or no longer is: recorders get dots for it. */
  secret(on: boolean): void {
    this.#secret = on
    this.#send({ t: 'secret', on })
  }

  /** Asks for, offers, accepts or declines the keyboard. */
  seat(message: ConsoleClientMessage & { t: 'ask' | 'offer' | 'accept' | 'decline' }): void {
    this.#send(message)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#pulse?.end()
    this.#socket?.close(1000)
    this.#socket = null
    this.#listeners.clear()
  }
}
