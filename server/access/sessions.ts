import type { Database } from '../db/client'
import type { SessionInfo, User } from '../services'
import { hashToken, newToken } from './tokens'

const day = 86_400_000
/** Ends after a week without use, and after a month whatever happens. */
const idleMs = 7 * day
const absoluteMs = 30 * day
/** How old `lastSeenAt` may be before it is written again: a write per request would wear the disk for nothing. */
const touchMs = 60_000

type Known = { session: SessionInfo; lastSeenAt: number; readAt: number }

export interface Sessions {
  open(user: User, from: string): Promise<SessionInfo>
  /** The session of a token, or null when it ended or never was. Use keeps it alive. */
  find(token: string): Promise<SessionInfo | null>
  /** True when there was one to end. */
  end(token: string): Promise<boolean>
}

/** Sessions in the database, by the hash of their token. What was read is kept for `touchMs`: this process is the only writer. */
export function createSessions({ db, now = Date.now }: { db: Database; now?: () => number }): Sessions {
  const known = new Map<string, Known>()
  /** Ended in this run: a read that began before the end must not bring it back. */
  const ended = new Set<string>()

  async function read(token: string, tokenHash: string): Promise<Known | null> {
    const row = await db.session.findUnique({ where: { tokenHash }, include: { user: true } })
    if (row?.user.role !== 'admin') return null
    const user: User = { id: row.user.id, name: row.user.name, role: row.user.role }
    return { session: { token, user, expiresAt: row.expiresAt }, lastSeenAt: row.lastSeenAt, readAt: now() }
  }

  return {
    async open(user, from) {
      const at = now()
      const token = newToken()
      await db.session.deleteMany({ where: { OR: [{ expiresAt: { lt: at } }, { lastSeenAt: { lt: at - idleMs } }] } })
      const expiresAt = at + absoluteMs
      await db.session.create({
        data: { tokenHash: hashToken(token), userId: user.id, createdAt: at, lastSeenAt: at, expiresAt, from },
      })
      return { token, user, expiresAt }
    },
    async find(token) {
      const tokenHash = hashToken(token)
      const at = now()
      let entry = known.get(tokenHash) ?? null
      if (!entry || at - entry.readAt > touchMs) entry = await read(token, tokenHash)
      if (!entry || ended.has(tokenHash) || at >= entry.session.expiresAt || at - entry.lastSeenAt > idleMs) {
        known.delete(tokenHash)
        return null
      }
      if (at - entry.lastSeenAt > touchMs) {
        entry.lastSeenAt = at
        // The row may have been ended meanwhile: then there is nothing to write, and nothing to let in.
        const { count } = await db.session.updateMany({ where: { tokenHash }, data: { lastSeenAt: at } })
        if (count === 0 || ended.has(tokenHash)) return null
      }
      known.set(tokenHash, entry)
      return entry.session
    },
    async end(token) {
      const tokenHash = hashToken(token)
      const { count } = await db.session.deleteMany({ where: { tokenHash } })
      if (count > 0) ended.add(tokenHash)
      known.delete(tokenHash)
      return count > 0
    },
  }
}
