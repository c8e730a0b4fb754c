/** Addresses of pages. A guest's id may hold anything an engine allows in a name. */
export const guestPath = (id: string, tab = ''): string => `/guests/${encodeURIComponent(id)}${tab && `/${tab}`}`
export const hostPath = (id: string): string => `/hosts/${encodeURIComponent(id)}`
/** The create page, with that host chosen. */
export const createPath = (host: string): string => `/guests/new?host=${encodeURIComponent(host)}`
export const jobPath = (id: string): string => `/jobs/${encodeURIComponent(id)}`

/** Only an address on this site, never one that leads away: `//host` and `/\host` do. */
export const safeNext = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : '/')
