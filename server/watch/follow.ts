import type { Database } from '../db/client'
import type { Log } from '../log'
import type { Guest } from '../model/guest'
import type { Bus, Inventory } from '../services'

type Parts = {
  db: Database
  inventory: Pick<Inventory, 'guest' | 'guests'>
  bus: Pick<Bus, 'subscribe'>
  log: Log
  now: () => number
  /** Ends these links of a guest: the guest they were made for is gone. */
  end(guest: string, ids: string[]): Promise<unknown>
}

/** Whether the guest is still the one the link was made for. */
export const sameGuest = (link: { identity: string | null }, guest: Pick<Guest, 'identity'>): boolean =>
  link.identity === null || guest.identity === undefined || link.identity === guest.identity

/**
 * Keeps links with the guest they were made for: they follow it to another name or host, and end when another guest has
 * its name. One that has no lasting name of its own cannot be told from the next of that name: its links end with it.
 */
export function followGuests({ db, inventory, bus, log, now, end }: Parts): () => void {
  const good = () => ({ revokedAt: null, expiresAt: { gt: now() } })
  const endAll = async (guest: string, links: { id: string }[]) => {
    if (links.length > 0)
      await end(
        guest,
        links.map(({ id }) => id),
      )
  }

  async function removed(id: string): Promise<void> {
    const links = await db.watchLink.findMany({ where: { guest: id, ...good() } })
    await endAll(
      id,
      links.filter(({ identity }) => identity === null),
    )
    for (const { identity } of links) {
      const elsewhere = identity !== null && inventory.guests().find((guest) => guest.identity === identity)
      if (elsewhere) await seen(elsewhere)
    }
  }

  async function seen({ id, identity }: Pick<Guest, 'id' | 'identity'>): Promise<void> {
    if (identity === undefined) return
    const here = await db.watchLink.findMany({ where: { guest: id, ...good() } })
    await endAll(
      id,
      here.filter((link) => !sameGuest(link, { identity })),
    )
    const before = await db.watchLink.findMany({ where: { identity, guest: { not: id }, ...good() } })
    for (const { id: link, guest } of before) {
      // A copy with the same lasting name, of a guest that is still there, takes nothing over.
      if (inventory.guest(guest) === undefined) await db.watchLink.update({ where: { id: link }, data: { guest: id } })
    }
  }

  /** Identities seen, so that the many events of a guest that stays the same ask the database nothing. */
  const known = new Map<string, string>()
  return bus.subscribe(({ event }) => {
    const look = () => {
      if (event.type === 'guest.removed') {
        known.delete(event.id)
        return removed(event.id)
      }
      if (event.type !== 'guest' || event.guest.identity === undefined || known.get(event.guest.id) === event.guest.identity) return
      known.set(event.guest.id, event.guest.identity)
      return seen(event.guest)
    }
    look()?.catch((error: unknown) => log.error({ err: error }, 'the watch links of a guest could not be brought up to date'))
  })
}
