import type { WebSocket } from 'ws'
import { AppError } from '../errors'
import { consoleClose } from '../model/console'
import { type GuestRef, guestId } from '../model/guest'
import type { Bus, ConsoleRequest, Picture } from '../services'
import type { PlaceInventory } from './place'
import { Screen } from './vnc-screen'

type Parts = {
  inventory: PlaceInventory
  bus: Pick<Bus, 'subscribe'>
}
type By = ConsoleRequest['by']
type Entry = { identity: string | undefined; screen: Screen }

/** Whether it is still the guest the screen is of. An identity learned later is kept. */
function same(entry: Entry, identity: string | undefined): boolean {
  entry.identity ??= identity
  return identity === undefined || entry.identity === identity
}

/** The screens of all guests that somebody looks at. */
export function createScreens({ inventory, bus }: Parts) {
  const { guest } = inventory
  const screens = new Map<string, Entry>()

  const drop = (id: string, code: number, reason: string): void => {
    const entry = screens.get(id)
    screens.delete(id)
    entry?.screen.close(code, reason)
  }

  function screenOf(ref: GuestRef): Screen {
    const id = guestId(ref.host, ref.engine, ref.name)
    const identity = guest(id)?.identity
    const open = screens.get(id)
    if (open && same(open, identity)) return open.screen
    if (open) drop(id, consoleClose.gone, 'Another guest has this name now')
    const port = {
      guest: () => guest(id),
      exec: () => inventory.exec(ref.host),
      target: (signal: AbortSignal) => inventory.engine(ref.host, ref.engine).console(ref.name, 'vnc', signal),
      far: () => inventory.host(ref.host)?.transport === 'ssh',
    }
    const screen = new Screen(port, () => {
      if (screens.get(id)?.screen === screen) drop(id, 1000, 'Nobody looks')
    })
    screens.set(id, { identity, screen })
    return screen
  }

  const unsubscribe = bus.subscribe(({ event }) => {
    if (event.type === 'guest.removed') drop(event.id, consoleClose.gone, 'The guest is gone')
    if (event.type !== 'guest') return
    const entry = screens.get(event.guest.id)
    if (!entry) return
    if (same(entry, event.guest.identity)) entry.screen.guestChanged()
    else drop(event.guest.id, consoleClose.gone, 'Another guest has this name now')
  })

  return {
    attach(socket: WebSocket, ref: GuestRef, by: By): void {
      screenOf(ref).attach(socket, by)
    },
    /** A still picture. Rejects with `not-found`, `refused` or `unavailable`, in words. */
    async picture(ref: GuestRef): Promise<Picture> {
      const found = guest(guestId(ref.host, ref.engine, ref.name))
      if (!found?.consoles.includes('vnc')) throw new AppError('not-found', 'There is no such screen')
      return screenOf(ref).picture()
    },
    close(reason: string): void {
      unsubscribe()
      for (const id of [...screens.keys()]) drop(id, 1001, reason)
    },
  }
}
