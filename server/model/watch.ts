import type { ConsoleKind } from './guest'

/** How long a watch link may hold, minutes. */
export const watchMinutes = [15, 60, 480, 1440] as const
export type WatchMinutes = (typeof watchMinutes)[number]

/** A watch link as those see it who may make one. The token is in the address only, and only once. */
export type WatchLinkView = {
  id: string
  kind: ConsoleKind
  /** Name of who made it. */
  by: string
  createdAt: number
  expiresAt: number
  lastUsedAt: number | null
  /** How many watch through it now. */
  watching: number
}

/** All that the holder of a link is told. `until`: ms since 1970. */
export type Watched = { guest: string; kind: ConsoleKind; until: number }

/** The token of a link as it stands in addresses: 32 bytes in base64url. */
export const watchToken = /^[A-Za-z0-9_-]{43}$/
