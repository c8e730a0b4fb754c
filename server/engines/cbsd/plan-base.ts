import { AppError } from '@/server/errors'
import type { Plan } from '@/server/model/plan'
import type { Values } from './argv'
import { downloadMs, minute, type On, plan, refuse, step } from './plan-parts'
import type { Found, Known } from './types'

const origins = { ver: 'operation.version', arch: 'operation.arch', platform: 'operation.platform' }

/** A jail that stands on a base, where there is one. */
const userOf = (known: Known, op: On<'base.fetch' | 'base.remove'>): Found | undefined =>
  known.guests.find(
    (each) => each.kind === 'jail' && String(each.row.ver) === op.version && ['native', op.arch].includes(String(each.row.arch)),
  )

/** Plans fetching or removing a base system. */
export async function planBase(op: On<'base.fetch' | 'base.remove'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const key = `${op.platform}/${op.version}/${op.arch}`
  const { bases } = await known.hostDetail()
  const present = bases.some((each) => each.key === key && each.present)
  const which: Values = {
    ver: op.version,
    arch: op.arch,
    // A branch such as 14, as opposed to a release such as 14.1.
    stable: /^\d+$/.test(op.version),
    ...(op.platform === 'FreeBSD' ? {} : { platform: op.platform }),
  }
  const locks = [`base:${key}`]
  const remove = step(cbsd, `Remove the base ${op.version} (${op.arch})`, 'removebase', which, { timeoutMs: 15 * minute, origins })
  if (op.kind === 'base.remove') {
    if (!present) throw new AppError('not-found', `The base ${key} is not here`, 'operation.version')
    const user = userOf(known, op)
    if (user) throw refuse(`The jail ${user.name} stands on it`, 'operation.version')
    return plan([remove], { kind: 'host', list: 'bases', key, present: false }, locks)
  }
  if (present) throw new AppError('conflict', `The base ${key} is here already`, 'operation.version')
  const fetch = step(
    cbsd,
    `Fetch the base ${op.version} (${op.arch})`,
    'repo',
    { action: 'get', sources: 'base', ...which, inter: false },
    { timeoutMs: downloadMs, progress: 'percent', origins, undo: 'argv' in remove ? remove.argv : undefined },
  )
  return plan([fetch], { kind: 'host', list: 'bases', key, present: true }, locks, [
    'About 200 MiB are fetched from CBSD’s or FreeBSD’s servers.',
  ])
}
