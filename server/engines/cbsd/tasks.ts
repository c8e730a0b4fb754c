import type { EngineTask } from '@/server/model/host-detail'
import { integer, text } from './row'
import type { Row } from './types'

/** "20241005182233" of the host's clock, in ms. `zone`: minutes east of UTC. */
export function taskTime(digits: string | undefined, zone: number): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits ?? '') ?? []
  if (!year) return undefined
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at) ? undefined : at - zone * 60_000
}

/** CBSD stores what wait(2) gave: the exit code is in the second byte, and a signal in the first. As a shell would say it. */
export const exitCodeOf = (wait: number): number => ((wait & 0x7f) === 0 ? (wait >> 8) & 0xff : 128 + (wait & 0x7f))

const states = ['waiting', 'running', 'ended'] as const

/** A row of table taskd: 0 pending, 1 in progress, 2 complete. Null for what is no task. */
export function toTask(row: Row, zone: number): EngineTask | null {
  const id = integer(row, 'id')
  if (id === undefined) return null
  const state = states[integer(row, 'status') ?? 0] ?? 'ended'
  const code = integer(row, 'errcode')
  return {
    id,
    command: text(row, 'cmd') ?? '',
    owner: text(row, 'owner') ?? text(row, 'user') ?? '',
    guest: text(row, 'jname'),
    state,
    exitCode: state === 'ended' && code !== undefined ? exitCodeOf(code) : undefined,
    startedAt: taskTime(text(row, 'st_time'), zone),
    endedAt: state === 'ended' ? taskTime(text(row, 'end_time'), zone) : undefined,
    logFile: text(row, 'logfile'),
  }
}
