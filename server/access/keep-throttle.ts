import type { Database } from '../db/client'
import type { Log } from '../log'
import type { Keep } from './throttle'

/** Keeps a throttle's entries in the table `Throttle`, under keys that begin with `kind`. What is too old is removed when loaded. */
export function keepIn(db: Database, kind: string, log: Log): Keep {
  const prefix = `${kind}:`
  // Writes of one key must not overtake each other.
  let last: Promise<unknown> = Promise.resolve()
  return {
    async load(since) {
      await db.throttle.deleteMany({ where: { lastAt: { lt: since } } })
      const rows = await db.throttle.findMany({ where: { key: { startsWith: prefix } } })
      return rows.map(({ key, failures, lastAt }) => [key.slice(prefix.length), { failures, lastAt }])
    },
    save(key, entry) {
      const where = { key: `${prefix}${key}` }
      const write = async () => {
        if (entry) await db.throttle.upsert({ where, create: { ...where, ...entry }, update: entry })
        else await db.throttle.deleteMany({ where })
      }
      const done = last.then(write).then(
        () => {},
        (error: unknown) => log.error({ err: error }, 'a wrong try to sign in could not be kept'),
      )
      last = done
      return done
    },
  }
}
