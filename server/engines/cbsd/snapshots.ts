import { AppError } from '@/server/errors'
import type { Snapshot } from '@/server/model/guest'
import type { Caller } from './argv'
import { guestQuestion } from './ask'
import { parseListing } from './columns-text'

/** "+0200" → minutes east of UTC. */
export function zoneMinutes(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d)(\d\d)$/.exec(text.trim()) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** "2024-10-05__18:22" of the host's clock, in ms. */
export function snapshotTime(text: string | undefined, zone: number): number | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)__(\d\d:\d\d)/.exec(text ?? '') ?? []
  const at = day && time ? Date.parse(`${day}T${time}:00Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at - zone * 60_000
}

/** Out of `jsnapshot mode=list`: columns jname, snapname, creation, refer. Throws with CBSD's own words. */
export function parseSnapshots(stdout: string, name: string, zone: number): Snapshot[] {
  const { rows, error } = parseListing(stdout, 'jname')
  if (error) {
    // A guest without snapshots is no error, whatever the words of this version are.
    if (/no snapshots?/i.test(error)) return []
    throw new AppError('unavailable', `CBSD does not list its snapshots: ${error}`)
  }
  return rows
    .flatMap(([jname, snapshot, creation]): Snapshot[] =>
      jname === name && snapshot ? [{ name: snapshot, createdAt: snapshotTime(creation, zone), current: false, memory: false }] : [],
    )
    .sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))
}

/** Snapshots of one guest: of the ZFS dataset of a jail, or of a VM's first disk. */
export async function readSnapshots(caller: Caller, name: string, signal: AbortSignal): Promise<Snapshot[]> {
  const { exec } = caller.context
  const [list, zone] = await Promise.all([
    exec.read(guestQuestion(caller, 'snapshots', name), { signal, timeoutMs: 60_000 }),
    exec.read(['date', '+%z'], { signal }),
  ])
  return parseSnapshots(list, name, zoneMinutes(zone))
}

/** Out of `bcheckpoint mode=list`: a title line, then one name a line. */
export const parseCheckpoints = (stdout: string): { key: string }[] =>
  stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(line))
    .map((key) => ({ key }))
