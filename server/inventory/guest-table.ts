import type { AppEvent } from '@/server/model/events'
import type { Guest, GuestState } from '@/server/model/guest'
import { same } from './same'

/** `asOf`: when the read that gave it was begun, in ticks of the table. */
type Row = { guest: Guest | null; asOf: number }

export type GuestTable = {
  /** To be taken before a read begins, and handed back with what it gave. */
  tick(): number
  put(tick: number, name: string, guest: Guest | null): void
  /** The host said how a known guest is now. Reads that began before do not undo it. */
  tell(name: string, state: GuestState): Guest | undefined
  /** All guests there are; who is not among them is gone. */
  putAll(tick: number, guests: Guest[]): void
  /** The engine does not answer: nobody knows how the guests are. `seenAt`: when they were last heard of, ms since 1970. */
  doubt(cause: string, seenAt?: number): void
  /** Guests of an earlier run, to be shown until the host has been asked. */
  remember(guests: readonly Guest[]): void
  clear(): void
  get(name: string): Guest | undefined
  all(): Guest[]
}

/**
 * The guests of one engine on one host. Publishes what changed and nothing else. Reads overlap: one that was begun
 * earlier never overwrites what a later one saw.
 */
export function createGuestTable(publish: (event: AppEvent) => void): GuestTable {
  const rows = new Map<string, Row>()
  let ticks = 0

  function put(tick: number, name: string, guest: Guest | null): void {
    const row = rows.get(name)
    if (row && row.asOf > tick) return
    const before = row?.guest ?? null
    // The old object stays when nothing changed: it is what others hold, and one less to keep.
    const unchanged = before !== null && guest !== null && same(before, guest)
    rows.set(name, { guest: unchanged ? before : guest, asOf: tick })
    if (guest && !unchanged) publish({ type: 'guest', guest })
    if (!guest && before) publish({ type: 'guest.removed', id: before.id })
  }

  return {
    tick: () => ++ticks,
    put,
    tell(name, state) {
      const guest = rows.get(name)?.guest
      if (!guest) return undefined
      const told: Guest = state === 'stopped' ? { ...guest, state, addresses: [], startedAt: undefined } : { ...guest, state }
      put(++ticks, name, told)
      return told
    },
    putAll(tick, guests) {
      const names = new Set(guests.map((guest) => guest.name))
      for (const guest of guests) put(tick, guest.name, guest)
      for (const [name, row] of rows) {
        if (names.has(name)) continue
        put(tick, name, null)
        // That a guest is gone is remembered only for lists begun before that was seen.
        if (row.asOf <= tick) rows.delete(name)
      }
    },
    doubt(cause, seenAt) {
      const tick = ++ticks
      for (const [name, { guest }] of rows)
        if (guest) put(tick, name, { ...guest, state: 'unknown', warning: cause, lastSeenAt: guest.lastSeenAt ?? seenAt })
    },
    remember(guests) {
      const tick = ++ticks
      for (const guest of guests) put(tick, guest.name, guest)
    },
    clear() {
      const tick = ++ticks
      for (const name of rows.keys()) put(tick, name, null)
      rows.clear()
    },
    get: (name) => rows.get(name)?.guest ?? undefined,
    all: () => [...rows.values()].flatMap(({ guest }) => guest ?? []),
  }
}
