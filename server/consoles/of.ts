import type { GuestRef } from '../model/guest'

/** Whose console a session is: of a guest, or the shell of a host itself. */
export type ConsoleSubject = { guest: GuestRef } | { host: string }

/** A session's place: `id` is the guest's id, or `host~` and the host's. */
export type SessionOf = { id: string; kind: 'serial' | 'shell' }
