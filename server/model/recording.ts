/** Recorded consoles: what pages and server both say about them. Times are ms since 1970, spans seconds, sizes bytes. */

export const recordModes = ['off', 'demand', 'always'] as const
/** `off`: never; `demand`: when somebody says so; `always`: from the first byte of each session. */
export type RecordMode = (typeof recordModes)[number]

/** How the consoles of one guest are recorded. `input`: what is typed, too, as far as the guest shows it. */
export type RecordRule = { mode: RecordMode; input: boolean }

/** Where nobody said otherwise. */
export const defaultRule: RecordRule = { mode: 'demand', input: false }

export type RecordingInfo = {
  id: string
  /** The guest's id, or of a host's own shell `host~` and the host's. */
  guest: string
  kind: 'serial' | 'shell'
  /** The engine's lasting name of the guest then: one of the same name with another is another guest. */
  identity?: string
  /** Who began it; absent where the setting of the guest did. */
  user?: string
  /** Who typed. */
  people: string[]
  input: boolean
  startedAt: number
  /** Absent: it goes on. */
  endedAt?: number
  /** All that it takes on the disk: the cast, and the text of it that is kept for searching. */
  sizeBytes: number
  /** The cast alone, as it is downloaded; told of one recording, and not in lists. */
  castBytes?: number
  seconds: number
}

export type RecordingFilter = {
  guest?: string
  /** With `guest`: only of this very guest, null for one without a lasting name. Absent: of all that had its name. */
  identity?: string | null
  /** Who began it or typed. */
  user?: string
  /** It began in this span. */
  from?: number
  to?: number
  /** Those that began before this one did, for the next page. */
  before?: number
  limit: number
}

/** How much of the past is kept. The oldest go first; those that go on are never removed. */
export type KeepRule = { days: number; bytes: number }

/** A line that holds what was looked for. */
export type TextHit = {
  guest: string
  kind: 'serial' | 'shell'
  /** The line, and those around it. */
  line: string
  before: string[]
  after: string[]
} & (
  | {
      /** In a recording: so many seconds after its beginning. */
      recording: string
      at: number
      seconds: number
    }
  | {
      /** In the text that is kept of an open console, last written then. */
      recording: null
      at: number
    }
)

export type TextHits = {
  hits: TextHit[]
  /** Why there may be more than these: in words. Absent: these are all. */
  cut?: string
  /** So much text was looked through. */
  bytes: number
}
