import { z } from 'zod'
import { arches } from './guest'
import { plainWord } from './spec'

export const imageId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a–z, 0–9, dot, _ and -; must start with a letter or digit')
const hostId = z.string().min(1).max(64)
const title = z
  .string()
  .min(1, 'Give it a title')
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'Must be one line without control characters')

/** What can be asked of the image store; each becomes a job. */
export const imageRequest = z.discriminatedUnion('kind', [
  /** Tiny Linux for one arch, or Debian as disk or container, made on the host. */
  z.object({ kind: z.literal('build'), host: hostId, recipe: z.enum(['tiny', 'debian-disk', 'debian-container']), arch: z.enum(arches) }),
  z.object({
    kind: z.literal('download'),
    host: hostId,
    title,
    url: z.url({ protocol: /^https?$/, error: 'An http or https address' }).max(2048),
    /** Hex digest of the file, or the address of a checksum file that lists it. */
    checksum: z.union([z.string().regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/i), z.url({ protocol: /^https?$/ }).max(2048)], {
      error: 'sha256: and 64 hexadecimal digits, sha512: and 128, or the http or https address of a file that lists it',
    }),
    arch: z.enum(arches),
    /** An administrator's leave for this one host name to resolve to a private address. */
    allowPrivate: z.boolean().default(false),
    cloudInit: z.boolean().default(true),
  }),
  /** A finished upload becomes an image. */
  z.object({
    kind: z.literal('import'),
    host: hostId,
    upload: z.string().regex(/^[0-9a-f]{32}$/),
    title,
    arch: z.enum(arches),
    cloudInit: z.boolean().default(false),
  }),
  /** A finished upload of a CD becomes a medium of the host's own engine, where that keeps them (CBSD). */
  z.object({
    kind: z.literal('medium'),
    host: hostId,
    upload: z.string().regex(/^[0-9a-f]{32}$/),
    medium: plainWord,
  }),
  z.object({ kind: z.literal('remove'), host: hostId, id: imageId }),
])
export type ImageRequest = z.infer<typeof imageRequest>

/** `received`: bytes already on the host, where the next PUT goes on (`content-range`). */
export type UploadTicket = { id: string; url: string; received: number; sizeBytes: number }

/** An entry of the catalogue of well-known images, `server/images/catalogue.json`. */
export type CatalogueEntry = {
  id: string
  title: string
  os: string
  arch: (typeof arches)[number]
  url: string
  checksumUrl: string
  cloudInit: boolean
}
