import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { parseFolder } from '@/server/engines/guest-files'
import type { Command, FilesTarget } from '@/server/engines/types'
import { AppError } from '@/server/errors'
import { demandRoom } from '@/server/images/free-room'
import type { Uploads } from '@/server/images/uploads'
import { planView } from '@/server/jobs/plan-view'
import { canMoveFiles } from '@/server/model/file'
import { type GuestRef, guestId } from '@/server/model/guest'
import type { Plan } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import type { Files, Inventory, Jobs, PushRequest } from '@/server/services'
import { createPull, refusalOf } from './pull'

export type FilesNeeds = {
  inventory: Pick<Inventory, 'engine' | 'exec' | 'guest'>
  jobs: Pick<Jobs, 'submit'>
  uploads: Uploads
  /** Where uploads lie on the way. */
  dataDir: string
  /** The largest file that is moved, bytes. */
  limitBytes: number
}

/** A folder of 5,000 long names. */
const listBytes = 4 * 1024 * 1024
const listMs = 20_000
const pushMs = 6 * 3_600_000

/** Moves files into and out of guests, through the guests' own commands. */
export function createFiles(needs: FilesNeeds): Files {
  const { inventory, jobs, uploads, dataDir, limitBytes } = needs

  async function target(ref: GuestRef, signal: AbortSignal): Promise<FilesTarget> {
    const guest = inventory.guest(guestId(ref.host, ref.engine, ref.name))
    if (!guest) throw new AppError('not-found', 'There is no such guest', 'id')
    const engine = inventory.engine(ref.host, ref.engine)
    const allowed = canMoveFiles(guest, engine.info)
    if (allowed !== true) throw new AppError('refused', allowed)
    if (!engine.files) throw new AppError('refused', `${engine.info.name} has no way to the files of its guests`)
    return engine.files(ref.name, signal)
  }

  async function ask(ref: GuestRef, { argv, env }: Command, signal: AbortSignal): Promise<string> {
    const result = await inventory.exec(ref.host).run(argv, { env, signal, timeoutMs: listMs, maxBytes: listBytes })
    if (result.signal === 'timeout') throw new AppError('unavailable', `The guest did not answer within ${listMs / 1000} s`)
    if (result.code !== 0) throw new AppError('refused', refusalOf(result.stderr), 'path')
    return result.stdout
  }

  const demandSize = (sizeBytes: number) => {
    if (sizeBytes > limitBytes)
      throw new AppError('refused', `It is ${formatBytes(sizeBytes)}, and at most ${formatBytes(limitBytes)} are moved`, 'sizeBytes')
  }

  /** `data`: where its bytes lie here. */
  async function plan({ guest: ref, path, replace }: Omit<PushRequest, 'upload'>, sizeBytes: number, data: string): Promise<Plan> {
    demandSize(sizeBytes)
    const { write, warnings = [] } = await target(ref, AbortSignal.timeout(listMs))
    const { undo, ...command } = write(path, { sizeBytes, replace, draft: randomBytes(6).toString('hex') })
    return {
      steps: [
        {
          title: `Write ${path} in ${ref.name}`,
          ...command,
          feed: { path: data, sizeBytes },
          timeoutMs: pushMs,
          ...(undo && { undo }),
        },
      ],
      // The guest's own command counts what has arrived; whatever else looked would be asked through the same way.
      expect: { kind: 'none' },
      warnings,
      // Two at once into one file; whatever else is done to the guest goes on.
      locks: [`file:${ref.name}:${path}`],
    }
  }

  const files: Files = {
    limitBytes,
    async list(ref, path, signal) {
      const { list } = await target(ref, signal)
      return parseFolder(path, await ask(ref, list(path), signal))
    },
    async sizeOf(ref, path, signal) {
      const { read } = await target(ref, signal)
      const sizeBytes = Number((await ask(ref, read(path, { sizeOnly: true }), signal)).trim() || Number.NaN)
      if (!Number.isSafeInteger(sizeBytes)) throw new AppError('failed', 'The guest told no size')
      demandSize(sizeBytes)
      return sizeBytes
    },
    async openUpload({ guest: ref, fileName, sizeBytes }, user) {
      demandSize(sizeBytes)
      await target(ref, AbortSignal.timeout(listMs))
      const upload = await uploads.open({ host: uploadHost(ref), fileName, sizeBytes, user: user.id })
      try {
        await demandRoom(dataDir, sizeBytes - upload.received, 'sizeBytes')
      } catch (error) {
        if (upload.received === 0) await uploads.remove(upload.id)
        throw error
      }
      return { id: upload.id, url: `/upload/${upload.id}`, received: upload.received, sizeBytes }
    },
    preview: async (request) => planView(await plan(request, request.sizeBytes, '')),
    async push(request, user) {
      const { guest: ref, path } = request
      const upload = await uploads.get(request.upload)
      if (!upload || upload.host !== uploadHost(ref) || upload.user !== user.id)
        throw new AppError('not-found', 'There is no such upload', 'upload')
      if (upload.received !== upload.sizeBytes) throw new AppError('refused', 'It has not arrived whole yet', 'upload')
      const made = await plan(request, upload.sizeBytes, upload.data)
      return jobs.submit({
        title: `Push ${posix.basename(path)} to ${ref.name}`,
        kind: 'file.push',
        host: ref.host,
        engine: ref.engine,
        guest: guestId(ref.host, ref.engine, ref.name),
        user,
        plan: made,
        // One that failed or was cancelled can be pushed again without being sent again; it goes after two days.
        after: (job) => (job.state === 'done' ? uploads.remove(request.upload) : undefined),
      })
    },
    pull: createPull({ inventory, target, limitBytes }),
  }
  return files
}

/** Uploads for guests are kept apart from those for image stores: a guest's id is never that of a host. */
const uploadHost = ({ host, engine, name }: GuestRef): string => guestId(host, engine, name)
