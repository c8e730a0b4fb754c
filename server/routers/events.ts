import { tracked } from '@trpc/server'
import { z } from 'zod'
import { queue } from '../events/queue'
import type { AppEvent, Picture } from '../model/events'
import { procedure, router } from '../trpc'

export const eventsRouter = router({
  /** Everything the pages show, at one sequence number. */
  picture: procedure('guest.read').query(async ({ ctx }): Promise<Picture> => {
    const { bus, inventory, images, jobs } = ctx.services
    const recent = await jobs.list({ limit: 30 })
    return {
      seq: bus.seq,
      hosts: inventory.hosts(),
      guests: inventory.guests(),
      images: images.list(),
      jobs: recent,
      user: { id: ctx.user.id, name: ctx.user.name },
    }
  }),
  /** What changed since. A client that was away too long gets `reset`. */
  stream: procedure('guest.read')
    .input(z.object({ lastEventId: z.string().max(32).optional() }))
    .subscription(async function* ({ ctx, input, signal }) {
      const { bus } = ctx.services
      const events = queue<{ seq: number; event: AppEvent }>(signal, (push) => bus.subscribe(push))
      const missed = bus.since(Number(input.lastEventId ?? bus.seq))
      if (!missed) yield tracked(String(bus.seq), { type: 'reset' } as AppEvent)
      else for (const { seq, event } of missed) yield tracked(String(seq), event)
      for await (const { seq, event } of events) yield tracked(String(seq), event)
    }),
})
