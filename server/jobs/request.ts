import { AppError } from '@/server/errors'
import { can } from '@/server/model/can'
import { type Guest, type GuestRef, guestId } from '@/server/model/guest'
import { type GuestOperation, isHostOperation, type Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import type { Inventory } from '@/server/services'
import { planMask } from './plan-view'

type On = Omit<GuestRef, 'name'>

/** The name that an operation brings into the world, and the input that holds it. */
export function madeName(op: Operation): { name: string; field: string } | null {
  if (op.kind === 'create') return { name: op.spec.name, field: 'operation.spec.name' }
  if (op.kind === 'import') return { name: op.newName, field: 'operation.newName' }
  if (op.kind === 'rename' || op.kind === 'clone') return { name: op.newName, field: 'operation.newName' }
  return null
}

/** `refused` with the reason when the operation makes no sense for this guest now. */
export function demand(op: GuestOperation, guest: Guest | null | undefined, on: On, inventory: Inventory): void {
  if (!guest) throw new AppError('not-found', `There is no guest ${op.name} on this host`, 'operation.name')
  const answer = can(op.kind, guest, inventory.engine(on.host, on.engine).info)
  if (answer !== true) throw new AppError('refused', `${guest.name}: ${answer}`)
}

const noSignal = () => new AbortController().signal

/**
 * Plans an operation for running: reads the guest anew, asks `can`, makes sure that a new name is free.
 * Rejects with `not-found`, `refused`, `conflict` (naming the input) or what the engine's planner says.
 */
export async function planForRun(inventory: Inventory, on: On, op: Operation): Promise<Plan> {
  const engine = inventory.engine(on.host, on.engine)
  if (op.kind === 'create') demandHost(engine.info.operations.create, engine.info.guestTypes[op.spec.type])
  else if (isHostOperation(op)) demandHost(engine.info.operations[op.kind])
  else demand(op, await inventory.refresh({ ...on, name: op.name }), on, inventory)
  const made = madeName(op)
  if (made && (await engine.get(made.name, noSignal()))) throw taken(made)
  return engine.plan(op, noSignal())
}

/** The same for showing only: from the live picture, without touching it. */
export async function planForView(inventory: Inventory, on: On, op: Operation): Promise<Plan> {
  const engine = inventory.engine(on.host, on.engine)
  if (op.kind === 'create') demandHost(engine.info.operations.create, engine.info.guestTypes[op.spec.type])
  else if (isHostOperation(op)) demandHost(engine.info.operations[op.kind])
  else demand(op, inventory.guest(guestId(on.host, on.engine, op.name)), on, inventory)
  const made = madeName(op)
  if (made && inventory.guest(guestId(on.host, on.engine, made.name))) throw taken(made)
  return engine.plan(op, noSignal())
}

const taken = (made: { name: string; field: string }) =>
  new AppError('conflict', `There is already a guest ${made.name} on this host. Choose another name.`, made.field)

function demandHost(...answers: (true | string | undefined)[]): void {
  for (const answer of answers) if (typeof answer === 'string') throw new AppError('refused', answer)
}

/** Nobody's order is carried out by other steps than those they saw: what a guest needs may change while they look. */
export function demandShown(plan: Plan, shown: string[]): void {
  const mask = planMask(plan)
  const titles = plan.steps.map(({ title }) => mask(title))
  if (titles.length === shown.length && titles.every((title, index) => title === shown[index])) return
  throw new AppError(
    'conflict',
    'It takes other commands now than those you saw, for the guest has changed meanwhile. Look at them once more.',
  )
}
