import type { Argv } from './plan'
/** Where a console's bytes come from; the hub streams it. */
export type ConsoleTarget =
  | {
      kind: 'pty'
      argv: Argv /** Environment added to the clean one. */
      env?: Record<string, string> /** Text of the past to show first: a file on the host, its last bytes. */
      history?: {
        path: string
      } /** A file on the host that gets all output: what it holds is shown until the terminal has caught up. */
      log?: { path: string }
    }
  | { kind: 'tcp'; host: string; port: number; password?: string }
  | { kind: 'unix'; path: string; password?: string }

/**
 * The /ws/console protocol. Binary frames from the server are console bytes; binary frames from the client are typed bytes.
 * Text frames are JSON of these two unions.
 */
export type ConsoleServerMessage =
  /** First frame. The bytes that follow start at sequence `from`; `lost` bytes before it are gone from the ring. */
  | {
      t: 'hello'
      session: string
      viewer: string
      from: number
      seq: number
      lost: number
      writer: string | null
      cols: number
      rows: number
    }
  | { t: 'viewers'; writer: string | null; viewers: { id: string; name: string }[] }
  /** `seq`: what comes before it was printed before the source was attached, and is the past. */
  | { t: 'state'; state: 'attached' | 'waiting' | 'ended'; text: string; seq?: number }
  | { t: 'size'; cols: number; rows: number }
  /** This viewer fell so far behind that bytes were dropped for it: the next ones start at `from`. */
  | { t: 'skip'; from: number; lost: number }
  | { t: 'error'; message: string }
export type ConsoleClientMessage =
  /** Bytes drawn so far, as a sequence number: the credit for flow control. `window`: how many bytes this client wants under way, about what it draws in 80 ms. */
  | { t: 'ack'; seq: number; window?: number }
  | { t: 'resize'; cols: number; rows: number }
  | { t: 'take' }
  /** Opens a new shell after the last one ended, or tries at once to attach again. */
  | { t: 'reconnect' }

/** Close codes of the console sockets beyond the standard ones: what a client needs to know before it tries again. */
export const consoleClose = {
  /** The session ended or the right was withdrawn: sign in first. */
  signedOut: 4401,
  /** There is no such console: the guest is gone. */
  gone: 4404,
  /** The source ended or refuses: try again later. */
  ended: 4410,
  /** The client did not take its bytes. */
  slow: 4408,
} as const
