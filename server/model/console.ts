import type { Argv } from './plan'
import type { RecordMode } from './recording'
/** Where a console's bytes come from; the hub streams it. */
export type ConsoleTarget =
  | {
      kind: 'pty'
      argv: Argv /** Environment added to the clean one. */
      env?: Record<string, string> /** Text of the past to show first: a file on the host, its last bytes, or what a command prints. */
      history?: { path: string } | { argv: Argv }
      /** A file on the host that gets all output: what it holds is shown until the terminal has caught up. */
      log?: { path: string }
      /**
       * Its program first tells that it has the terminal: what is typed waits for it. `end`: the last bytes of that, which are not
       * shown; `line`: nor is what comes before them. `reachMs`: how long after it keys wait for a guest that says nothing.
       */
      greets?: { end: string; line: boolean; reachMs: number }
    }
  | { kind: 'tcp'; host: string; port: number; password?: string }
  | { kind: 'unix'; path: string; password?: string }

/** The header by which a page learns what stands on the console it will show: UTF-8 in base64. */
export const firstTextHeader = 'x-bailiwick-first-text'

/** Whether a viewer may type, or only look: with the right to watch, or by a watch link. */
export type ViewerMode = 'type' | 'watch'

/**
 * Whether a console is being recorded now, whether with what is typed, and who began it where a person did. `mode`: what the
 * setting of the guest allows; `fault`: why it ended by itself.
 */
export type RecordingState = { on: boolean; input: boolean; by?: string; mode?: RecordMode; fault?: string }

/** One glass on a session, as the others see it. */
export type ViewerInfo = { id: string; name: string; mode: ViewerMode }

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
      mode: ViewerMode
      from: number
      seq: number
      /** The oldest byte that can still be had: for those who want more of the past than they were sent. */
      oldest: number
      lost: number
      /** The end of a long past that a newcomer gets next: the last screen, to be seen until all is there. */
      screen?: string
      writer: string | null
      cols: number
      rows: number
    }
  /** `asking`: who asks the writer for control; `offered`: to whom the writer offers it. Ids of viewers. */
  | { t: 'viewers'; writer: string | null; viewers: ViewerInfo[]; asking: string | null; offered: string | null }
  /** Told to one viewer: who took the keyboard from it, gave it to it, or did not want to (give or have) it. */
  | { t: 'seat'; what: 'taken' | 'given' | 'declined'; by: string }
  /** `seq`: what comes before it was printed before the source was attached, and is the past. */
  | { t: 'state'; state: 'attached' | 'waiting' | 'ended'; text: string; seq?: number }
  | { t: 'size'; cols: number; rows: number }
  | ({ t: 'recording' } & RecordingState)
  /** This viewer fell so far behind that bytes were dropped for it: the next ones start at `from`. */
  | { t: 'skip'; from: number; lost: number }
  /** The answer to `ping`. */
  | { t: 'pong' }
  | { t: 'error'; message: string }
export type ConsoleClientMessage =
  /** Bytes drawn so far, as a sequence number: the credit for flow control. `window`: how many bytes this client wants under way, about what it draws in 80 ms. */
  | { t: 'ack'; seq: number; window?: number }
  | { t: 'resize'; cols: number; rows: number }
  /** What this viewer types from here on is a secret, or no longer is: recorders get stars for it. */
  | { t: 'secret'; on: boolean }
  | { t: 'take' }
  /** Asks the writer for control. */
  | { t: 'ask' }
  /** The writer offers control to a viewer, or gives it to the one who asked. */
  | { t: 'offer'; to: string }
  /** Takes what was offered. */
  | { t: 'accept' }
  /** The writer refuses who asks, or the one it was offered to does not want it; who asked may also take it back. */
  | { t: 'decline' }
  /** Opens a new shell after the last one ended, or tries at once to attach again. */
  | { t: 'reconnect' }
  /** Asks for a sign of life: a page does not see the pings of its socket. */
  | { t: 'ping' }

/** Close codes of the console sockets beyond the standard ones: what a client needs to know before it tries again. */
export const consoleClose = {
  /** The session ended or the right was withdrawn: sign in first. */
  signedOut: 4401,
  /** The watch link that opened it has expired or was revoked. */
  linkEnded: 4403,
  /** There is no such console: the guest is gone. */
  gone: 4404,
  /** The source ended or refuses: try again later. */
  ended: 4410,
  /** The client did not take its bytes. */
  slow: 4408,
  /** As many as may are watching already, or as many sessions are open. */
  full: 4429,
} as const
