import type { Argv } from './plan'
/** Where a console's bytes come from; the hub streams it. */
export type ConsoleTarget =
  | {
      kind: 'pty'
      argv: Argv /** Environment added to the clean one. */
      env?: Record<string, string> /** Text of the past to show first: a file on the host, its last bytes. */
      history?: { path: string }
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
  | { t: 'state'; state: 'attached' | 'waiting' | 'ended'; text: string }
  | { t: 'size'; cols: number; rows: number }
  | { t: 'error'; message: string }
export type ConsoleClientMessage =
  /** Bytes drawn so far, as a sequence number: the credit for flow control. */
  { t: 'ack'; seq: number } | { t: 'resize'; cols: number; rows: number } | { t: 'take' }
