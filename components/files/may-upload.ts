import { errorText, fieldErrors } from '@/components/trpc'
import type { Allowed } from '@/server/model/capability'
import { fileMessages as w } from './messages'

/** Whether files can be sent into the folder that is open, or why not. `error`: why it could not be read; `read`: whether it was. */
export const mayUpload = (error: unknown, read: boolean): Allowed =>
  error ? w.notHere(fieldErrors(error).path ?? errorText(error)) : read || w.reading
