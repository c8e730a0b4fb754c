import { type ConsoleKind, consoleKinds, parseGuestId } from '@/server/model/guest'

/** One console of the split view: a guest's id and which of its consoles. */
export type Pane = { guest: string; kind: ConsoleKind }

export const mostPanes = 6
const kept = 'bailiwick.consoles'

export const paneKey = ({ guest, kind }: Pane): string => `${kind}:${guest}`

/** Reads what `paneKey` wrote; null for anything else. */
function parsePane(text: string): Pane | null {
  const at = text.indexOf(':')
  const kind = consoleKinds.find((each) => each === text.slice(0, at))
  const guest = text.slice(at + 1)
  return kind && parseGuestId(guest) ? { guest, kind } : null
}

/** The panes of an address or of an earlier visit: each once, at most six. */
export function readPanes(texts: string[]): Pane[] {
  return [...new Set(texts)].flatMap((text) => parsePane(text) ?? []).slice(0, mostPanes)
}

export const splitPath = (panes: Pane[]): string =>
  `/consoles${panes.length > 0 ? `?${new URLSearchParams(panes.map((pane) => ['open', paneKey(pane)]))}` : ''}`

/** What the address asks for, else what was open last. */
export function wantedPanes(search: string): Pane[] {
  const asked = readPanes(new URLSearchParams(search).getAll('open'))
  if (asked.length > 0) return asked
  try {
    const last: unknown = JSON.parse(localStorage.getItem(kept) ?? '[]')
    return Array.isArray(last) ? readPanes(last.filter((each) => typeof each === 'string')) : []
  } catch {
    return []
  }
}

/** Keeps an arrangement for the next visit, and in the address. */
export function keepPanes(panes: Pane[]): void {
  history.replaceState(history.state, '', splitPath(panes))
  try {
    localStorage.setItem(kept, JSON.stringify(panes.map(paneKey)))
  } catch {
    // A browser that keeps nothing still has the address.
  }
}
