import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '@/server/errors'

const uploadFile = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  user: z.string().min(1),
  /** The host whose store it is for; a guest's id where it is for that guest. */
  host: z.string().min(1),
  /** As the browser called it: shown, never used as a path. */
  fileName: z.string().min(1).max(300),
  sizeBytes: z.int().min(0),
  sha256: z.string().optional(),
  createdAt: z.number(),
})
export type Upload = z.infer<typeof uploadFile>
export type UploadState = Upload & { data: string; received: number; touchedAt: number }

/** An upload that nobody touched for this long is removed. */
export const uploadLifeMs = 48 * 60 * 60 * 1000
const maxOpenPerUser = 32

export type Uploads = ReturnType<typeof createUploads>

/**
 * Uploads in progress, kept on disk only: a folder each with upload.json and the bytes so far, whose number is the file's size.
 * A restart of the server loses none.
 */
export function createUploads({ dir, now = Date.now }: { dir: string; now?: () => number }) {
  const folder = (id: string) => join(dir, id)

  async function get(id: string): Promise<UploadState | null> {
    if (!/^[0-9a-f]{32}$/.test(id)) return null
    try {
      const upload = uploadFile.parse(JSON.parse(await readFile(join(folder(id), 'upload.json'), 'utf8')))
      const data = join(folder(id), 'data')
      const found = await stat(data)
      return upload.id === id ? { ...upload, data, received: found.size, touchedAt: found.mtimeMs } : null
    } catch {
      return null
    }
  }

  async function list(): Promise<UploadState[]> {
    const names = await readdir(dir).catch(() => [])
    return (await Promise.all(names.map(get))).filter((upload) => upload !== null)
  }

  return {
    get,
    /** The same user's unfinished upload of the same file, or a new one. Rejects with `too-many` beyond 32. */
    async open(wanted: Omit<Upload, 'id' | 'createdAt'>): Promise<UploadState> {
      const mine = (await list()).filter(({ user }) => user === wanted.user)
      const same = mine.find(
        (upload) =>
          upload.host === wanted.host &&
          upload.fileName === wanted.fileName &&
          upload.sizeBytes === wanted.sizeBytes &&
          upload.sha256 === wanted.sha256,
      )
      if (same) return same
      if (mine.length >= maxOpenPerUser)
        throw new AppError('too-many', `${maxOpenPerUser} uploads are open already: finish or wait for some`)
      const upload = uploadFile.parse({ ...wanted, id: randomBytes(16).toString('hex'), createdAt: now() })
      const draft = join(dir, `.${upload.id}`)
      await mkdir(draft, { recursive: true, mode: 0o700 })
      await writeFile(join(draft, 'data'), '', { flag: 'wx', mode: 0o600 })
      await writeFile(join(draft, 'upload.json'), JSON.stringify(upload), { flag: 'wx', mode: 0o600 })
      await rename(draft, folder(upload.id))
      return { ...upload, data: join(folder(upload.id), 'data'), received: 0, touchedAt: now() }
    },
    async remove(id: string): Promise<void> {
      if (/^[0-9a-f]{32}$/.test(id)) await rm(folder(id), { recursive: true, force: true })
    },
    /** Removes what is too old or no longer an upload. `keep` holds ids under way now. Returns how many. */
    async sweep(keep: ReadonlySet<string>): Promise<number> {
      let removed = 0
      for (const name of await readdir(dir).catch(() => [])) {
        const upload = await get(name)
        const age = now() - (upload?.touchedAt ?? (await stat(join(dir, name)).catch(() => null))?.mtimeMs ?? 0)
        if (keep.has(name) || age < uploadLifeMs) continue
        await rm(join(dir, name), { recursive: true, force: true })
        removed++
      }
      return removed
    },
  }
}
