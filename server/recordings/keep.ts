import { z } from 'zod'
import type { Database } from '../db/client'
import type { KeepRule, RecordingInfo } from '../model/recording'
import { GiB } from '../model/size'

export const day = 24 * 60 * 60_000
const key = 'recordings-keep'
export const defaultKeep: KeepRule = { days: 90, bytes: 2 * GiB }
const stored = z.object({ days: z.int().min(1), bytes: z.number().min(0) })

/** How much is kept, as last chosen. */
export async function readKeep(db: Database): Promise<KeepRule> {
  const row = await db.setting.findUnique({ where: { key } })
  return row ? stored.parse(JSON.parse(row.value)) : defaultKeep
}

export async function writeKeep(db: Database, keep: KeepRule): Promise<void> {
  const value = JSON.stringify(keep)
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
}

/**
 * Which recordings go: those that ended more than `keep.days` before `now`, and then the oldest until the rest takes no more than
 * `keep.bytes`. `ended`: oldest first. `openBytes`: what those take that go on, which are never removed.
 */
export function tooMuch(
  ended: readonly Pick<RecordingInfo, 'id' | 'startedAt' | 'endedAt' | 'sizeBytes'>[],
  openBytes: number,
  keep: KeepRule,
  now: number,
): string[] {
  let left = ended.reduce((sum, { sizeBytes }) => sum + sizeBytes, openBytes)
  const going: string[] = []
  for (const { id, startedAt, endedAt, sizeBytes } of ended) {
    const old = (endedAt ?? startedAt) < now - keep.days * day
    if (!old && left <= keep.bytes) continue
    going.push(id)
    left -= sizeBytes
  }
  return going
}
