import type { EngineHost } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import type { ImageRequest } from '@/server/model/image-request'
import type { Plan, Step } from '@/server/model/plan'
import type { PlanContext } from './frame'
import { uploadHeader } from './plan-import'
import { sendStep, sumStep } from './send-step'
import type { Upload } from './uploads'

/** A finished upload of a CD goes to the host, and from there into the store of its engine. */
export async function planMedium(
  { remote }: Pick<PlanContext, 'remote'>,
  request: Extract<ImageRequest, { kind: 'medium' }>,
  upload: Upload & { data: string; received: number },
  engine: EngineHost,
): Promise<Plan> {
  const header = await uploadHeader(upload)
  if (header.kind !== 'iso') throw new AppError('refused', 'It is no CD image (ISO 9660)', 'upload')
  // The number of an upload cannot be guessed, so nobody on the host is there before us.
  const staged = remote ? `/var/tmp/bailiwick-${upload.id}` : upload.data
  const plan = await engine.plan({ kind: 'media.add', medium: request.medium, path: staged }, AbortSignal.timeout(60_000))
  const send: Step[] = remote
    ? [
        {
          title: 'Make room for the file',
          argv: ['install', '-m', '600', '/dev/null', staged],
          undo: ['rm', '-f', '--', staged],
        },
        sendStep(upload, staged),
      ]
    : []
  const sums = upload.sha256 ? [sumStep(staged, upload.sha256)] : []
  return { ...plan, steps: [...send, ...sums, ...plan.steps], locks: [...plan.locks, `upload:${upload.id}`] }
}
