import type { RecordingState } from '../model/console'
import type { SessionOf } from './of'

/**
 * What listens to a session besides its viewers: the recorder. It is told everything, in order, and decides by itself what it keeps.
 * It must return at once and never throw; what it cannot write it drops and says.
 */
export type Tap = {
  readonly state: RecordingState
  /** Bytes of the guest or marks of ours; `seq`: the sequence number after the last of them. */
  output(bytes: Uint8Array, seq: number): void
  /** Typed bytes, and by whom. */
  input(bytes: Uint8Array, by: string): void
  resize(cols: number, rows: number): void
  /** The guest has another name now, or is on another host. */
  moved?(of: SessionOf): void
  /** The session ends; resolves once what it kept is whole. */
  close(): Promise<void>
}

/** A session as its tap sees it. */
export type Tapped = {
  id: string
  cols: number
  rows: number
  /** Called when recording begins or ends. */
  onState(state: RecordingState): void
  /** The last lines that were printed, as many as the screen has. */
  screen(): Uint8Array
}

/** Makes the tap of a session. */
export type MakeTap = (of: SessionOf, session: Tapped) => Tap
