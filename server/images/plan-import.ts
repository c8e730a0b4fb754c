import { open } from 'node:fs/promises'
import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Image } from '@/server/model/image'
import type { ImageRequest } from '@/server/model/image-request'
import { checksumTitle } from '@/server/model/image-store'
import type { Plan } from '@/server/model/plan'
import { qcow2Steps } from './disk-steps'
import { newImage, type PlanContext } from './frame'
import { type Header, headerBytes, readHeader } from './header'
import type { ImageFile } from './image-file'
import { slug } from './names'
import { type ImagePaths, imagePaths } from './paths'
import { sendStep } from './send-step'
import type { Upload } from './uploads'

const MiB = 1024 * 1024
const GiB = 1024 * MiB
const sectorBytes = 512

/** The first free id for a title: `web`, `web-2`, … */
export async function freeId({ exec, storeDir }: PlanContext, title: string): Promise<string> {
  const base = slug(title)
  for (let n = 1; n <= 1000; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!(await exec.stat(imagePaths(storeDir, id).folder))) return id
  }
  throw new AppError('conflict', `There are too many images named ${title}`, 'title')
}

/** What a file of unknown origin becomes. Rejects with `refused` and the reason for what no guest should be made from. */
export function acceptHeader(header: Header, sizeBytes?: number): NonNullable<Image['format']> {
  if (header.kind === 'packed') throw new AppError('refused', `It is compressed by ${header.by}: unpack it first`)
  if (header.kind === 'foreign') throw new AppError('refused', `It is a ${header.name} disk: convert it to qcow2 or raw first`)
  if (header.kind === 'qcow2') {
    if (header.backing !== undefined)
      throw new AppError(
        'refused',
        `It is an overlay on another file${header.backing ? ` (${header.backing.slice(0, 100)})` : ''}: flatten it first`,
      )
    if (header.externalData) throw new AppError('refused', 'It keeps its data in another file')
    if (header.virtualBytes > 2 ** 46) throw new AppError('refused', 'It claims to be larger than 64 TiB')
  }
  if (header.kind === 'raw' && sizeBytes !== undefined && (sizeBytes === 0 || sizeBytes % sectorBytes !== 0))
    throw new AppError('refused', `It is no disk image: neither qcow2 nor ISO, and for a raw disk ${sizeBytes} bytes are no whole sectors`)
  return header.kind
}

export const fileNames = { qcow2: 'disk.qcow2', raw: 'disk.raw', iso: 'disk.iso' } as const

/** image.json of a disk or CD that came from outside. */
export function foreignFile(
  id: string,
  request: Extract<ImageRequest, { kind: 'import' | 'download' }>,
  format: NonNullable<Image['format']>,
  facts: { virtualBytes?: number; createdAt: number; source: 'upload' | 'url'; sha256?: string },
): ImageFile {
  const iso = format === 'iso'
  return {
    id,
    title: request.title,
    kind: iso ? 'iso' : 'disk',
    arch: request.arch,
    os: request.title,
    files: { disk: fileNames[format] },
    format,
    cloudInit: request.cloudInit && !iso,
    defaultMemoryBytes: 1024 * MiB,
    defaultDiskBytes: iso ? 20 * GiB : Math.max(facts.virtualBytes ?? 0, 10 * GiB),
    createdAt: facts.createdAt,
    source: facts.source,
    sha256: facts.sha256?.toLowerCase(),
  }
}

/** What the first bytes of a finished upload say. They are on this machine, wherever it goes. Rejects with `refused` while it is not finished. */
export async function uploadHeader(upload: Upload & { data: string; received: number }): Promise<Header> {
  if (upload.received !== upload.sizeBytes)
    throw new AppError('refused', `The upload is not finished: ${upload.received} of ${upload.sizeBytes} bytes are here`, 'upload')
  const file = await open(upload.data)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(headerBytes), position: 0 })
    return readHeader(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** A finished upload becomes an image, on another machine after it was sent there. Its first bytes say what it is; its name is never used for a path. */
export async function planImport(
  context: PlanContext,
  request: Extract<ImageRequest, { kind: 'import' }>,
  upload: Upload & { data: string; received: number },
): Promise<Plan> {
  const header = await uploadHeader(upload)
  const format = acceptHeader(header, upload.sizeBytes)
  const id = await freeId(context, request.title)
  const paths: ImagePaths = imagePaths(context.storeDir, id)
  const disk = posix.join(paths.part, fileNames[format])
  const file = foreignFile(id, request, format, {
    virtualBytes: header.kind === 'qcow2' ? header.virtualBytes : upload.sizeBytes,
    createdAt: context.now,
    source: 'upload',
    sha256: upload.sha256,
  })
  // On this machine it is looked at where it lies, and moved when it is good.
  const there = context.remote ? disk : upload.data
  return newImage(
    paths,
    file,
    [
      ...(context.remote ? [sendStep(upload, disk)] : []),
      ...(upload.sha256
        ? [
            {
              title: checksumTitle,
              argv: ['sha256sum', '--check', '--strict', '-'] as const,
              stdin: `${upload.sha256.toLowerCase()}  ${there}\n`,
              timeoutMs: 1_800_000,
            },
          ]
        : []),
      ...(format === 'qcow2' ? qcow2Steps(there) : []),
      // Back again when a later step fails, so that an upload of hours is not lost.
      ...(context.remote
        ? []
        : [
            {
              title: 'Move it into the store',
              argv: ['mv', '-T', '--', upload.data, disk] as const,
              undo: ['mv', '-T', '--', disk, upload.data] as const,
              timeoutMs: 1_800_000,
            },
          ]),
    ],
    { locks: [`upload:${upload.id}`] },
  )
}
