import type { ExecError } from './error'
import { pack, type Unpack } from './ssh-wire'

/** How a remote command ended: `signal` as ssh names it, without "SIG". */
export type ChannelExit = { code: number | null; signal?: string }

/** What a channel tells. `lost`: the connection is gone, or the command ended without saying how. */
export type ChannelEvents = {
  out(bytes: Buffer): void
  err?(bytes: Buffer): void
  /** Nothing more will come of either. */
  eof?(): void
  exit?(exit: ChannelExit): void
  /** The last word, once: closed by either side, or the connection was lost. */
  closed(error?: ExecError): void
}

/** Message numbers of the connection protocol. RFC 4254, 9 */
export const message = {
  open: 90,
  opened: 91,
  openFailed: 92,
  window: 93,
  data: 94,
  extended: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const

/** How much may come before it was consumed. Large enough for a fast line across an ocean, small enough to hold thousands of. */
export const windowBytes = 1024 * 1024
export const packetBytes = 32 * 1024

type Waiting = { bytes: Buffer; done?: () => void }

/** One stream of a connection: a command with its input and output, or a forwarded socket. RFC 4254, 5 */
export class Channel {
  private remoteWindow: number
  private queue: Waiting[] = []
  private unsaid = 0
  private sentEof = false
  private wantsEof = false
  private sentClose = false
  private gone = false
  private readonly replies: ((ok: boolean) => void)[] = []

  constructor(
    private readonly remote: { id: number; window: number; packet: number },
    private readonly send: (kind: number, payload: Buffer) => void,
    private readonly events: ChannelEvents,
  ) {
    this.remoteWindow = remote.window
  }

  /** Queues bytes for the other side; `done` when they were sent, or never will be. */
  write(bytes: Uint8Array, done?: () => void): void {
    if (this.gone || this.wantsEof) {
      done?.()
      return
    }
    this.queue.push({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), done })
    this.flush()
  }

  /** No more input will come, after what is queued. */
  end(): void {
    this.wantsEof = true
    this.flush()
  }

  /** So many bytes were taken up: as many more may come. */
  consumed(bytes: number): void {
    this.unsaid += bytes
    if (this.unsaid < windowBytes / 4 || this.gone || this.sentClose) return
    this.send(message.window, pack(this.remote.id, this.unsaid))
    this.unsaid = 0
  }

  /** Asks for something; resolves with whether it was granted, or false when the channel closed first. */
  request(kind: string, payload: Buffer): Promise<boolean> {
    if (this.gone || this.sentClose) return Promise.resolve(false)
    this.send(message.request, Buffer.concat([pack(this.remote.id, kind, true), payload]))
    return new Promise((resolve) => this.replies.push(resolve))
  }

  /** Tells something that needs no answer. */
  tell(kind: string, payload: Buffer): void {
    if (!this.gone && !this.sentClose) this.send(message.request, Buffer.concat([pack(this.remote.id, kind, false), payload]))
  }

  close(): void {
    if (this.gone || this.sentClose) return
    this.sentClose = true
    this.dropQueue()
    this.send(message.close, pack(this.remote.id))
  }

  /** A message for this channel; its recipient has been read. True when the channel is done with. */
  receive(kind: number, rest: Unpack): boolean {
    if (kind === message.data) {
      const bytes = rest.data()
      if (!this.sentClose) this.events.out(bytes)
    } else if (kind === message.extended) {
      rest.number()
      const bytes = rest.data()
      if (this.events.err && !this.sentClose) this.events.err(bytes)
      else this.consumed(bytes.length)
    } else if (kind === message.window) {
      this.remoteWindow += rest.number()
      this.flush()
    } else if (kind === message.eof) this.events.eof?.()
    else if (kind === message.request) this.requested(rest)
    else if (kind === message.success) this.replies.shift()?.(true)
    else if (kind === message.failure) this.replies.shift()?.(false)
    else if (kind === message.close) {
      this.close()
      this.finish()
      return true
    }
    return false
  }

  /** The connection is gone. */
  lost(error: ExecError): void {
    this.finish(error)
  }

  private requested(rest: Unpack): void {
    const kind = rest.text()
    const wantsReply = rest.byte() !== 0
    if (kind === 'exit-status') this.events.exit?.({ code: rest.number() })
    else if (kind === 'exit-signal') this.events.exit?.({ code: null, signal: rest.text() })
    else if (wantsReply && !this.sentClose) this.send(message.failure, pack(this.remote.id))
  }

  private flush(): void {
    while (!this.gone && !this.sentClose) {
      const first = this.queue[0]
      if (!first) break
      const room = Math.min(this.remoteWindow, this.remote.packet, packetBytes)
      if (room <= 0 && first.bytes.length > 0) return
      const piece = first.bytes.subarray(0, room)
      this.remoteWindow -= piece.length
      if (piece.length > 0) this.send(message.data, pack(this.remote.id, piece))
      if (piece.length < first.bytes.length) first.bytes = first.bytes.subarray(piece.length)
      else {
        this.queue.shift()
        first.done?.()
      }
    }
    if (!this.wantsEof || this.sentEof || this.gone || this.sentClose) return
    this.sentEof = true
    this.send(message.eof, pack(this.remote.id))
  }

  private dropQueue(): void {
    for (const { done } of this.queue.splice(0)) done?.()
  }

  private finish(error?: ExecError): void {
    if (this.gone) return
    this.gone = true
    this.dropQueue()
    for (const reply of this.replies.splice(0)) reply(false)
    this.events.closed(error)
  }
}
