import { join } from 'node:path'
import { AppError } from '@/server/errors'
import { isCalledOff } from '@/server/exec/error'
import { planView } from '@/server/jobs/plan-view'
import type { Log } from '@/server/log'
import type { HostView } from '@/server/model/host'
import type { ImageKind } from '@/server/model/image'
import type { ImageRequest } from '@/server/model/image-request'
import { buildTitle, usesImages } from '@/server/model/image-store'
import type { JobSummary } from '@/server/model/job'
import type { Plan } from '@/server/model/plan'
import type { Bus, Images, Inventory, Jobs, User } from '@/server/services'
import { containerEngineOf } from './engine-of'
import type { PlanContext } from './frame'
import { demandFits, demandRoom, roomInStore } from './free-room'
import { planDebianContainer } from './plan-debian-container'
import { planDebianDisk } from './plan-debian-disk'
import { planDownload } from './plan-download'
import { planImport } from './plan-import'
import { planMedium } from './plan-medium'
import { planRemove } from './plan-remove'
import { planTiny } from './plan-tiny'
import { missingTiny } from './prepare'
import { sendTitle } from './send-step'
import { createShelf } from './shelf'
import { createUploadHandler } from './upload-put'
import { createUploads, type UploadState, type Uploads } from './uploads'

export type ImagesNeeds = {
  inventory: Pick<Inventory, 'exec' | 'host' | 'hosts' | 'guests' | 'engine'>
  jobs: Pick<Jobs, 'submit' | 'finished'>
  bus: Bus
  log: Log
  /** `<storeDir>/images/<id>/` are the images, `<storeDir>/guests/<name>/` what guests made from them. */
  storeDir: string
  /** `<dataDir>/uploads/` and package lists of other architectures. */
  dataDir: string
  /** The folder for both on hosts that are other machines. Default /var/lib/bailiwick. */
  remoteDir?: string
  /** Shared with others who take uploads; absent: its own. */
  uploads?: Uploads
  /** ms since 1970 */
  now?: () => number
}

/** `prepare` starts what a new installation should have: Tiny Linux. It resolves when those jobs have ended and never rejects. */
export type ImagesWithPrepare = Images & { prepare(host?: string): Promise<void> }

/** The engine that keeps media of its own. */
const mediaEngine = 'cbsd'
const hourMs = 60 * 60 * 1000
const system: User = { id: 'system', name: 'system', role: 'admin' }
const jobKinds = {
  build: 'image.build',
  download: 'image.download',
  import: 'image.upload',
  medium: 'media.add',
  remove: 'image.remove',
} as const

/** Refuses for a host that makes no guests from images of this kind. */
function demandStore(host: HostView | undefined, kind: ImageKind): void {
  if (host && !usesImages(host, kind))
    throw new AppError('refused', `${host.name} makes no ${kind === 'container' ? 'containers' : 'VMs'} from images here`, 'host')
}

/** The image store of all hosts. What is true lies in their folders; a copy of it is kept here to answer at once. */
export function createImages(needs: ImagesNeeds): ImagesWithPrepare {
  const { inventory, jobs, bus, log, storeDir, dataDir, remoteDir = '/var/lib/bailiwick', now = Date.now } = needs
  const isRemote = (host: string) => inventory.host(host)?.transport === 'ssh'
  const shelf = createShelf({ inventory, bus, log, storeDir: (host) => (isRemote(host) ? remoteDir : storeDir) })
  const uploads = needs.uploads ?? createUploads({ dir: join(dataDir, 'uploads'), now })
  const handler = createUploadHandler(uploads)
  const importing = new Set<string>()
  let closed = false
  const unsubscribe = bus.subscribe(({ event }) => event.type === 'host.removed' && shelf.drop(event.id))

  const sweep = () =>
    uploads
      .sweep(new Set([...handler.busy, ...importing]))
      .then((removed) => removed && log.info({ removed }, 'unfinished uploads removed'))
      .catch((error: unknown) => log.warn({ err: error }, 'unfinished uploads not swept'))
  const timer = setInterval(sweep, hourMs)
  timer.unref()
  void sweep()

  const image = (host: string, id: string) => {
    const found = shelf.find(host, id)
    if (!found) throw new AppError('not-found', 'There is no such image', 'id')
    return found
  }

  /** What kind of image a request is about, as far as the host may have no use for it. */
  function kindOf(request: ImageRequest): ImageKind {
    if (request.kind === 'build') return request.recipe === 'debian-container' ? 'container' : 'disk'
    return request.kind === 'remove' ? image(request.host, request.id).kind : 'disk'
  }

  function titleOf(request: ImageRequest): string {
    if (request.kind === 'build') return buildTitle(request.recipe, request.arch)
    if (request.kind === 'remove') return `Remove ${image(request.host, request.id).title}`
    if (request.kind === 'medium') return `Add ${request.medium}`
    return `${request.kind === 'download' ? 'Download' : 'Import'} ${request.title}`
  }

  async function mine(request: { host: string; upload: string }, user: User | undefined): Promise<UploadState> {
    const upload = await uploads.get(request.upload)
    if (!upload || upload.host !== request.host || (user && upload.user !== user.id))
      throw new AppError('not-found', 'There is no such upload', 'upload')
    return upload
  }

  /** What no guest may be made from is not kept: the same file name would only bring it back. */
  const drop = (upload: UploadState, user: User | undefined) => async (error: unknown) => {
    const refused = error instanceof AppError && error.code === 'refused'
    if (refused && user && upload.received === upload.sizeBytes && !importing.has(upload.id)) await uploads.remove(upload.id)
    throw error
  }

  /** `user`: absent for a preview, which shows only what the holder of the upload's id may see. */
  async function plan(request: ImageRequest, user?: User): Promise<Plan> {
    const exec = inventory.exec(request.host)
    const remote = isRemote(request.host)
    const folders = remote ? { storeDir: remoteDir, dataDir: remoteDir } : { storeDir, dataDir }
    const context: PlanContext = { exec, ...folders, remote, now: now() }
    if (request.kind === 'medium') {
      const upload = await mine(request, user)
      return planMedium(context, request, upload, inventory.engine(request.host, mediaEngine)).catch(drop(upload, user))
    }
    demandStore(inventory.host(request.host), kindOf(request))
    const engine = containerEngineOf(inventory.host(request.host))
    switch (request.kind) {
      case 'build':
        if (request.recipe === 'tiny') return planTiny(context, request.arch)
        if (request.recipe === 'debian-disk') return planDebianDisk(context, request.arch)
        return planDebianContainer(context, request.arch, engine)
      case 'download':
        return planDownload(context, request)
      case 'import': {
        const upload = await mine(request, user)
        return await planImport(context, request, upload).catch(drop(upload, user))
      }
      case 'remove':
        await shelf.refresh(request.host)
        return planRemove(context, inventory, image(request.host, request.id), engine)
    }
  }

  async function request(wanted: ImageRequest, user: User): Promise<JobSummary> {
    const made = await plan(wanted, user)
    const upload = wanted.kind === 'import' || wanted.kind === 'medium' ? wanted.upload : null
    if (upload) importing.add(upload)
    try {
      return await jobs.submit({
        title: titleOf(wanted),
        kind: jobKinds[wanted.kind],
        host: wanted.host,
        ...(wanted.kind === 'medium' ? { engine: mediaEngine } : {}),
        user,
        plan: made,
        after: async (job) => {
          if (upload) importing.delete(upload)
          // A cancelled import can be asked for again, and one that did not reach its host; another that failed holds a file
          // that is not what it should be.
          const arrived = !isRemote(wanted.host) || job.steps.some(({ title, state }) => title === sendTitle && state === 'done')
          if (upload && job.state !== 'cancelled' && arrived) await uploads.remove(upload)
          await shelf.refresh(wanted.host).catch((error: unknown) => {
            if (!isCalledOff(error)) throw error
          })
        },
      })
    } catch (error) {
      if (upload) importing.delete(upload)
      throw error
    }
  }

  const images: ImagesWithPrepare = {
    list: shelf.list,
    request,
    preview: async (wanted) => planView(await plan(wanted)),
    async openUpload(wanted, user) {
      const exec = inventory.exec(wanted.host)
      if (wanted.medium) inventory.engine(wanted.host, mediaEngine)
      else demandStore(inventory.host(wanted.host), 'disk')
      const { host, fileName } = wanted
      const upload = await uploads.open({
        host,
        fileName,
        sizeBytes: wanted.sizeBytes,
        sha256: wanted.sha256?.toLowerCase(),
        user: user.id,
      })
      const { id, received, sizeBytes } = upload
      try {
        await demandRoom(dataDir, sizeBytes - received, 'sizeBytes')
        // On another machine all of it is sent when all of it is here.
        const remote = isRemote(host)
        const bytes = remote ? sizeBytes : sizeBytes - received
        demandFits(await roomInStore({ exec, storeDir: remote ? remoteDir : storeDir, remote }), bytes, 'sizeBytes')
      } catch (error) {
        if (received === 0) await uploads.remove(id)
        throw error
      }
      return { id, url: `/upload/${id}`, received, sizeBytes }
    },
    handleUpload: (req, res, user) => handler.handle(req, res, user),
    refresh: shelf.refresh,
    async prepare(host = 'local') {
      const missing = await shelf
        .refresh(host)
        .then(() => missingTiny(inventory.exec(host), shelf.list(host)))
        .catch((error: unknown) => {
          if (!isCalledOff(error)) log.warn({ err: error }, 'the images of this host cannot be read')
        })
      for (const arch of missing ?? []) {
        if (closed) return
        try {
          const { id } = await request({ kind: 'build', host, recipe: 'tiny', arch }, system)
          const { state, error } = await jobs.finished(id)
          if (state !== 'done' && state !== 'cancelled') log.warn({ arch, cause: error }, 'Tiny Linux was not made')
        } catch (error) {
          if (closed || isCalledOff(error)) return
          log.warn({ arch, cause: error instanceof Error ? error.message : String(error) }, 'Tiny Linux cannot be made here')
        }
      }
    },
    async close() {
      closed = true
      unsubscribe()
      clearInterval(timer)
    },
  }
  return images
}
