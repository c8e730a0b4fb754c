import { type HostOperation, isHostOperation, type Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import { planBase } from './plan-base'
import { planClone, planRemove, planRename, planSet } from './plan-change'
import { planCreate } from './plan-create'
import { planDebris } from './plan-debris'
import { planDisk, planForward, planLimits, planShare } from './plan-devices'
import { planHook } from './plan-hook'
import { planFetch, planMedium, planMediumAdd, planMediumRemoval } from './plan-media'
import { planExport, planImport, planMigrate } from './plan-move'
import { demandAllowed, find } from './plan-parts'
import { planPower } from './plan-power'
import { planCheckpoint, planSnapshot } from './plan-snapshot'
import type { Known } from './types'

function planHostWide(op: HostOperation, known: Known): Promise<Plan> {
  switch (op.kind) {
    case 'import':
      return planImport(op, known)
    case 'base.fetch':
    case 'base.remove':
      return planBase(op, known)
    case 'media.fetch':
      return planFetch(op, known)
    case 'media.add':
      return planMediumAdd(op, known)
    case 'media.remove':
      return planMediumRemoval(op, known)
    case 'debris.remove':
      return planDebris(op, known)
    case 'hook.install':
    case 'hook.remove':
      return planHook(op, known)
  }
}

/**
 * Plans any operation on CBSD. Reads what it needs through `known`, and changes nothing.
 * Rejects with `AppError`: `refused` with the reason for what CBSD or the guest cannot do, `invalid` with the input at fault for a
 * value outside its rule, `not-found` or `conflict` for what is missing or there already.
 */
export async function planCbsd(op: Operation, known: Known): Promise<Plan> {
  if (op.kind === 'create') return planCreate(op.spec, known)
  if (isHostOperation(op)) return planHostWide(op, known)
  const found = find(known, op.name)
  demandAllowed(op.kind, found)
  switch (op.kind) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'restart':
    case 'pause':
    case 'resume':
      return planPower(op, found, known)
    case 'rename':
      return planRename(op, found, known)
    case 'clone':
      return planClone(op, found, known)
    case 'remove':
      return planRemove(op, found, known)
    case 'set':
      return planSet(op, found, known)
    case 'snapshot.create':
    case 'snapshot.restore':
    case 'snapshot.remove':
      return planSnapshot(op, found, known)
    case 'checkpoint.create':
    case 'checkpoint.remove':
      return planCheckpoint(op, found, known)
    case 'disk.add':
    case 'disk.grow':
    case 'disk.remove':
      return planDisk(op, found, known)
    case 'share.add':
    case 'share.remove':
      return planShare(op, found, known)
    case 'forward.add':
    case 'forward.remove':
      return planForward(op, found, known)
    case 'limits':
      return planLimits(op, found, known)
    case 'media.attach':
    case 'media.eject':
      return planMedium(op, found, known)
    case 'export':
      return planExport(op, found, known)
    case 'migrate':
      return planMigrate(op, found, known)
  }
}
