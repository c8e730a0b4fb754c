import type { Guest, GuestDetail, Snapshot } from '@/server/model/guest'
import type { EngineHostDetail } from '@/server/model/host-detail'
import type { Expectation } from '@/server/model/plan'
import { fieldWords } from './words'

/** What is true on the host now, and in words what was seen: "web-01 is stopped". */
export type Seen = { holds: boolean; seen: string }
export type Check = (expect: Expectation, signal: AbortSignal) => Promise<Seen>

/** How to read the host again. Each read asks the host, never a copy. */
export type Readers = {
  guest: (name: string, signal: AbortSignal) => Promise<Guest | null>
  snapshots: (name: string, signal: AbortSignal) => Promise<Snapshot[]>
  detail?: (name: string, signal: AbortSignal) => Promise<GuestDetail>
  /** Null for an engine that tells nothing of its host. */
  host?: (signal: AbortSignal) => Promise<EngineHostDetail | null>
  /** Null when there is no such file. */
  stat: (path: string) => Promise<unknown>
}

/** What a field means that an engine leaves out. */
const unset = { cpus: 0, memoryBytes: 0, autostart: false, protected: false, hidden: false, order: 0 }

function guestSeen(expect: Extract<Expectation, { kind: 'guest' }>, guest: Guest | null): Seen {
  if (!guest) return { holds: false, seen: `there is no ${expect.name}` }
  const { states, fields } = expect
  const wrong: NonNullable<typeof fields> = {}
  const differs = <K extends keyof typeof wrong>(key: K): boolean =>
    fields?.[key] !== undefined && fields[key] !== (guest[key] ?? unset[key])
  if (differs('cpus')) wrong.cpus = guest.cpus
  if (differs('memoryBytes')) wrong.memoryBytes = guest.memoryBytes
  if (differs('autostart')) wrong.autostart = guest.autostart
  if (differs('protected')) wrong.protected = guest.protected ?? unset.protected
  if (differs('hidden')) wrong.hidden = guest.hidden ?? unset.hidden
  if (differs('order')) wrong.order = guest.order ?? unset.order
  const stateHolds = !states?.length || states.includes(guest.state)
  const words = [`is ${guest.state}`, fieldWords(wrong)].filter(Boolean).join(' with ')
  return {
    holds: stateHolds && Object.keys(wrong).length === 0,
    seen: `${guest.name} ${words}${guest.warning ? ` (${guest.warning})` : ''}`,
  }
}

function entrySeen(expect: Extract<Expectation, { kind: 'detail' }>, detail: GuestDetail | null): Seen {
  if (!detail) return { holds: false, seen: `nothing more is known of ${expect.name}` }
  const { list, key, present, value, sizeBytes } = expect
  const found =
    list === 'disks'
      ? detail.disks.map((disk) => ({ key: disk.target, value: undefined, sizeBytes: disk.sizeBytes }))
      : (detail[list] ?? []).map((entry) => ({ key: entry.key, value: 'value' in entry ? entry.value : undefined, sizeBytes: undefined }))
  const entry = found.find((each) => each.key === key)
  const right =
    entry !== undefined &&
    (value === undefined || entry.value === value) &&
    (sizeBytes === undefined || (entry.sizeBytes ?? 0) >= sizeBytes)
  const what = entry ? `has ${key}${entry.value === undefined ? '' : ` = ${entry.value}`}` : `has no ${key}`
  return { holds: right === present, seen: `${expect.name} ${what}` }
}

function hostSeen(expect: Extract<Expectation, { kind: 'host' }>, host: EngineHostDetail | null): Seen {
  if (!host) return { holds: false, seen: 'the engine tells nothing of its host' }
  if (expect.list === 'hook') return { holds: (host.hook === expect.key) === expect.present, seen: `its reports are ${host.hook}` }
  const found =
    expect.list === 'bases'
      ? host.bases.some((base) => base.key === expect.key && base.present)
      : host[expect.list].some((each) => each.key === expect.key)
  return { holds: found === expect.present, seen: `the host has ${found ? '' : 'no '}${expect.key}` }
}

/** Makes the check of expectations out of ways to read a host. */
export function createCheck(read: Readers): Check {
  const check: Check = async (expect, signal) => {
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
      case 'detail':
        return entrySeen(expect, read.detail ? await read.detail(expect.name, signal) : null)
      case 'host':
        return hostSeen(expect, (await read.host?.(signal)) ?? null)
      case 'all': {
        const all = []
        for (const each of expect.of) all.push(await check(each, signal))
        const open = all.filter(({ holds }) => !holds)
        return { holds: open.length === 0, seen: (open.length > 0 ? open : all).map(({ seen }) => seen).join('; ') }
      }
    }
  }
  return check
}
