import { z } from 'zod'
import catalogue from '../images/catalogue.json'
import type { CatalogueEntry } from '../model/image-request'
import { imageRequest } from '../model/image-request'
import { procedure, router } from '../trpc'

const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}/\\]+$/u, 'A file name without / and control characters')

export const imageRouter = router({
  catalogue: procedure('image.read').query(() => catalogue as CatalogueEntry[]),
  /** Demands the right to change: to plan a download, its address is asked for real. */
  plan: procedure('image.change')
    .input(imageRequest)
    .query(({ ctx, input }) => ctx.services.images.preview(input)),
  request: procedure('image.change')
    .input(imageRequest)
    .mutation(({ ctx, input }) => ctx.services.images.request(input, ctx.user)),
  openUpload: procedure('image.change')
    .input(
      z.object({
        host: z.string().min(1).max(64),
        fileName,
        sizeBytes: z
          .int()
          .min(1, 'The file is empty')
          .max(2 ** 42, 'At most 4 TiB'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/i)
          .optional(),
        /** A CD for the store of the host's own engine. */
        medium: z.boolean().default(false),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.images.openUpload(input, ctx.user)),
})
