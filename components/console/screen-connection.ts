import RFB from '@novnc/novnc'
import { consoleClose } from '@/server/model/console'
import { consoleMessages as m } from './messages'
import { RefusalWatch } from './refusal'

export type ScreenView = {
  link: 'connecting' | 'open' | 'lost' | 'closed'
  reason: string
  signedOut: boolean
  /** The VNC server wants a password before it shows anything. */
  asksPassword: boolean
  /** What the guest put on its clipboard last. */
  clipboard: string
}

const firstRetry = 500
const lastRetry = 5000

/** The screen of a guest in `element`; comes back by itself when it was cut or when the guest runs again. */
export class ScreenConnection {
  view: ScreenView = { link: 'connecting', reason: '', signedOut: false, asksPassword: false, clipboard: '' }
  #rfb: RFB | null = null
  #tries = 0
  #opened = false
  readonly #refusal = new RefusalWatch()
  #timer: ReturnType<typeof setTimeout> | undefined
  #listeners = new Set<() => void>()
  #closed = false

  constructor(
    private readonly element: HTMLElement,
    private readonly url: string,
  ) {
    this.#open()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  snapshot = (): ScreenView => this.view

  #set(change: Partial<ScreenView>): void {
    this.view = { ...this.view, ...change }
    for (const listener of this.#listeners) listener()
  }

  #open(): void {
    clearTimeout(this.#timer)
    const socket = new WebSocket(this.url)
    socket.binaryType = 'arraybuffer'
    const rfb = new RFB(this.element, socket, { shared: true })
    this.#rfb = rfb
    rfb.background = 'transparent'
    rfb.scaleViewport = true
    this.#opened = false
    socket.addEventListener('open', () => {
      this.#opened = true
      this.#refusal.opened()
    })
    let refused = ''
    rfb.addEventListener('connect', () => {
      this.#tries = 0
      this.#set({ link: 'open', reason: '', asksPassword: false })
      rfb.focus({ preventScroll: true })
    })
    rfb.addEventListener('credentialsrequired', () => this.#set({ asksPassword: true }))
    rfb.addEventListener('securityfailure', (event) => {
      const detail = event instanceof CustomEvent ? (event.detail as { reason?: string }) : {}
      refused = m.vnc.refused(detail.reason ?? '')
    })
    rfb.addEventListener('clipboard', (event) => {
      if (event instanceof CustomEvent) this.#set({ clipboard: String((event.detail as { text?: unknown }).text ?? '') })
    })
    // noVNC does not hand on why the socket was closed.
    socket.addEventListener('close', ({ code, reason }) => rfb === this.#rfb && this.#lost(code, refused || reason))
  }

  #lost(code: number, reason: string): void {
    this.#rfb = null
    if (this.#closed) return
    if (code === consoleClose.signedOut || code === consoleClose.gone) {
      this.#set({ link: 'closed', reason, signedOut: code === consoleClose.signedOut, asksPassword: false })
      return
    }
    const wait = Math.min(lastRetry, firstRetry * 2 ** this.#tries++)
    this.#timer = setTimeout(() => this.#open(), wait)
    this.#set({ link: 'lost', reason, asksPassword: false })
    if (!this.#opened) void this.#askWhy()
  }

  async #askWhy(): Promise<void> {
    const why = await this.#refusal.refused()
    if (!why || this.#closed || this.view.link === 'open' || this.view.link === 'closed') return
    clearTimeout(this.#timer)
    const rfb = this.#rfb
    this.#rfb = null
    rfb?.disconnect()
    const signedOut = why === 'signed-out'
    this.#set({ link: 'closed', reason: signedOut ? m.signedOut : m.gone, signedOut })
  }

  retry = (): void => {
    if (this.#rfb || this.#closed) return
    this.#set({ link: 'connecting', signedOut: false })
    this.#open()
  }
  password(password: string): void {
    this.#set({ asksPassword: false })
    this.#rfb?.sendCredentials({ password })
  }
  ctrlAltDel(): void {
    this.#rfb?.sendCtrlAltDel()
  }
  key(keysym: number, code: string): void {
    this.#rfb?.sendKey(keysym, code)
  }
  /** Puts text on the guest's clipboard, where the guest takes one. */
  clip(text: string): void {
    this.#rfb?.clipboardPasteFrom(text)
  }
  focus(): void {
    this.#rfb?.focus({ preventScroll: true })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    const rfb = this.#rfb
    this.#rfb = null
    rfb?.disconnect()
    this.#listeners.clear()
  }
}
