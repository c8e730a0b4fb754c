import { z } from 'zod'
import { deviceOperations, hostOperations } from './operation-more'
import { cpus, existingName, guestSpec, memoryBytes, newName, settingKey, settingValue, snapshotName } from './spec'

const on = { name: existingName }

/** Everything a person can ask of a guest, or of an engine on a host. Validated here once, at the edge. */
export const operation = z.discriminatedUnion('kind', [
  /** `checkpoint`: go on from where a running VM was stored. */
  z.object({ kind: z.literal('start'), ...on, checkpoint: snapshotName.optional() }),
  z.object({ kind: z.literal('stop'), ...on }),
  z.object({ kind: z.literal('kill'), ...on }),
  z.object({ kind: z.literal('restart'), ...on }),
  z.object({ kind: z.literal('pause'), ...on }),
  z.object({ kind: z.literal('resume'), ...on }),
  z.object({ kind: z.literal('create'), spec: guestSpec }),
  z.object({ kind: z.literal('rename'), ...on, newName }),
  z.object({ kind: z.literal('clone'), ...on, newName }),
  z.object({ kind: z.literal('remove'), ...on, disks: z.boolean() }),
  z.object({
    kind: z.literal('set'),
    ...on,
    cpus: cpus.optional(),
    memoryBytes: memoryBytes.optional(),
    autostart: z.boolean().optional(),
    protected: z.boolean().optional(),
    hidden: z.boolean().optional(),
    order: z.int().min(0).max(999).optional(),
    /** Settings of the engine's own, by the keys of `GuestDetail.settings`. */
    settings: z.record(settingKey, settingValue).optional(),
  }),
  z.object({ kind: z.literal('snapshot.create'), ...on, snapshot: snapshotName }),
  z.object({ kind: z.literal('snapshot.restore'), ...on, snapshot: existingName }),
  z.object({ kind: z.literal('snapshot.remove'), ...on, snapshot: existingName }),
  ...deviceOperations,
  ...hostOperations,
])
export type Operation = z.infer<typeof operation>
export type OperationKind = Operation['kind']
/** Operations on a host's engine as a whole: they have no guest. */
export type HostOperation = z.infer<(typeof hostOperations)[number]>
export type HostOperationKind = HostOperation['kind']
/** Operations on one guest that exists. */
export type GuestOperation = Exclude<Operation, HostOperation | { kind: 'create' }>

const hostKinds: ReadonlySet<string> = new Set(hostOperations.map((each) => each.shape.kind.value))
export const isHostOperation = (op: Operation): op is HostOperation => hostKinds.has(op.kind)

/** The guest an operation acts on: for `create` and `import`, the one that will be; null for the host as a whole. */
export function operationGuest(op: Operation): string | null {
  if (op.kind === 'create') return op.spec.name
  if (op.kind === 'import') return op.newName
  return isHostOperation(op) ? null : op.name
}

type Further = z.infer<(typeof deviceOperations)[number]> | HostOperation
/** What every engine answers to: the rest is for those that have it. */
export type CommonOperation = Exclude<Operation, Further>

const further: readonly Further['kind'][] = [...deviceOperations, ...hostOperations].map((each) => each.shape.kind.value)
const furtherSet: ReadonlySet<string> = new Set(further)
export const isCommon = (op: Operation): op is CommonOperation => !furtherSet.has(op.kind)

/** Whether a `set` asks for more than processors, memory and autostart. */
export const hasFurtherSettings = (op: Partial<Extract<Operation, { kind: 'set' }>>): boolean =>
  [op.protected, op.hidden, op.order, op.settings].some((value) => value !== undefined)

/** The answer of an engine that has none of the operations beyond the common ones. */
export const withoutFurther = (reason: string): Partial<Record<OperationKind, string>> =>
  Object.fromEntries(further.map((kind) => [kind, reason]))
