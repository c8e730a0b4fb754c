import { AppError } from '@/server/errors'
import type { Plan } from '@/server/model/plan'
import type { GuestSpec } from '@/server/model/spec'
import { planJail } from './plan-create-jail'
import { planVm } from './plan-create-vm'
import { freeName, isRegistered } from './plan-debris'
import { startStep } from './plan-power'
import type { Known } from './types'

/** Plans a new jail or VM. Whatever fails or is cancelled, nothing of it stays. */
export async function planCreate(spec: GuestSpec, known: Known): Promise<Plan> {
  const { cbsd } = known
  if (known.guests.some((each) => each.name === spec.name))
    throw new AppError('conflict', `There is already a guest ${spec.name} on this host`, 'operation.spec.name')
  if (spec.type === 'container') throw new AppError('refused', 'CBSD has jails and VMs, no containers', 'operation.spec.type')
  const making = spec.type === 'jail' ? await planJail(spec, known) : await planVm(spec, known)
  const { letter, fields, warnings } = making
  const steps = [...freeName(cbsd, spec.name, letter, 'operation.spec.name'), ...making.steps, isRegistered(cbsd, spec.name, letter)]
  if (spec.start) steps.push(startStep(cbsd, { name: spec.name, letter }))
  return {
    steps,
    expect: { kind: 'guest', name: spec.name, states: [spec.start ? 'running' : 'stopped'], fields },
    expectWithinMs: 60_000,
    warnings,
    locks: [`guest:${spec.name}`],
  }
}
