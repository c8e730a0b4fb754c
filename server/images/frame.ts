import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Exec } from '@/server/exec/types'
import type { Plan, Step } from '@/server/model/plan'
import { type ImageFile, imageText } from './image-file'
import type { ImagePaths } from './paths'

/** What every plan is made from. */
export type PlanContext = {
  exec: Exec
  storeDir: string
  dataDir: string
  /** The host is another machine: its file systems are not this server's. */
  remote?: boolean
  /** ms since 1970 */
  now: number
}

/** Rejects with `conflict` when the image is there already. */
export async function refuseExisting({ exec }: PlanContext, paths: ImagePaths): Promise<void> {
  if (await exec.stat(paths.folder))
    throw new AppError('conflict', `The image ${posix.basename(paths.folder)} is there already: remove it first`)
}

/**
 * The plan of a new image: whatever `steps` leave in the `.part` folder becomes the image by one rename at the end.
 * The first step's undo takes the whole folder away again. A folder left by a killed server is cleared first.
 */
export function newImage(paths: ImagePaths, file: ImageFile, steps: Step[], extra: { warnings?: string[]; locks?: string[] } = {}): Plan {
  const json = posix.join(paths.part, 'image.json')
  return {
    steps: [
      { title: 'Clear what an earlier attempt left', argv: ['rm', '-rf', '--', paths.part], timeoutMs: 120_000 },
      {
        title: 'Make the folder',
        argv: ['install', '-d', '-m', '755', '--', paths.images, paths.part],
        undo: ['rm', '-rf', '--', paths.part],
      },
      ...steps,
      { title: 'Describe the image', write: { path: json, mode: 0o644, content: imageText(file) } },
      { title: 'Let the hypervisor read it', argv: ['chmod', '-R', 'a+rX', '--', paths.part] },
      { title: 'Put it in its place', argv: ['mv', '-T', '--', paths.part, paths.folder] },
    ],
    expect: { kind: 'file', path: posix.join(paths.folder, 'image.json'), present: true },
    warnings: extra.warnings ?? [],
    locks: [`image:${file.id}`, ...(extra.locks ?? [])],
  }
}
