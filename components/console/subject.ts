import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'

/** Whose console a terminal shows: a guest's, or the shell of a host itself. */
export type TerminalSubject = { guest: Guest } | { host: HostView }

export const subjectName = (subject: TerminalSubject): string => ('guest' in subject ? subject.guest.name : subject.host.name)

/** What the socket's address says of it. */
export const subjectQuery = (subject: TerminalSubject): Record<string, string> =>
  'guest' in subject ? { guest: subject.guest.id } : { host: subject.host.id }
