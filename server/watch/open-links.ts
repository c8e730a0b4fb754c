import { AppError } from '../errors'

/** Sockets through one link at a time. */
const most = 20

/** What is open through watch links now: each ends when its link is revoked, and by itself when the link expires. */
export function createOpenLinks(now: () => number) {
  const open = new Map<string, Set<AbortController>>()

  return {
    count: (id: string): number => open.get(id)?.size ?? 0,
    /** `ends` is aborted, with words as its reason, when the link is no longer good. `release`: call once it is closed. Throws `too-many`. */
    add(id: string, expiresAt: number, words: string): { ends: AbortSignal; release(): void } {
      const mine = open.get(id) ?? new Set()
      if (mine.size >= most) throw new AppError('too-many', `${most} people watch through this link already.`)
      open.set(id, mine)
      const one = new AbortController()
      mine.add(one)
      const timer = setTimeout(() => one.abort(words), Math.max(0, expiresAt - now())).unref()
      return {
        ends: one.signal,
        release() {
          clearTimeout(timer)
          mine.delete(one)
          if (mine.size === 0 && open.get(id) === mine) open.delete(id)
        },
      }
    },
    end(id: string, words: string): void {
      for (const one of open.get(id) ?? []) one.abort(words)
    },
    /** Nothing ends by itself any more. */
    close(): void {
      open.clear()
    },
  }
}
