import { posix } from 'node:path'
import { z } from 'zod'
import type { Exec } from '@/server/exec/types'
import { arches } from '@/server/model/guest'
import { type Image, imageKinds } from '@/server/model/image'
import { imageId } from '@/server/model/image-request'
import { headerBytes, readHeader } from './header'

/** A name inside the image's folder: no path may lead out of it. */
const inner = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i)
const bytes = z.int().min(0)

/** `image.json`: an image without what the disk itself tells (host, sizes). */
export const imageFile = z.object({
  id: imageId,
  title: z.string().min(1).max(100),
  kind: z.enum(imageKinds),
  arch: z.enum(arches),
  os: z.string().max(100).optional(),
  files: z.object({
    disk: inner.optional(),
    kernel: inner.optional(),
    initrd: inner.optional(),
    alias: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/)
      .optional(),
  }),
  format: z.enum(['qcow2', 'raw', 'iso']).optional(),
  /** Only where no file in the folder tells: a container's, which its engine keeps. */
  sizeBytes: bytes.optional(),
  cloudInit: z.boolean(),
  minMemoryBytes: bytes.optional(),
  defaultMemoryBytes: bytes.optional(),
  defaultDiskBytes: bytes.optional(),
  createdAt: z.number(),
  source: z.enum(['built', 'upload', 'url']),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export type ImageFile = z.infer<typeof imageFile>

export const imageText = (file: ImageFile): string => `${JSON.stringify(imageFile.parse(file), null, 2)}\n`

/**
 * Reads one image folder of a host. Sizes come from the files as they are.
 * Rejects with words when image.json is missing or broken, or when a file it names is not there.
 */
export async function readImage(exec: Exec, host: string, folder: string): Promise<Image> {
  const text = await exec.readFile(posix.join(folder, 'image.json'), { maxBytes: 64 * 1024 })
  const file = imageFile.parse(JSON.parse(new TextDecoder().decode(text)))
  if (file.id !== posix.basename(folder)) throw new Error(`its id is ${file.id}`)
  const { sizeBytes: stated = 0, ...rest } = file
  const image: Image = { ...rest, host, files: { alias: file.files.alias }, sizeBytes: stated }
  for (const key of ['disk', 'kernel', 'initrd'] as const) {
    const name = file.files[key]
    if (!name) continue
    const path = posix.join(folder, name)
    const found = await exec.stat(path)
    if (!found || found.isDirectory) throw new Error(`${name} is missing`)
    image.files[key] = path
    image.sizeBytes += found.size
    if (key === 'disk') {
      const header = readHeader(await exec.readFile(path, { maxBytes: headerBytes }))
      image.virtualBytes = header.kind === 'qcow2' ? header.virtualBytes : found.size
    }
  }
  return image
}
