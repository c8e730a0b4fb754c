import { z } from 'zod'
import { AppError } from '../errors'
import { inFolder } from '../model/file'
import { fileNameInput, guestPathInput } from '../model/file-input'
import { type GuestRef, parseGuestId } from '../model/guest'
import { procedure, router } from '../trpc'

const guest = { id: z.string().max(400) }
const sizeBytes = z
  .int()
  .min(0)
  .max(2 ** 42, 'At most 4 TiB')
const placeInput = z.object({
  ...guest,
  folder: guestPathInput,
  name: fileNameInput,
  /** Takes the place of a file that is there. */
  replace: z.boolean().default(false),
})
const pushInput = placeInput.extend({ upload: z.string().regex(/^[0-9a-f]{32}$/, 'An upload that was opened') })

function ref(id: string): GuestRef {
  const parsed = parseGuestId(id)
  if (!parsed) throw new AppError('not-found', 'There is no such guest', 'id')
  return parsed
}
const toPlace = ({ id, folder, name, replace }: z.infer<typeof placeInput>) => ({ guest: ref(id), path: inFolder(folder, name), replace })
const within = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal

export const fileRouter = router({
  /** The largest file that is moved, bytes. */
  limit: procedure('guest.files').query(({ ctx }) => ctx.services.files.limitBytes),
  list: procedure('guest.files')
    .input(z.object({ ...guest, path: guestPathInput }))
    .query(({ ctx, input, signal }) => ctx.services.files.list(ref(input.id), input.path, within(signal))),
  /** Whether a file can be fetched, and its size: asked before a browser is sent to it. */
  sizeOf: procedure('guest.files')
    .input(z.object({ ...guest, path: guestPathInput }))
    .query(({ ctx, input, signal }) => ctx.services.files.sizeOf(ref(input.id), input.path, within(signal))),
  openUpload: procedure('guest.files')
    .input(
      z.object({
        ...guest,
        fileName: fileNameInput,
        sizeBytes,
      }),
    )
    .mutation(({ ctx, input: { id, ...file } }) => ctx.services.files.openUpload({ guest: ref(id), ...file }, ctx.user)),
  /** The commands that a push would run; nothing is uploaded yet. */
  plan: procedure('guest.files')
    .input(placeInput.extend({ sizeBytes }))
    .query(({ ctx, input }) => ctx.services.files.preview({ ...toPlace(input), sizeBytes: input.sizeBytes })),
  push: procedure('guest.files')
    .input(pushInput)
    .mutation(({ ctx, input }) => ctx.services.files.push({ ...toPlace(input), upload: input.upload }, ctx.user)),
})
