import type { Channel } from '@novnc/novnc'
import type { ConsoleClientMessage, ConsoleServerMessage } from '@/server/model/console'
import { Pulse } from './pulse'

type Options = {
  onOpen(): void
  onTold(message: ConsoleServerMessage): void
  onClose(code: number, reason: string): void
}

/** A socket of a screen: its bytes are noVNC's, its text frames are ours. */
export class ScreenChannel implements Channel {
  onopen: Channel['onopen'] = null
  onmessage: Channel['onmessage'] = null
  onclose: Channel['onclose'] = null
  onerror: Channel['onerror'] = null
  binaryType = 'arraybuffer'
  readonly #socket: WebSocket
  readonly #pulse: Pulse
  #over = false

  constructor(url: string, options: Options) {
    this.#socket = new WebSocket(url)
    this.#socket.binaryType = 'arraybuffer'
    const closed = (code: number, reason: string) => {
      if (this.#over) return
      this.#over = true
      this.#pulse.end()
      // noVNC does not hand on why, and takes its picture away: the owner hears of it first.
      options.onClose(code, reason)
      this.onclose?.({ code, reason })
    }
    this.#pulse = new Pulse({
      ask: () => this.tell({ t: 'ping' }),
      // The socket says that it is open, and nothing comes: its own closing would wait for the other side.
      onDead: () => {
        this.#socket.close()
        closed(1006, '')
      },
    })
    this.#socket.addEventListener('open', () => {
      options.onOpen()
      this.onopen?.()
    })
    this.#socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#over) return
      this.#pulse.beat()
      if (typeof data === 'string') options.onTold(JSON.parse(data) as ConsoleServerMessage)
      else if (data instanceof ArrayBuffer) this.onmessage?.({ data })
    })
    this.#socket.addEventListener('close', ({ code, reason }) => closed(code, reason))
    this.#socket.addEventListener('error', () => this.onerror?.())
  }

  get protocol(): string {
    return this.#socket.protocol
  }
  get readyState(): number {
    return this.#socket.readyState
  }
  send(data: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(new Uint8Array(data))
    this.#pulse.sent()
  }
  tell(message: ConsoleClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }
  close(): void {
    this.#pulse.end()
    this.#socket.close()
  }
}
