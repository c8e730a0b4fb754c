import { AppError } from '@/server/errors'
import type { Medium } from '@/server/model/guest'
import type { Expectation, Plan, Step } from '@/server/model/plan'
import { asRoot, checkedPath } from './argv'
import { copyMs, downloadMs, invalid, lockOf, minute, type On, plan, plural, refuse, step, under } from './plan-parts'
import { profileFiles } from './plan-profile'
import { type Found, type Known, letterOf } from './types'

const field = 'operation.medium'

/** The rows of a medium: one for each guest it is attached to, or one without. */
async function rowsOf(known: Known, key: string): Promise<[Medium, ...Medium[]]> {
  const { media } = await known.hostDetail()
  const [first, ...rest] = media.filter((each) => each.key === key)
  if (!first) throw new AppError('not-found', `There is no medium ${key} on this host`, field)
  return [first, ...rest]
}

/** Plans a CD or disk in a drive of a VM, or its removal from there. */
export async function planMedium(op: On<'media.attach' | 'media.eject'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const letter = letterOf(found)
  if (found.kind === 'jail' || (letter !== 'b' && letter !== 'q')) throw refuse(`CBSD has no drives for ${plural(found)}`, field)
  const rows = await rowsOf(known, op.medium)
  const mine = rows.find((each) => each.attachedTo === name)
  const medium = mine ?? rows[0]
  const values = { name: op.medium, path: medium.path, type: medium.kind, jname: name }
  const more = { origins: { name: field, path: field } }
  const drive = (title: string, path: string) => step(cbsd, title, `${letter}set`, { jname: name, vm_iso_path: path }, more)
  const seen = (present: boolean): Expectation => ({ kind: 'detail', name, list: 'media', key: op.medium, present })
  const warnings = found.guest.state === 'stopped' ? [] : ['Takes effect at its next start.']
  const detach = step(cbsd, `Take ${op.medium} out`, 'media', { mode: 'detach', ...values }, more)
  if (op.kind === 'media.eject') {
    if (!mine) throw new AppError('not-found', `${op.medium} is not attached to ${name}`, field)
    if (medium.kind === 'hdd' && found.guest.state !== 'stopped') throw refuse('Stop it first: its disk is in use', field)
    const steps = [detach, ...(medium.kind === 'iso' ? [drive('Empty the drive', '0')] : [])]
    return plan(steps, seen(false), [lockOf(name), `medium:${op.medium}`], warnings)
  }
  if (mine) throw new AppError('conflict', `${op.medium} is attached to ${name} already`, field)
  const other = rows.find((each) => each.attachedTo)?.attachedTo
  if (medium.kind === 'hdd' && other) throw refuse(`The disk is attached to ${other}: take it out there first`, field)
  const attach = step(cbsd, `Attach ${op.medium}`, 'media', { mode: 'attach', ...values }, more)
  const undo = 'argv' in detach ? detach.argv : undefined
  const steps = [{ ...attach, undo }, ...(medium.kind === 'iso' ? [drive('Put it into the drive', op.medium)] : [])]
  const boot =
    medium.kind === 'iso' && found.settings.vm_boot !== 'cd' ? ['It boots from its disk: set vm_boot to cd to boot from this.'] : []
  return plan(steps, seen(true), [lockOf(name), `medium:${op.medium}`], [...warnings, ...boot])
}

/** Plans fetching the ISO or disk of a profile ahead of time. */
export async function planFetch(op: On<'media.fetch'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { profiles } = await known.catalog()
  const found = profiles?.vm.find((each) => each.id === op.profile || each.id.split('/').slice(1).join('/') === op.profile)
  if (!found) throw new AppError('not-found', `There is no profile ${op.profile} on this host`, 'operation.profile')
  if (found.cloud !== op.cloud) throw invalid(`${found.title} is ${found.cloud ? 'a cloud disk' : 'an ISO'}`, 'operation.cloud')
  const name = found.id.split('/').slice(1).join('/')
  const files = await profileFiles(cbsd, found.id)
  if (files && (await cbsd.context.exec.stat(files.whole)))
    throw new AppError('conflict', `It is here already: ${files.whole}`, 'operation.profile')
  const fetch = step(
    cbsd,
    `Fetch ${found.title}`,
    'fetch_iso',
    { name, dstdir: 'default', cloud: op.cloud, ...(op.cloud && cbsd.node.zfs ? { conv2zvol: true } : {}) },
    {
      ...{ timeoutMs: downloadMs, progress: 'percent', origins: { name: 'operation.profile' } },
      undo: files ? asRoot(cbsd, 'rm', '-f', '--', files.whole, ...files.parts) : undefined,
    },
  )
  // It ends with 0 whatever came of it.
  const expect: Expectation = files ? { kind: 'file', path: files.whole, present: true } : { kind: 'none' }
  const warnings = ['It may be several gigabytes.', ...(files ? [] : ['CBSD does not say whether it worked: read what it printed.'])]
  return plan([fetch], expect, [`profile:${name}`], warnings)
}

/** Where uploads lie: on this machine, and on their way on another. */
const uploaded = /^(\/var\/tmp\/bailiwick-[0-9a-f]{32}|\/(.+\/)?uploads\/[0-9a-f]{32}\/data)$/

/** Plans taking a CD image of the host in: its file moves to where CBSD keeps its own, and is put on the list. */
export async function planMediumAdd(op: On<'media.add'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { media } = await known.hostDetail()
  if (media.some((each) => each.key === op.medium)) throw new AppError('conflict', `There is already a medium ${op.medium}`, field)
  const target = under(cbsd, 'src', 'iso', op.medium)
  if (await cbsd.context.exec.stat(target)) throw new AppError('conflict', `There is already a file ${target}`, field)
  // The file moves, as root: nobody must be able to name one of the system.
  if (!uploaded.test(op.path)) throw refuse('Only a file that was uploaded here can be taken in', 'operation.path')
  const from = checkedPath(op.path)
  const values = { name: op.medium, path: target, type: 'iso' }
  const more = { origins: { name: field, path: field } }
  const forget = step(cbsd, '', 'media', { mode: 'unregister', ...values }, more)
  const steps: Step[] = [
    {
      title: 'Put it where CBSD keeps media',
      argv: asRoot(cbsd, 'mv', '--', from, target),
      undo: asRoot(cbsd, 'mv', '--', target, from),
      timeoutMs: copyMs,
    },
    // A guest's process may be another user's.
    { title: 'Let VMs read it', argv: asRoot(cbsd, 'chmod', '644', target) },
    {
      ...step(cbsd, `Put ${op.medium} on the list`, 'media', { mode: 'register', ...values }, more),
      undo: 'argv' in forget ? forget.argv : undefined,
    },
  ]
  return plan(steps, { kind: 'host', list: 'media', key: op.medium, present: true }, [`medium:${op.medium}`])
}

/** Plans the removal of an ISO or disk that no guest uses. */
export async function planMediumRemoval(op: On<'media.remove'>, known: Known): Promise<Plan> {
  const { cbsd } = known
  const rows = await rowsOf(known, op.medium)
  const user = rows.find((each) => each.attachedTo)?.attachedTo
  if (user) throw refuse(`It is attached to ${user}: take it out there first`, field)
  const [medium] = rows
  const values = { mode: 'delete', name: op.medium, path: medium.path, type: medium.kind }
  const remove = step(cbsd, `Remove ${op.medium}`, 'media', values, {
    timeoutMs: 10 * minute,
    okCodes: [0, 1],
    origins: { name: field, path: field },
  })
  const steps = [remove]
  // For a disk without a guest CBSD calls a function that does nothing, so the file would stay.
  const inside = medium.path.startsWith(`${cbsd.node.workdir}/`)
  if (medium.kind === 'hdd' && inside)
    steps.push({
      title: 'Remove its file',
      argv: asRoot(cbsd, 'rm', '-f', '--', under(cbsd, medium.path.slice(cbsd.node.workdir.length + 1))),
    })
  const expect: Expectation = { kind: 'host', list: 'media', key: op.medium, present: false }
  return plan(steps, expect, [`medium:${op.medium}`], [`The file ${medium.path} goes with it.`])
}
