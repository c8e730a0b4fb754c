import type { Database } from '../db/client'
import { defaultRule, type RecordRule, recordModes } from '../model/recording'

export type Rules = {
  /** How the consoles of this guest are recorded. */
  of(guest: string): RecordRule
  set(guest: string, rule: RecordRule): Promise<void>
}

type Kept = RecordRule & { identity: string | null }

/**
 * The rules of all guests, in memory: a session must know its own before its first byte. A rule belongs to the guest that it was
 * made for: it follows it to a new name, and a later guest of the same name begins without one.
 */
export async function loadRules(db: Database, identity: (guest: string) => string | undefined): Promise<Rules> {
  const byGuest = new Map<string, Kept>()
  const byIdentity = new Map<string, string>()
  const keep = (guest: string, rule: Kept) => {
    byGuest.set(guest, rule)
    if (rule.identity !== null) byIdentity.set(rule.identity, guest)
  }
  for (const { guest, mode, input, identity: known } of await db.recordSetting.findMany())
    keep(guest, { mode: recordModes.find((each) => each === mode) ?? defaultRule.mode, input, identity: known })

  return {
    of(guest) {
      const now = identity(guest)
      const place = now === undefined ? undefined : byIdentity.get(now)
      const rule = byGuest.get(place ?? guest)
      if (!rule || (now !== undefined && rule.identity !== null && rule.identity !== now)) return defaultRule
      return { mode: rule.mode, input: rule.input }
    },
    async set(guest, { mode, input }) {
      const now = identity(guest) ?? null
      const before = now === null ? undefined : byIdentity.get(now)
      if (before !== undefined && before !== guest) {
        await db.recordSetting.deleteMany({ where: { guest: before, identity: now } })
        byGuest.delete(before)
      }
      const row = { identity: now, mode, input }
      await db.recordSetting.upsert({ where: { guest }, create: { guest, ...row }, update: row })
      keep(guest, row)
    },
  }
}
