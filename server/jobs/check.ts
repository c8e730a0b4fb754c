import type { Guest, Snapshot } from '@/server/model/guest'
import type { Expectation } from '@/server/model/plan'
import { fieldWords } from './words'

/** What is true on the host now, and in words what was seen: "web-01 is stopped". */
export type Seen = { holds: boolean; seen: string }
export type Check = (expect: Expectation, signal: AbortSignal) => Promise<Seen>

/** How to read the host again. Each read asks the host, never a copy. */
export type Readers = {
  guest: (name: string, signal: AbortSignal) => Promise<Guest | null>
  snapshots: (name: string, signal: AbortSignal) => Promise<Snapshot[]>
  /** Null when there is no such file. */
  stat: (path: string) => Promise<unknown>
}

function guestSeen(expect: Extract<Expectation, { kind: 'guest' }>, guest: Guest | null): Seen {
  if (!guest) return { holds: false, seen: `there is no ${expect.name}` }
  const { states, fields } = expect
  const seen = { cpus: guest.cpus, memoryBytes: guest.memoryBytes, autostart: guest.autostart }
  const wrong: typeof fields = {}
  if (fields?.cpus !== undefined && fields.cpus !== seen.cpus) wrong.cpus = seen.cpus
  if (fields?.memoryBytes !== undefined && fields.memoryBytes !== seen.memoryBytes) wrong.memoryBytes = seen.memoryBytes
  if (fields?.autostart !== undefined && fields.autostart !== seen.autostart) wrong.autostart = seen.autostart
  const stateHolds = !states?.length || states.includes(guest.state)
  const words = [`is ${guest.state}`, fieldWords(wrong)].filter(Boolean).join(' with ')
  return {
    holds: stateHolds && Object.keys(wrong).length === 0,
    seen: `${guest.name} ${words}${guest.warning ? ` (${guest.warning})` : ''}`,
  }
}

/** Makes the check of expectations out of ways to read a host. */
export function createCheck(read: Readers): Check {
  return async (expect, signal) => {
    switch (expect.kind) {
      case 'none':
        return { holds: true, seen: '' }
      case 'guest':
        return guestSeen(expect, await read.guest(expect.name, signal))
      case 'absent': {
        const guest = await read.guest(expect.name, signal)
        return { holds: guest === null, seen: guest ? `${expect.name} is still there, ${guest.state}` : `there is no ${expect.name}` }
      }
      case 'snapshot': {
        const found = (await read.snapshots(expect.name, signal)).some((snapshot) => snapshot.name === expect.snapshot)
        return { holds: found === expect.present, seen: `${expect.name} ${found ? 'has' : 'has not'} the snapshot ${expect.snapshot}` }
      }
      case 'file': {
        const found = (await read.stat(expect.path)) !== null
        return { holds: found === expect.present, seen: found ? `${expect.path} is there` : `${expect.path} is missing` }
      }
    }
  }
}
