import type { Permission } from '../model/permission'
import type { User } from '../services'

type Role = User['role']

/** What each role may do. A further role is a further row. */
const rights: Record<Role, 'everything' | readonly Permission[]> = {
  admin: 'everything',
}

/** Whether a role holds a right. Everybody signed in holds `signed-in`; `public` asks for nobody. */
export function roleAllows(role: Role, permission: Permission): boolean {
  if (permission === 'public' || permission === 'signed-in') return true
  const held = rights[role]
  return held === 'everything' || held.includes(permission)
}
