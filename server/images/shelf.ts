import { posix } from 'node:path'
import { ZodError } from 'zod'
import { isCalledOff } from '@/server/exec/error'
import type { Log } from '@/server/log'
import type { Image } from '@/server/model/image'
import { hasStore, usesImages } from '@/server/model/image-store'
import type { Bus, Inventory } from '@/server/services'
import { aliasSize } from './alias-size'
import { containerEngineOf } from './engine-of'
import { readImage } from './image-file'
import { imagePaths, isPart } from './paths'

export type Shelf = {
  list(host?: string): Image[]
  find(host: string, id: string): Image | undefined
  /** Reads the folder of a host again and publishes what changed. */
  refresh(host: string): Promise<void>
  drop(host: string): void
}

const words = (error: unknown): string =>
  error instanceof ZodError
    ? `image.json: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`
    : error instanceof Error
      ? error.message
      : String(error)

/** The images of all hosts as their folders say. A broken one is left out and named in the log; it never hides the others. */
export function createShelf({
  inventory,
  bus,
  log,
  storeDir,
}: {
  inventory: Pick<Inventory, 'exec' | 'host'>
  bus: Bus
  log: Log
  /** The image store of a host. */
  storeDir: (host: string) => string
}): Shelf {
  const hosts = new Map<string, Map<string, Image>>()
  const reading = new Map<string, Promise<void>>()
  /** What the log says already. */
  const reported = new Map<string, string>()

  /** A container's image lies in its engine, which is asked once for its size. */
  async function withSize(image: Image): Promise<Image> {
    const alias = image.files.alias
    if (!alias || image.sizeBytes > 0) return image
    const before = hosts.get(image.host)?.get(image.id)
    if (before?.sizeBytes && before.createdAt === image.createdAt) return { ...image, sizeBytes: before.sizeBytes }
    const engine = containerEngineOf(inventory.host(image.host))
    return { ...image, sizeBytes: (engine && (await aliasSize(inventory.exec(image.host), engine, alias))) ?? 0 }
  }

  async function read(host: string): Promise<Map<string, Image>> {
    const exec = inventory.exec(host)
    const { images } = imagePaths(storeDir(host), '')
    const found = new Map<string, Image>()
    const view = inventory.host(host)
    if (!view || !hasStore(view)) return found
    for (const name of (await exec.readDir(images)).sort()) {
      if (isPart(name) || name.startsWith('.')) continue
      try {
        const image = await withSize(await readImage(exec, host, posix.join(images, name)))
        if (usesImages(view, image.kind)) found.set(name, image)
      } catch (error) {
        // Called off: nobody knows what is in there, and nobody wants to any more.
        if (isCalledOff(error)) throw error
        const cause = words(error)
        if (reported.get(`${host}/${name}`) !== cause) log.warn({ host, image: name, cause }, 'an image folder cannot be read')
        reported.set(`${host}/${name}`, cause)
      }
    }
    return found
  }

  async function refresh(host: string): Promise<void> {
    if (!inventory.host(host)) return
    const now = await read(host)
    // The host was removed while its folder was read.
    if (!inventory.host(host)) return
    const before = hosts.get(host) ?? new Map<string, Image>()
    hosts.set(host, now)
    for (const [id, image] of now) {
      if (JSON.stringify(before.get(id)) !== JSON.stringify(image)) bus.publish({ type: 'image', image })
    }
    for (const id of before.keys()) if (!now.has(id)) bus.publish({ type: 'image.removed', host, id })
  }

  return {
    list: (host) => [...hosts].filter(([id]) => host === undefined || id === host).flatMap(([, images]) => [...images.values()]),
    find: (host, id) => hosts.get(host)?.get(id),
    async refresh(host) {
      // One after another: an older reading must not overwrite a newer one.
      const next = (reading.get(host) ?? Promise.resolve()).catch(() => {}).then(() => refresh(host))
      reading.set(host, next)
      await next
    },
    drop(host) {
      for (const id of hosts.get(host)?.keys() ?? []) bus.publish({ type: 'image.removed', host, id })
      hosts.delete(host)
    },
  }
}
