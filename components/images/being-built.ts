import type { ImageRequest } from '@/server/model/image-request'
import { buildTitle } from '@/server/model/image-store'
import type { JobSummary } from '@/server/model/job'

type Build = Pick<Extract<ImageRequest, { kind: 'build' }>, 'recipe' | 'arch'>

/** Whether one of these jobs, which are under way, builds this image on this host. */
export const isBeingBuilt = (jobs: readonly JobSummary[], host: string, { recipe, arch }: Build): boolean =>
  jobs.some((job) => job.kind === 'image.build' && job.host === host && job.title === buildTitle(recipe, arch))
