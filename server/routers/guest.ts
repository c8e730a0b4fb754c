import { z } from 'zod'
import { AppError } from '../errors'
import { engineKinds, type GuestRef, parseGuestId } from '../model/guest'
import { type OperationKind, operation } from '../model/operation'
import type { Permission } from '../model/permission'
import { procedure, router } from '../trpc'

const guestInput = z.object({ id: z.string().max(400) })
const onEngine = z.object({ host: z.string().min(1).max(64), engine: z.enum(engineKinds) })

function ref(id: string): GuestRef {
  const parsed = parseGuestId(id)
  if (!parsed) throw new AppError('not-found', 'There is no such guest', 'id')
  return parsed
}

/** The right that each operation demands beyond reading. */
export const operationPermission = {
  start: 'guest.power',
  stop: 'guest.power',
  kill: 'guest.power',
  restart: 'guest.power',
  pause: 'guest.power',
  resume: 'guest.power',
  create: 'guest.create',
  clone: 'guest.create',
  remove: 'guest.remove',
  rename: 'guest.change',
  set: 'guest.change',
  'snapshot.create': 'guest.change',
  'snapshot.restore': 'guest.change',
  'snapshot.remove': 'guest.change',
  import: 'guest.create',
  export: 'guest.change',
  'disk.add': 'guest.change',
  'disk.grow': 'guest.change',
  'disk.remove': 'guest.change',
  'share.add': 'guest.change',
  'share.remove': 'guest.change',
  'forward.add': 'guest.change',
  'forward.remove': 'guest.change',
  limits: 'guest.change',
  'checkpoint.create': 'guest.change',
  'checkpoint.remove': 'guest.change',
  'media.attach': 'guest.change',
  'media.eject': 'guest.change',
  migrate: 'guest.change',
  'base.fetch': 'host.change',
  'base.remove': 'host.change',
  'media.fetch': 'host.change',
  'media.add': 'host.change',
  'media.remove': 'host.change',
  'debris.remove': 'host.change',
  'hook.install': 'host.change',
  'hook.remove': 'host.change',
} satisfies Record<OperationKind, Permission>

export const guestRouter = router({
  inspect: procedure('guest.read')
    .input(guestInput)
    .query(({ ctx, input, signal }) => {
      const { host, engine, name } = ref(input.id)
      return ctx.services.inventory.engine(host, engine).inspect(name, signal ?? new AbortController().signal)
    }),
  snapshots: procedure('guest.read')
    .input(guestInput)
    .query(({ ctx, input, signal }) => {
      const { host, engine, name } = ref(input.id)
      return ctx.services.inventory.engine(host, engine).snapshots(name, signal ?? new AbortController().signal)
    }),
  /** What the create form offers on one engine of one host. */
  catalog: procedure('guest.read')
    .input(onEngine)
    .query(({ ctx, input, signal }) =>
      ctx.services.inventory.engine(input.host, input.engine).catalog(signal ?? new AbortController().signal),
    ),
  /** What an engine tells of its host: bases, media, its own queue. Null where it tells nothing. */
  hostDetail: procedure('host.read')
    .input(onEngine)
    .query(
      async ({ ctx, input, signal }) =>
        (await ctx.services.inventory.engine(input.host, input.engine).hostDetail?.(signal ?? new AbortController().signal)) ?? null,
    ),
  /** The commands that an operation would run; nothing is changed. */
  plan: procedure('guest.read')
    .input(onEngine.extend({ operation }))
    .query(({ ctx, input }) => ctx.services.jobs.preview(input, input.operation)),
  /** `shown`: the titles of the steps that a person saw; refused with `conflict` when it would take others now. */
  operate: procedure('guest.read')
    .input(onEngine.extend({ operation, shown: z.array(z.string()).max(200).optional() }))
    .mutation(({ ctx, input }) => {
      const permission = operationPermission[input.operation.kind]
      if (!ctx.services.access.allows(ctx.user, permission, '*')) throw new AppError('forbidden', `This needs the right ${permission}`)
      return ctx.services.jobs.operate({ host: input.host, engine: input.engine }, input.operation, ctx.user, input.shown)
    }),
})
