import RFB from '@novnc/novnc'
import { type ConsoleClientMessage, type ConsoleServerMessage, consoleClose } from '@/server/model/console'
import type { Stroke } from './layouts/layout'
import { type Press, pressesOf } from './layouts/presses'
import { consoleMessages as m } from './messages'
import { type Refusal, RefusalWatch } from './refusal'
import { ScreenChannel } from './screen-channel'
import { compressions, qualities, type ScreenSettings } from './screen-settings'
import type { SeatingView } from './seating'
import { typeMessages } from './type-messages'
import type { TypePort } from './type-out'

export type ScreenView = SeatingView & {
  reason: string
  signedOut: boolean
  /** What the guest put on its clipboard last, and the how many-th it was. */
  clipboard: { text: string; count: number }
  /** Whether there is a picture, if only one from before. */
  seen: boolean
}

const firstRetry = 500
const lastRetry = 5000
/** Between two keys, ms: a PS/2 keyboard keeps 16 bytes, a USB one 16 keys. */
const betweenKeys = 8

/** The screen of a guest in `element`; comes back by itself when it was cut or when the guest runs again. */
export class ScreenConnection {
  view: ScreenView = {
    link: 'connecting',
    reason: '',
    signedOut: false,
    me: null,
    writer: null,
    viewers: [],
    mode: 'type',
    asking: null,
    offered: null,
    seat: null,
    session: { state: 'waiting', text: '' },
    clipboard: { text: '', count: 0 },
    seen: false,
  }
  #rfb: RFB | null = null
  #channel: ScreenChannel | null = null
  #tries = 0
  #opened = false
  #viewOnly = false
  readonly #refusal: RefusalWatch
  #timer: ReturnType<typeof setTimeout> | undefined
  #listeners = new Set<() => void>()
  #closed = false

  constructor(
    private readonly element: HTMLElement,
    private readonly url: string,
    private settings: ScreenSettings,
    /** Asks why a socket was refused. Absent: as for signed-in people. */
    ask?: () => Promise<Refusal>,
  ) {
    this.#refusal = new RefusalWatch(ask)
    this.#open()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  snapshot = (): ScreenView => this.view

  #set(change: Partial<ScreenView>): void {
    this.view = { ...this.view, ...change }
    if (this.#rfb && this.#rfb.viewOnly === this.mayType) this.#rfb.viewOnly = !this.mayType
    for (const listener of this.#listeners) listener()
  }

  /** Whether what is typed here reaches the guest. When nobody types, the first key takes the keyboard. */
  get mayType(): boolean {
    const { mode, writer, me } = this.view
    return mode === 'type' && !this.#viewOnly && (writer === null || writer === me)
  }

  #open(): void {
    clearTimeout(this.#timer)
    this.#opened = false
    const channel = new ScreenChannel(this.url, {
      onOpen: () => {
        this.#opened = true
        this.#refusal.opened()
      },
      onTold: (message) => channel === this.#channel && this.#told(message),
      onClose: (code, reason) => channel === this.#channel && this.#lost(code, reason),
    })
    this.#channel = channel
    // The picture from before stays until the new one is there.
    const before = [...this.element.children]
    const rfb = new RFB(this.element, channel, { shared: true })
    this.#rfb = rfb
    rfb.background = 'transparent'
    rfb.viewOnly = !this.mayType
    rfb.addEventListener('connect', () => {
      for (const old of before) old.remove()
      this.#tries = 0
      this.#apply()
      this.#set({ link: 'open', reason: '', seen: true })
      rfb.focus({ preventScroll: true })
    })
    rfb.addEventListener('clipboard', (event) => {
      const text = event instanceof CustomEvent ? String((event.detail as { text?: unknown }).text ?? '') : ''
      if (text) this.#set({ clipboard: { text, count: this.view.clipboard.count + 1 } })
    })
    this.#apply()
  }

  #apply(): void {
    const rfb = this.#rfb
    if (!rfb) return
    const { size, quality, compression, dot } = this.settings
    const touch = matchMedia('(pointer: coarse)').matches
    rfb.scaleViewport = size !== 'real'
    rfb.clipViewport = size === 'real' && touch
    rfb.dragViewport = size === 'real' && touch
    rfb.resizeSession = size === 'guest'
    rfb.qualityLevel = qualities[quality]
    rfb.compressionLevel = compressions[compression]
    rfb.showDotCursor = dot
  }

  set(settings: ScreenSettings): void {
    this.settings = settings
    this.#apply()
  }
  get viewOnly(): boolean {
    return this.#viewOnly
  }
  set viewOnly(on: boolean) {
    this.#viewOnly = on
    this.#set({})
  }

  #told(message: ConsoleServerMessage): void {
    if (message.t === 'hello') {
      const before = this.view.me
      this.#set({ me: message.viewer, mode: message.mode, writer: message.writer })
      // The server may still hold our cut connection for the one that types.
      if (before !== null && message.writer === before) this.take()
    } else if (message.t === 'viewers') {
      const { writer, viewers, asking, offered } = message
      this.#set({ writer, viewers, asking, offered, seat: writer === this.view.writer ? this.view.seat : null })
    } else if (message.t === 'seat') this.#set({ seat: { what: message.what, by: message.by } })
    else if (message.t === 'state') this.#set({ session: { state: message.state, text: message.text } })
  }

  #lost(code: number, reason: string): void {
    this.#channel = null
    const rfb = this.#rfb
    this.#rfb = null
    if (this.#closed) return
    this.#keepPicture()
    rfb?.disconnect()
    const signedOut = code === consoleClose.signedOut
    if (signedOut || code === consoleClose.gone || code === consoleClose.linkEnded) {
      this.#set({ link: 'closed', reason, signedOut })
      return
    }
    const wait = Math.min(lastRetry, firstRetry * 2 ** this.#tries++)
    this.#timer = setTimeout(() => this.#open(), wait)
    this.#set({ link: 'lost', reason })
    if (!this.#opened) void this.#askWhy()
  }

  /** noVNC takes its canvas away; what was on it stays as a picture. */
  #keepPicture(): void {
    const canvas = this.element.querySelector('canvas')
    if (!canvas?.width || !this.view.seen) return
    const still = document.createElement('canvas')
    still.width = canvas.width
    still.height = canvas.height
    still.className = 'console-screen-still'
    still.getContext('2d')?.drawImage(canvas, 0, 0)
    this.element.append(still)
  }

  async #askWhy(): Promise<void> {
    const why = await this.#refusal.refused()
    if (!why || this.#closed || this.view.link === 'open' || this.view.link === 'closed') return
    clearTimeout(this.#timer)
    this.#channel = null
    this.#rfb?.disconnect()
    this.#rfb = null
    const signedOut = why === 'signed-out'
    this.#set({ link: 'closed', reason: signedOut ? m.signedOut : m.gone, signedOut })
  }

  retry = () => {
    if (this.#closed) return
    if (this.#channel) return this.#channel.tell({ t: 'reconnect' })
    this.#set({ link: 'connecting', signedOut: false })
    this.#open()
  }
  take(): void {
    this.#channel?.tell({ t: 'take' })
  }
  seat(message: ConsoleClientMessage & { t: 'ask' | 'offer' | 'accept' | 'decline' }): void {
    this.#channel?.tell(message)
  }

  press = ({ keysym, code, down }: Press): void => this.#rfb?.sendKey(keysym, code, down)
  stroke(stroke: Stroke): void {
    for (const press of pressesOf(stroke)) this.press(press)
  }
  /** Types texts as keys, at a pace that a keyboard's buffer can take. Every key is up again when it resolves or rejects. */
  readonly port: TypePort = {
    kind: 'keys',
    send: async (strokes, signal) => {
      for (const stroke of strokes) {
        signal.throwIfAborted()
        if (this.view.link !== 'open' || this.view.session.state !== 'attached' || !this.mayType) throw new Error(typeMessages.notTyping)
        this.stroke(stroke)
        await new Promise((resolve) => setTimeout(resolve, betweenKeys))
      }
    },
  }
  /** Puts text on the guest's clipboard, where the guest takes one. */
  clip(text: string): void {
    this.#rfb?.clipboardPasteFrom(text)
  }
  /** The picture as a PNG of its true size, or null when there is none. */
  screenshot(): Promise<Blob | null> {
    const rfb = this.#rfb
    return new Promise((resolve) => (rfb ? rfb.toBlob(resolve, 'image/png') : resolve(null)))
  }
  focus(): void {
    this.#rfb?.focus({ preventScroll: true })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    const rfb = this.#rfb
    this.#rfb = null
    this.#channel = null
    rfb?.disconnect()
    this.element.replaceChildren()
    this.#listeners.clear()
  }
}
