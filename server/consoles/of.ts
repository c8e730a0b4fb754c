import { type Guest, type GuestRef, guestId } from '../model/guest'

/** Whose console a session is: of a guest, or the shell of a host itself. */
export type ConsoleSubject = { guest: GuestRef } | { host: string }

/** A session's place: `id` is the guest's id, or `host~` and the host's. */
export type SessionOf = { id: string; kind: 'serial' | 'shell' }

/** What a session has to know of its guest or host, as it is now. A host that is not reached is told by what opening its shell says. */
export type Standing = Pick<Guest, 'type' | 'state'> | { type: 'host'; state: 'running' }

/** Whether it has a life that a console can be in. */
export const up = (guest: Standing | undefined): boolean => guest !== undefined && guest.state !== 'stopped' && guest.state !== 'crashed'

/** The id of a subject in sessions, on disk and in recordings. A guest's has three parts, a host's two: they never meet. */
export const subjectId = (subject: ConsoleSubject): string =>
  'host' in subject ? `host~${subject.host}` : guestId(subject.guest.host, subject.guest.engine, subject.guest.name)
