import { z } from 'zod'
import { consoleKinds } from '../model/guest'
import { watchMinutes } from '../model/watch'
import { procedure, router } from '../trpc'

/** The guest's id. */
const id = z.string().min(1).max(512)

/** Links that show a console to whoever holds them. Who may type into it may show it. */
export const watchRouter = router({
  list: procedure('guest.console')
    .input(z.object({ id }))
    .query(({ ctx, input }) => ctx.services.watch.list(input.id)),
  make: procedure('guest.console')
    .input(z.object({ id, kind: z.enum(consoleKinds), minutes: z.literal(watchMinutes) }))
    .mutation(({ ctx, input }) => ctx.services.watch.make({ guest: input.id, kind: input.kind, minutes: input.minutes }, ctx.user)),
  revoke: procedure('guest.console')
    .input(z.object({ id, link: z.string().max(64) }))
    .mutation(({ ctx, input }) => ctx.services.watch.revoke(input.id, input.link)),
})
