import { z } from 'zod'
import { cpus, existingName, guestSpec, memoryBytes, newName, snapshotName } from './spec'

const on = { name: existingName }

/** Everything a person can ask of a guest. Validated here once, at the edge. */
export const operation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), ...on }),
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
  }),
  z.object({ kind: z.literal('snapshot.create'), ...on, snapshot: snapshotName }),
  z.object({ kind: z.literal('snapshot.restore'), ...on, snapshot: existingName }),
  z.object({ kind: z.literal('snapshot.remove'), ...on, snapshot: existingName }),
])
export type Operation = z.infer<typeof operation>
export type OperationKind = Operation['kind']

/** The guest an operation acts on: for `create`, the one that will be. */
export const operationGuest = (op: Operation): string => (op.kind === 'create' ? op.spec.name : op.name)
