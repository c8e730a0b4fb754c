import type { ViewerMode } from '../model/console'
import type { Access, User } from '../services'

/** Whether somebody may type into the consoles of a guest, only watch them, or neither. */
export function consoleMode(access: Pick<Access, 'allows'>, user: User, guest: string): ViewerMode | null {
  const path = `guest/${guest}`
  if (access.allows(user, 'guest.console', path)) return 'type'
  return access.allows(user, 'guest.watch', path) ? 'watch' : null
}
