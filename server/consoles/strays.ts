import type { Guest } from '../model/guest'
import { guestId, parseGuestId } from '../model/guest'
import type { KeptSessions } from './kept'
import type { KeptOf } from './kept-folder'
import type { PlaceInventory } from './place'

type Stray = KeptOf & { identity: string }

function sameEngine(a: string, b: string): boolean {
  const [one, other] = [parseGuestId(a), parseGuestId(b)]
  return one?.host === other?.host && one?.engine === other?.engine && one?.name !== other?.name
}

/**
 * Text on disk of guests that are gone from where they were while their console was not open. It goes with a guest to another
 * name or host, which is told before or after the old one is gone, and is forgotten when nothing like it is seen within `waitMs`.
 */
export function createStrays(kept: KeptSessions, inventory: PlaceInventory, isOpen: (of: KeptOf) => boolean, waitMs: number) {
  const strays = new Map<Stray, NodeJS.Timeout>()

  /** True when it has gone with its guest, or another session has its folder by now. */
  function settled(stray: Stray): boolean {
    if (isOpen(stray)) return true
    const there = inventory.guests().find(({ identity }) => identity === stray.identity)
    if (!there) return false
    const to = { ...stray, guest: guestId(there.host, there.engine, there.name) }
    if (to.guest === stray.guest) return true
    if (isOpen(to)) kept.forget(stray)
    else kept.rename(stray, to)
    return true
  }

  function end(stray: Stray): void {
    clearTimeout(strays.get(stray))
    strays.delete(stray)
    if (!settled(stray)) kept.forget(stray)
  }

  return {
    /** A guest or host is gone; consoles that are open look after themselves. */
    gone(guest: string): void {
      for (const kind of ['serial', 'shell'] as const) {
        if (isOpen({ guest, kind })) continue
        const identity = kept.identity({ guest, kind })
        if (identity === undefined) kept.forget({ guest, kind })
        else {
          const stray = { guest, kind, identity }
          if (!settled(stray))
            strays.set(
              stray,
              setTimeout(() => end(stray), waitMs),
            )
          strays.get(stray)?.unref()
        }
      }
    },
    /** A guest was seen: text that waits for it goes there before its console is opened. */
    seen({ identity }: Guest): void {
      for (const stray of strays.keys()) if (stray.identity === identity) end(stray)
    },
    /**
     * A console is opened whose name has no text of its guest: that of its guest under another name on the same host goes there, for nobody
     * was told of a rename while the server was down. True when there was some.
     */
    opens(of: KeptOf): boolean {
      const { identity, kind } = of
      if (identity === undefined) return false
      const there = kept.identity(of)
      if (there !== undefined && there !== identity) settled({ ...of, identity: there })
      const from = kept.named(identity).find((was) => was.kind === kind && sameEngine(was.guest, of.guest) && !isOpen(was))
      if (!from || inventory.guest(from.guest)?.identity === identity) return false
      kept.rename(from, of)
      return true
    },
    /** Nothing waits any more. */
    close(): void {
      for (const stray of strays.keys()) end(stray)
    },
  }
}
