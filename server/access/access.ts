import { randomUUID } from 'node:crypto'
import type { Database } from '../db/client'
import { AppError } from '../errors'
import type { Log } from '../log'
import type { Access, SessionInfo, User } from '../services'
import { readSessionCookie } from './cookies'
import { keepIn } from './keep-throttle'
import { createPasswords } from './password'
import { roleAllows } from './roles'
import { createSessions } from './sessions'
import { createThrottle } from './throttle'
import { hashToken, newToken } from './tokens'

const setupKey = 'setup-token-hash'

/** Signing in, sessions, rights and the audit, on the database. What was tried is kept there too, so that a restart gives nobody new tries. */
export function createAccess({ db, log, now = Date.now }: { db: Database; log: Log; now?: () => number }): Access {
  const passwords = createPasswords()
  const sessions = createSessions({ db, now })
  // A name's wait stays short: others can make it grow, and its owner must still get in. An address pays more.
  const openThrottles = () =>
    Promise.all([
      createThrottle({ free: 5, maxSeconds: 60 }, { keep: keepIn(db, 'name', log), now }),
      createThrottle({ free: 10, maxSeconds: 900 }, { keep: keepIn(db, 'address', log), now }),
    ])
  let throttles: ReturnType<typeof openThrottles> | null = null
  const listeners = new Set<(token: string) => void>()
  let hasUser = false

  async function needsSetup(): Promise<boolean> {
    // Once there is a user there always is one.
    if (!hasUser) hasUser = (await db.user.count()) > 0
    return !hasUser
  }

  const audit: Access['audit'] = async (entry) => {
    try {
      await db.audit.create({ data: { at: now(), detail: null, from: null, ...entry } })
    } catch (error) {
      // The act has happened; losing its record must be seen, not undo it.
      log.error({ error, entry }, 'an audit entry could not be written')
    }
  }

  /** Counts the try, or rejects with the time to wait. Names are counted without regard to case. */
  async function admit(name: string, from: string): Promise<{ right(): Promise<unknown> }> {
    const key = name.toLowerCase()
    throttles ??= openThrottles().catch((error: unknown) => {
      throttles = null
      throw error
    })
    const [byName, byAddress] = await throttles
    // From here to the counting nothing is awaited: of many tries at once each sees those before it.
    const seconds = Math.max(byName.wait(key), byAddress.wait(from))
    if (seconds > 0) throw new AppError('too-many', `Too many tries. Wait ${seconds} s and try again.`)
    await Promise.all([byName.count(key), byAddress.count(from)])
    return { right: () => Promise.all([byName.clear(key), byAddress.forgive(from)]) }
  }

  async function setup({ token, name, password }: { token: string; name: string; password: string }, from: string): Promise<SessionInfo> {
    const refused = new AppError('refused', 'This set-up link is not valid. Use the newest one that the server printed.', 'token')
    const tries = await admit('set-up', from)
    const value = hashToken(token)
    // Before the costly hash: whoever holds no link gets no work out of the server.
    if (!(await db.setting.findFirst({ where: { key: setupKey, value } }))) throw refused
    const user: User = { id: randomUUID(), name, role: 'admin' }
    const passwordHash = await passwords.hash(password)
    await db.$transaction(async (tx) => {
      // Deleting it is taking it: of two who hold the same link, one finds it gone.
      const { count } = await tx.setting.deleteMany({ where: { key: setupKey, value } })
      if (count === 0 || (await tx.user.count()) > 0) throw refused
      await tx.user.create({ data: { ...user, passwordHash, createdAt: now() } })
    })
    await tries.right()
    hasUser = true
    await audit({ user: user.id, action: 'session.setup', target: name, ok: true, from })
    return sessions.open(user, from)
  }

  async function signIn({ name, password }: { name: string; password: string }, from: string): Promise<SessionInfo> {
    const tries = await admit(name, from)
    const row = await db.user.findUnique({ where: { name } })
    const right = await passwords.verify(row?.passwordHash ?? null, password)
    await audit({ user: row?.id ?? '', action: 'session.signIn', target: name, ok: right, from })
    if (!right || row?.role !== 'admin') throw new AppError('unauthenticated', 'The name or the password is wrong')
    await tries.right()
    return sessions.open({ id: row.id, name: row.name, role: row.role }, from)
  }

  return {
    needsSetup,
    setup,
    signIn,
    audit,
    async setupToken() {
      const token = newToken()
      const value = hashToken(token)
      await db.setting.upsert({ where: { key: setupKey }, create: { key: setupKey, value }, update: { value } })
      return token
    },
    async signOut(token) {
      if (await sessions.end(token)) for (const listener of listeners) listener(token)
    },
    async session(cookieHeader) {
      const token = readSessionCookie(cookieHeader)
      return token ? sessions.find(token) : null
    },
    allows: (user, permission) => roleAllows(user.role, permission),
    onRevoked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
