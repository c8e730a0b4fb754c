import { AppError } from '@/server/errors'
import type { Expectation, Plan } from '@/server/model/plan'
import { copyMs, guestIs, jailOrBhyve, lockOf, minute, type On, plan, refuse, step } from './plan-parts'
import type { Found, Known } from './types'

const field = 'operation.snapshot'

/** Plans a snapshot, its removal, or a way back to it. */
export async function planSnapshot(
  op: On<'snapshot.create' | 'snapshot.restore' | 'snapshot.remove'>,
  found: Found,
  known: Known,
): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const letter = jailOrBhyve(found)
  if (!cbsd.node.zfs) throw refuse('Snapshots need ZFS: the working directory of CBSD is on another file system')
  const snapshots = await known.snapshots(name)
  const there = snapshots.find((each) => each.name === op.snapshot)
  const seen = (snapshot: string, present: boolean): Expectation => ({ kind: 'snapshot', name, snapshot, present })
  const run = (title: string, mode: 'create' | 'rollback' | 'destroy') =>
    step(
      cbsd,
      title,
      `${letter}snapshot`,
      { mode, jname: name, snapname: op.snapshot },
      { timeoutMs: 10 * minute, origins: { snapname: field } },
    )
  const bhyve = letter === 'b'

  if (op.kind === 'snapshot.create') {
    if (there) throw new AppError('conflict', `There is already a snapshot ${op.snapshot}`, field)
    const undo = run('', 'destroy')
    const warnings: string[] = []
    if (bhyve) warnings.push('Only its first disk (dsk1.vhd) is covered: CBSD leaves the others out.')
    if (found.guest.state === 'running') warnings.push('What is in memory is not part of it.')
    const made = { ...run(`Take snapshot ${op.snapshot}`, 'create'), ...('argv' in undo ? { undo: undo.argv } : {}) }
    return plan([made], seen(op.snapshot, true), [lockOf(name)], warnings)
  }
  if (!there) throw new AppError('not-found', `There is no snapshot ${op.snapshot}`, field)
  if (op.kind === 'snapshot.remove')
    return plan([run(`Remove snapshot ${op.snapshot}`, 'destroy')], seen(op.snapshot, false), [lockOf(name)])

  const newer = snapshots.filter((each) => (each.createdAt ?? 0) > (there.createdAt ?? 0) && each.name !== there.name)
  const warnings = newer.length > 0 ? [`Newer snapshots are destroyed: ${newer.map((each) => each.name).join(', ')}.`] : []
  if (bhyve) warnings.push('Only its first disk (dsk1.vhd) goes back; the others stay as they are.')
  const expect: Expectation = {
    kind: 'all',
    of: [guestIs(found, 'stopped', 'crashed'), seen(op.snapshot, true), ...newer.map((each) => seen(each.name, false))],
  }
  return plan([run(`Go back to snapshot ${op.snapshot}`, 'rollback')], expect, [lockOf(name)], warnings)
}

/** Plans a checkpoint (what runs, stored to go on from), or the removal of all of them. */
export async function planCheckpoint(op: On<'checkpoint.create' | 'checkpoint.remove'>, found: Found, known: Known): Promise<Plan> {
  const { cbsd } = known
  const { name } = found
  const checkpoints = (await known.detail(name)).checkpoints ?? []
  const seen = (key: string, present: boolean): Expectation => ({ kind: 'detail', name, list: 'checkpoints', key, present })
  const more = { timeoutMs: copyMs, origins: { name: 'operation.checkpoint' } }
  if (op.kind === 'checkpoint.remove') {
    if (checkpoints.length === 0) throw new AppError('not-found', `${name} has no checkpoints`)
    const remove = step(cbsd, 'Remove its checkpoints', 'bcheckpoint', { mode: 'destroyall', jname: name }, more)
    const warnings = checkpoints.length > 1 ? [`All ${checkpoints.length} go: CBSD cannot remove one.`] : []
    return plan([remove], { kind: 'all', of: checkpoints.map((each) => seen(each.key, false)) }, [lockOf(name)], warnings)
  }
  if (checkpoints.some((each) => each.key === op.checkpoint))
    throw new AppError('conflict', `There is already a checkpoint ${op.checkpoint}: CBSD would replace it`, 'operation.checkpoint')
  if (found.guest.state !== 'running') throw refuse('It is not running: a checkpoint holds what runs')
  const made = step(
    cbsd,
    `Make checkpoint ${op.checkpoint}`,
    'bcheckpoint',
    { mode: 'create', jname: name, name: op.checkpoint, suspend: false },
    more,
  )
  const warnings = [
    'It needs a kernel and a bhyve built with BHYVE_SNAPSHOT, which FreeBSD’s own releases are not.',
    'Its disks are not part of it: take a snapshot at the same moment to go back to both.',
  ]
  return plan([made], seen(op.checkpoint, true), [lockOf(name)], warnings)
}
