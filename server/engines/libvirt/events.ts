import type { GuestState } from '@/server/model/guest'
import type { HostEvent } from '../types'

/** Events that change nothing a list shows, several a second on a busy host. */
const noise = new Set(['rtc-change', 'migration-iteration', 'block-threshold', 'job-completed', 'graphics'])

/**
 * What a lifecycle event says of the state by itself. "Started" is not among them: a domain may be started paused,
 * and one that runs is "Resumed" first. One that stopped by a fault is read before it is shown.
 */
const states: Record<string, GuestState> = {
  'Resumed Unpaused': 'running',
  'Suspended Paused': 'paused',
  'Stopped Shutdown': 'stopped',
  'Stopped Destroyed': 'stopped',
}

/**
 * One line of `virsh event --all --loop`: "event 'lifecycle' for domain 'web': Started Booted". A name may hold `': ` itself;
 * then the name stays open and everything is read again. Null for a line that is none or does not matter.
 */
export function parseEvent(line: string): HostEvent | null {
  const match = /event '([a-z0-9-]+)' for domain '(.*)$/.exec(line)
  const [, kind, rest] = match ?? []
  if (!kind || rest === undefined || noise.has(kind)) return null
  const ends = [...rest.matchAll(/'(?:: |$)/g)].map((end) => end.index)
  const first = ends[0]
  if (first === undefined) return { what: kind }
  const detail = rest.slice(first + 1).replace(/^: /, '')
  const what = `${kind} ${detail}`.trim()
  // An event with details in quotes has later "': " as well; a name that holds one cannot be told from those.
  if (/': /.test(rest.slice(first + 2))) return { what: kind }
  const state = kind === 'lifecycle' ? states[detail.trim()] : undefined
  // Told of a reset, and of a reboot from within (seen with 9.0).
  return { name: rest.slice(0, first), what, ...(state && { state }), ...(kind === 'reboot' && { rebooted: true }) }
}
