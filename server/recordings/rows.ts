import { z } from 'zod'
import type { Database } from '../db/client'
import type { RecordingFilter, RecordingInfo } from '../model/recording'

const row = z.object({
  id: z.string(),
  guest: z.string(),
  kind: z.enum(['serial', 'shell']),
  identity: z.string().nullable(),
  user: z.string().nullable(),
  people: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  input: z.boolean(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  sizeBytes: z.number(),
  seconds: z.number(),
})

/** A row as pages see it. */
function toInfo(raw: unknown): RecordingInfo {
  const { identity, user, endedAt, ...rest } = row.parse(raw)
  return { ...rest, identity: identity ?? undefined, user: user ?? undefined, endedAt: endedAt ?? undefined }
}

export type Rows = ReturnType<typeof createRows>

/** The words about recordings, in the database. */
export function createRows(db: Database) {
  return {
    async begin({ identity, user, people, endedAt: _, ...info }: RecordingInfo): Promise<void> {
      await db.recording.create({
        data: { ...info, identity: identity ?? null, user: user ?? null, people: JSON.stringify(people) },
      })
    },
    async update(
      id: string,
      change: Partial<Pick<RecordingInfo, 'people' | 'endedAt' | 'sizeBytes' | 'seconds' | 'input'>>,
    ): Promise<void> {
      const { people, ...rest } = change
      await db.recording.updateMany({ where: { id }, data: { ...rest, ...(people ? { people: JSON.stringify(people) } : {}) } })
    },
    async get(id: string): Promise<RecordingInfo | null> {
      const found = await db.recording.findUnique({ where: { id } })
      return found && toInfo(found)
    },
    async remove(id: string): Promise<void> {
      await db.recording.deleteMany({ where: { id } })
    },
    /** Those that no server of now writes to. */
    async unfinished(): Promise<RecordingInfo[]> {
      return (await db.recording.findMany({ where: { endedAt: null } })).map(toInfo)
    },
    /** Those that have ended, oldest first. */
    async ended(): Promise<RecordingInfo[]> {
      return (await db.recording.findMany({ where: { endedAt: { not: null } }, orderBy: { startedAt: 'asc' } })).map(toInfo)
    },
    /** Whose consoles were recorded: ids of guests. */
    async guests(): Promise<string[]> {
      return (await db.recording.findMany({ distinct: ['guest'], select: { guest: true }, orderBy: { guest: 'asc' } })).map(
        ({ guest }) => guest,
      )
    },
    /** Newest first. `guests`: only of these. */
    async list(filter: RecordingFilter, guests: readonly string[]): Promise<RecordingInfo[]> {
      const { guest, identity, user, from, to, before, limit } = filter
      const found = await db.recording.findMany({
        where: {
          guest: { in: guest === undefined ? [...guests] : guests.filter((each) => each === guest) },
          ...(identity === undefined ? {} : { identity }),
          startedAt: { gte: from, lte: to, lt: before },
          ...(user === undefined ? {} : { OR: [{ user }, { people: { contains: JSON.stringify(user) } }] }),
        },
        orderBy: { startedAt: 'desc' },
        take: limit,
      })
      return found.map(toInfo)
    },
  }
}
