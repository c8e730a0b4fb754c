import type { RecordingInfo } from '@/server/model/recording'
import { recordingMessages as m } from './messages'

/** The name of a guest, or of a host's own shell, out of its id. */
export const guestName = (id: string): string => id.split('~').at(-1) ?? id

const two = (value: number) => String(Math.floor(value)).padStart(2, '0')

/** Seconds as a clock: 0:05, 12:34, 1:02:03. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const rest = `${hours ? two((whole % 3600) / 60) : Math.floor((whole % 3600) / 60)}:${two(whole % 60)}`
  return hours ? `${hours}:${rest}` : rest
}

/** Who began it, and who typed besides. */
export function who({ user, people }: Pick<RecordingInfo, 'user' | 'people'>): string {
  const others = people.filter((each) => each !== user)
  return [user ?? m.bySetting, others.length > 0 && m.typed(others.join(', '))].filter(Boolean).join(' · ')
}

export const recordingPath = (id: string, at?: { seconds: number; find: string }): string =>
  `/recordings/${id}${at ? `?${new URLSearchParams({ t: String(at.seconds), find: at.find })}` : ''}`
export const filePath = (id: string, format: 'cast' | 'txt'): string => `/recording/${id}.${format}`
