import { z } from 'zod'
import { queue } from '../events/queue'
import type { LiveFrame } from '../model/metrics'
import { procedure, router } from '../trpc'

const ids = z.object({ ids: z.array(z.string().max(400)).max(10_000).optional() })

const pick = (frame: LiveFrame, wanted: Set<string> | null): LiveFrame =>
  wanted ? { at: frame.at, rows: frame.rows.filter(([id]) => wanted.has(id)), past: frame.past?.filter(([id]) => wanted.has(id)) } : frame

export const metricsRouter = router({
  /** The last 15 minutes of one guest or host. */
  recent: procedure('guest.read')
    .input(z.object({ id: z.string().max(400) }))
    .query(({ ctx, input }) => ctx.services.metrics.recent(input.id)),
  /** When measuring began, ms since 1970. */
  since: procedure('guest.read').query(({ ctx }) => ctx.services.metrics.since),
  host: procedure('host.read')
    .input(z.object({ id: z.string().max(64) }))
    .query(({ ctx, input }) => ctx.services.metrics.hostFigures(input.id)),
  /** A frame every 5 s; of all, or only of the ids asked for. The newest one comes at once. */
  live: procedure('guest.read')
    .input(ids)
    .subscription(async function* ({ ctx, input, signal }) {
      const wanted = input.ids ? new Set(input.ids) : null
      const frames = queue<LiveFrame>(signal, (push) => ctx.services.metrics.subscribe(push))
      const { latest, past } = ctx.services.metrics
      yield pick({ ...latest(), past: past() }, wanted)
      for await (const frame of frames) yield pick(frame, wanted)
    }),
})
