import { z } from 'zod'
import { openProcedure, procedure, router } from '../trpc'

const name = z.string().regex(/^[a-z_][a-z0-9_.-]{0,31}$/i, 'Letters, digits, . _ and -; at most 32')
const password = z.string().min(10, 'At least 10 characters').max(256, 'At most 256 characters')

export const sessionRouter = router({
  /** Whether the first administrator has yet to be made. */
  status: openProcedure.query(async ({ ctx }) => ({ needsSetup: await ctx.services.access.needsSetup(), user: ctx.session?.user ?? null })),
  setup: openProcedure.input(z.object({ token: z.string().max(128), name, password })).mutation(async ({ ctx, input }) => {
    const session = await ctx.services.access.setup(input, ctx.from)
    ctx.setSession?.(session)
    return session.user
  }),
  signIn: openProcedure.input(z.object({ name: z.string().max(64), password: z.string().max(256) })).mutation(async ({ ctx, input }) => {
    const session = await ctx.services.access.signIn(input, ctx.from)
    ctx.setSession?.(session)
    return session.user
  }),
  signOut: procedure('signed-in').mutation(async ({ ctx }) => {
    await ctx.services.access.signOut(ctx.session.token)
    ctx.setSession?.(null)
  }),
})
