import { live } from '@/components/live/live'
import { m } from '@/components/messages'
import { client } from '@/components/trpc'
import { toast } from '@/components/ui/toasts'
import type { ImageRequest } from '@/server/model/image-request'

/** Starts an image job and says so; resolves with its id. Rejects with the server's refusal. */
export async function requestImage(request: ImageRequest): Promise<string> {
  const job = await client.image.request.mutate(request)
  live.putJob(job)
  toast(m.toast.started(job.title), { job: job.id })
  return job.id
}
