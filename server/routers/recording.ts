import { z } from 'zod'
import { AppError } from '../errors'
import type { Permission } from '../model/permission'
import { recordModes } from '../model/recording'
import { GiB, MiB } from '../model/size'
import type { Services, User } from '../services'
import { procedure, router } from '../trpc'

const recording = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/, 'not the id of a recording'),
})
const guest = z.string().min(1).max(400)
const console = z.object({ id: guest, kind: z.enum(['serial', 'shell']) })
const time = z.number().min(0).optional()

/** Whether somebody may do this with the recordings of a guest. */
const mayOf =
  ({ access }: Pick<Services, 'access'>, user: User, permission: Permission = 'recording.read') =>
  (id: string) =>
    access.allows(user, permission, `guest/${id}`)

function demand(services: Services, user: User, permission: Permission, id: string): void {
  if (!mayOf(services, user, permission)(id)) throw new AppError('forbidden', `This needs the right ${permission}`)
}

export const recordingRouter = router({
  list: procedure('recording.read')
    .input(
      z.object({
        guest: guest.optional(),
        identity: z.string().max(200).nullable().optional(),
        user: z.string().max(200).optional(),
        from: time,
        to: time,
        before: time,
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .query(({ ctx, input }) => ctx.services.recordings.list(input, mayOf(ctx.services, ctx.user))),
  /** Ids of the guests that have recordings. */
  guests: procedure('recording.read').query(({ ctx }) => ctx.services.recordings.guests(mayOf(ctx.services, ctx.user))),
  get: procedure('recording.read')
    .input(recording)
    .query(async ({ ctx, input }) => {
      const info = await ctx.services.recordings.get(input.id)
      if (!mayOf(ctx.services, ctx.user)(info.guest)) throw new AppError('not-found', 'There is no such recording', 'id')
      return info
    }),
  remove: procedure('recording.change')
    .input(recording)
    .mutation(async ({ ctx, input }) => {
      const info = await ctx.services.recordings.get(input.id)
      demand(ctx.services, ctx.user, 'recording.change', info.guest)
      await ctx.services.recordings.remove(input.id)
    }),
  rule: procedure('recording.read')
    .input(z.object({ id: guest }))
    .query(({ ctx, input }) => ctx.services.recordings.rule(input.id)),
  setRule: procedure('recording.change')
    .input(z.object({ id: guest, mode: z.enum(recordModes), input: z.boolean() }))
    .mutation(({ ctx, input: { id, ...rule } }) => {
      demand(ctx.services, ctx.user, 'recording.change', id)
      return ctx.services.recordings.setRule(id, rule)
    }),
  /** Begins to record an open console, or ends it. */
  record: procedure('recording.change')
    .input(console.extend({ on: z.boolean() }))
    .mutation(({ ctx, input: { on, ...of } }) => {
      demand(ctx.services, ctx.user, 'recording.change', of.id)
      return ctx.services.recordings.record(of, on ? ctx.user.name : null)
    }),
  keep: procedure('recording.read').query(({ ctx }) => ctx.services.recordings.keep()),
  setKeep: procedure('recording.change')
    .input(
      z.object({
        days: z.int().min(1, 'At least 1 day').max(3650, 'At most 3650 days'),
        bytes: z
          .int()
          .min(64 * MiB, 'At least 64 MiB')
          .max(1024 * GiB, 'At most 1 TiB'),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.recordings.setKeep(input)),
  search: procedure('recording.read')
    .input(z.object({ text: z.string().trim().min(2, 'At least two characters').max(200), guest: guest.optional() }))
    .query(async ({ ctx, input, signal }) => {
      const { access, recordings } = ctx.services
      await access.audit({ user: ctx.user.id, action: 'recording.search', target: input.text, ok: true, from: ctx.from })
      const kept = access.allows(ctx.user, 'guest.watch', '*')
      return recordings.search({ ...input, kept }, mayOf(ctx.services, ctx.user), signal)
    }),
})
