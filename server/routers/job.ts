import { z } from 'zod'
import { AppError } from '../errors'
import { jobStates } from '../model/job'
import { procedure, router } from '../trpc'

const jobInput = z.object({ id: z.string().max(64) })

export const jobRouter = router({
  list: procedure('job.read')
    .input(
      z.object({
        guest: z.string().max(400).optional(),
        host: z.string().max(64).optional(),
        states: z.array(z.enum(jobStates)).optional(),
        found: z.boolean().optional(),
        limit: z.int().min(1).max(200).default(50),
        before: z.number().optional(),
      }),
    )
    .query(({ ctx, input }) => ctx.services.jobs.list(input)),
  get: procedure('job.read')
    .input(jobInput)
    .query(async ({ ctx, input }) => {
      const job = await ctx.services.jobs.get(input.id)
      if (!job) throw new AppError('not-found', 'There is no such job', 'id')
      return job
    }),
  /** The commands that would undo what an interrupted job did; nothing is changed. */
  undoPlan: procedure('job.read')
    .input(jobInput)
    .query(({ ctx, input }) => ctx.services.jobs.previewUndo(input.id)),
  undo: procedure('guest.remove')
    .input(jobInput)
    .mutation(({ ctx, input }) => ctx.services.jobs.undo(input.id, ctx.user)),
  cancel: procedure('job.cancel')
    .input(jobInput)
    .mutation(({ ctx, input }) => ctx.services.jobs.cancel(input.id, ctx.user)),
})
