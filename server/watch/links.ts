import { randomUUID } from 'node:crypto'
import { keepIn } from '../access/keep-throttle'
import { createThrottle } from '../access/throttle'
import { hashToken, newToken } from '../access/tokens'
import type { Database } from '../db/client'
import { AppError } from '../errors'
import type { Log } from '../log'
import { consoleKinds, type Guest, type GuestRef, parseGuestId } from '../model/guest'
import { type Watched, type WatchLinkView, watchToken } from '../model/watch'
import type { Access, Bus, Inventory, WatchLinks } from '../services'
import { followGuests, sameGuest } from './follow'
import { createOpenLinks } from './open-links'

type Parts = {
  db: Database
  access: Pick<Access, 'allows' | 'audit'>
  inventory: Pick<Inventory, 'guest' | 'guests'>
  bus: Pick<Bus, 'subscribe'>
  log: Log
  /** ms since 1970 */
  now?: () => number
}

const day = 86_400_000
/** So many wrong tokens from one address cost nothing; then each doubles the wait, up to so long. 256 random bits are not guessed, but the database need not look for them all day. */
const guesses = { free: 20, maxSeconds: 900 }
/** How long the row of an ended link stays, so that its page can say what became of it. */
const rememberMs = 30 * day
/** How old `lastUsedAt` may be before it is written again. */
const touchMs = 60_000
/** Good links of one guest at a time. */
const most = 50

const unknown = () => new AppError('not-found', 'There is no such watch link. It may be incomplete.')
const revoked = 'This watch link was revoked.'
const expired = 'This watch link has expired.'
const replaced = 'This watch link has ended: the guest it was made for is gone.'

type Row = NonNullable<Awaited<ReturnType<Database['watchLink']['findUnique']>>>
type Good = { row: Row; guest: Guest; ref: GuestRef; kind: Watched['kind']; by: string }

/** Links that show one console of one guest to whoever holds them, read-only, for a while. Only the hash of a token is kept. */
export function createWatchLinks({ db, access, inventory, bus, log, now = Date.now }: Parts): WatchLinks {
  const open = createOpenLinks(now)
  let throttle: ReturnType<typeof createThrottle> | null = null

  /** The row of a token, ended or not. Rejects with `too-many` before it looks, when there were too many wrong ones from there. */
  async function find(token: string, from: string): Promise<Row> {
    throttle ??= createThrottle(guesses, { keep: keepIn(db, 'watch', log), now })
    const tries = await throttle
    const seconds = tries.wait(from)
    if (seconds > 0) throw new AppError('too-many', `Too many wrong watch links. Wait ${seconds} s and try again.`)
    const counted = tries.count(from)
    const row = watchToken.test(token) ? await db.watchLink.findUnique({ where: { tokenHash: hashToken(token) } }) : null
    await counted
    if (!row) throw unknown()
    await tries.forgive(from)
    return row
  }

  /** The link of a token, when it is good now. Rejects with `refused` and what became of it. */
  async function good(token: string, from: string): Promise<Good> {
    const row = await find(token, from)
    if (row.revokedAt !== null) throw new AppError('refused', revoked)
    if (now() >= row.expiresAt) throw new AppError('refused', expired)
    const maker = await db.user.findUnique({ where: { id: row.user } })
    // A link is worth what its maker is worth.
    if (
      maker?.role !== 'admin' ||
      !access.allows({ id: maker.id, name: maker.name, role: maker.role }, 'guest.console', `guest/${row.guest}`)
    )
      throw new AppError('refused', revoked)
    const guest = inventory.guest(row.guest)
    const ref = parseGuestId(row.guest)
    const kind = consoleKinds.find((each) => each === row.kind)
    if (guest && !sameGuest(row, guest)) throw new AppError('refused', replaced)
    if (!guest || !ref || !kind || !guest.consoles.includes(kind))
      throw new AppError('unavailable', 'The console is not there now. Try again later.')
    return { row, guest, ref, kind, by: maker.name }
  }

  async function touch({ id, lastUsedAt, guest, kind }: Row, by: string, from: string): Promise<void> {
    const at = now()
    if (lastUsedAt !== null && at - lastUsedAt < touchMs) return
    // Of two who use it for the first time at once, one is written down as the first.
    const { count } = await db.watchLink.updateMany({ where: { id, lastUsedAt: null }, data: { lastUsedAt: at } })
    if (count === 0) await db.watchLink.updateMany({ where: { id }, data: { lastUsedAt: at } })
    else await access.audit({ user: '', action: 'watch.use', target: `${kind} ${guest}`, detail: `Watch link of ${by}`, ok: true, from })
  }

  /** Ends links and closes what is open through them. Resolves with how many there were. */
  async function end(where: { guest: string; id?: string | { in: string[] } }, words: string): Promise<number> {
    const rows = await db.watchLink.findMany({ where: { ...where, revokedAt: null, expiresAt: { gt: now() } }, select: { id: true } })
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return 0
    await db.watchLink.updateMany({ where: { id: { in: ids } }, data: { revokedAt: now() } })
    for (const id of ids) open.end(id, words)
    return ids.length
  }

  const unfollow = followGuests({ db, inventory, bus, log, now, end: (guest, ids) => end({ guest, id: { in: ids } }, replaced) })

  return {
    async make({ guest: id, kind, minutes }, user) {
      const guest = inventory.guest(id)
      if (!guest?.consoles.includes(kind)) throw new AppError('not-found', 'There is no such guest, or it has no such console')
      const at = now()
      await db.watchLink.deleteMany({ where: { expiresAt: { lt: at - rememberMs } } })
      if ((await db.watchLink.count({ where: { guest: id, revokedAt: null, expiresAt: { gt: at } } })) >= most)
        throw new AppError('refused', `There are ${most} watch links to this guest already. Revoke one first.`)
      const token = newToken()
      const row = { id: randomUUID(), guest: id, identity: guest.identity ?? null, kind, user: user.id, createdAt: at }
      const expiresAt = at + minutes * 60_000
      await db.watchLink.create({ data: { ...row, tokenHash: hashToken(token), expiresAt } })
      return { token, link: { id: row.id, kind, by: user.name, createdAt: at, expiresAt, lastUsedAt: null, watching: 0 } }
    },
    async list(guest) {
      const rows = await db.watchLink.findMany({
        where: { guest, revokedAt: null, expiresAt: { gt: now() } },
        orderBy: { createdAt: 'desc' },
      })
      const users = await db.user.findMany({ where: { id: { in: rows.map(({ user }) => user) } }, select: { id: true, name: true } })
      const names = new Map(users.map(({ id, name }) => [id, name]))
      return rows.flatMap(({ id, kind: stored, user, createdAt, expiresAt, lastUsedAt }): WatchLinkView[] => {
        const kind = consoleKinds.find((each) => each === stored)
        return kind ? [{ id, kind, by: names.get(user) ?? '?', createdAt, expiresAt, lastUsedAt, watching: open.count(id) }] : []
      })
    },
    async revoke(guest, id) {
      if ((await end({ guest, id }, revoked)) === 0) throw new AppError('not-found', 'There is no such watch link, or it has ended already')
    },
    async look(token, from) {
      const { row, guest, kind } = await good(token, from)
      return { guest: guest.name, kind, until: row.expiresAt }
    },
    async open(token, from) {
      const { row, ref, kind, by } = await good(token, from)
      const { ends, release } = open.add(row.id, row.expiresAt, expired)
      try {
        await touch(row, by, from)
        // It may have been revoked since it was read: then nobody has ended what was not open yet.
        const still = await db.watchLink.findUnique({ where: { id: row.id }, select: { revokedAt: true } })
        if (!still || still.revokedAt !== null) throw new AppError('refused', revoked)
      } catch (error) {
        release()
        throw error
      }
      return { guest: ref, kind, by: { name: `Watch link of ${by}`, mode: 'watch', token: null, ends }, release }
    },
    close() {
      unfollow()
      open.close()
    },
  }
}
