import { eventsRouter } from './routers/events'
import { fileRouter } from './routers/file'
import { guestRouter } from './routers/guest'
import { hostRouter } from './routers/host'
import { imageRouter } from './routers/image'
import { jobRouter } from './routers/job'
import { metricsRouter } from './routers/metrics'
import { recordingRouter } from './routers/recording'
import { sessionRouter } from './routers/session'
import { watchRouter } from './routers/watch'
import { router } from './trpc'

export const appRouter = router({
  session: sessionRouter,
  events: eventsRouter,
  guest: guestRouter,
  file: fileRouter,
  host: hostRouter,
  image: imageRouter,
  job: jobRouter,
  metrics: metricsRouter,
  recording: recordingRouter,
  watch: watchRouter,
})
export type AppRouter = typeof appRouter
