import { sendFile } from '@/components/images/send-file'
import { live } from '@/components/live/live'
import { client } from '@/components/trpc'

/** How far one file is: on its way to the server, then into the guest. */
export type Stage =
  | { at: 'waiting' }
  | { at: 'sending'; received: number; stalled: boolean }
  | { at: 'writing'; job: string }
  | { at: 'failed'; error: unknown }
  | { at: 'stopped' }

type Wanted = { id: string; file: File; folder: string; replace: boolean; signal: AbortSignal; onStage: (stage: Stage) => void }

/** Sends a file to the server, resumably, and starts the job that writes it in the guest. */
export async function sendToGuest({ id, file, folder, replace, signal, onStage }: Wanted): Promise<void> {
  try {
    const upload = await sendFile({
      host: id,
      file,
      signal,
      open: () => client.file.openUpload.mutate({ id, fileName: file.name, sizeBytes: file.size }),
      onProgress: ({ received, waiting }) => onStage({ at: 'sending', received, stalled: waiting }),
    })
    signal.throwIfAborted()
    const job = await client.file.push.mutate({ id, upload, folder, name: file.name, replace })
    live.putJob(job)
    onStage({ at: 'writing', job: job.id })
  } catch (error) {
    if (!signal.aborted) onStage({ at: 'failed', error })
  }
}
