import type { WebSocket } from 'ws'
import type { ConsoleServerMessage, ViewerMode } from '../model/console'
import type { ConsoleLimits } from './limits'
import type { Ring } from './ring'

/** What a viewer needs of its socket. */
type Outlet = Pick<WebSocket, 'OPEN' | 'readyState' | 'bufferedAmount' | 'close' | 'terminate'> & { send(data: string | Uint8Array): void }

/** One open glass: what was sent to it, what it drew. */
export class Viewer {
  acked: number
  window: number
  progressAt = Date.now()
  /** What it types now is not for recorders. */
  secret = false
  #sent: number

  constructor(
    readonly id: string,
    readonly name: string,
    readonly socket: Outlet,
    from: number,
    /** The end of what it missed: up to there nothing waits for an acknowledgement that the window has room for. */
    private readonly until: number,
    private readonly limits: ConsoleLimits,
    readonly mode: ViewerMode = 'type',
    /** It came by a watch link. */
    readonly link = false,
  ) {
    this.acked = from
    this.#sent = from
    this.window = limits.windowBytes
  }

  tell(message: ConsoleServerMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message))
  }

  /**
   * Sends what its window allows. One that the ring has overtaken skips to the newest part and is told.
   * While enough is under way a small rest waits for the next acknowledgement or for more: pty reads are 4 KiB at most,
   * and a browser spends more on receiving so many small frames than on drawing them. A quiet console never waits.
   */
  pump(ring: Ring): void {
    const { bufferBytes, frameBytes, quietBytes, replayBytes } = this.limits
    if (this.#sent < ring.start) {
      // Only once it drew what is under way: who takes nothing gets nothing more.
      if (this.acked < this.#sent) return
      const from = ring.lineStart(Math.max(ring.start, ring.end - Math.min(replayBytes, ring.capacity / 2)))
      this.tell({ t: 'skip', from, lost: from - this.#sent })
      this.acked = from
      this.#sent = from
    }
    while (this.#sent < ring.end && this.socket.readyState === this.socket.OPEN) {
      const room = this.acked + this.window - this.#sent
      if (room <= 0) return
      // Something is under way then: its acknowledgement comes back here.
      if (this.socket.bufferedAmount >= bufferBytes) return
      if (this.#sent >= this.until && this.#sent - this.acked >= quietBytes && ring.end - this.#sent < Math.min(frameBytes, room)) return
      if (this.#sent === this.acked) this.progressAt = Date.now()
      const bytes = ring.read(this.#sent, Math.min(room, frameBytes))
      this.#sent += bytes.length
      this.socket.send(bytes)
    }
  }

  /** Takes an acknowledgement and the window the client asks for. False when it claims bytes that were never sent. */
  ack(seq: number, window = this.window): boolean {
    if (seq > this.#sent) return false
    const [least, most] = this.limits.windowRange
    this.window = Math.min(most, Math.max(least, window))
    if (seq > this.acked) {
      this.acked = seq
      this.progressAt = Date.now()
    }
    return true
  }

  /** Whether something is under way to it that it has not drawn. */
  get behind(): boolean {
    return this.acked < this.#sent
  }

  /** ms since it last drew something although there was something to draw. */
  stalledFor(now: number): number {
    return this.behind ? now - this.progressAt : 0
  }
}
