import type { Catalog } from '@/server/model/catalog'
import type { Arch, GuestType } from '@/server/model/guest'
import type { Image } from '@/server/model/image'
import { GiB, MiB } from '@/server/model/size'

/** What a guest starts from: an image, a CD with an empty disk, or an empty disk alone. */
export type Source = { kind: 'image'; image: Image } | { kind: 'iso'; image: Image } | { kind: 'empty' }

export const sourceKey = (source: Source): string => (source.kind === 'empty' ? 'empty' : source.image.id)

/** The choices that suit a kind of guest, the host's own architecture first. */
export function sources(type: GuestType, images: readonly Image[], hostArch: Arch | undefined): Source[] {
  const fits = images.filter((image) => (type === 'container' ? image.kind === 'container' : image.kind !== 'container'))
  const rank = (image: Image) => (image.arch === hostArch ? 0 : 2) + (image.kind === 'iso' ? 1 : 0)
  const order = { disk: 0, kernel: 1, container: 2, iso: 3 }
  const sorted = [...fits].sort(
    (a, b) => rank(a) - rank(b) || order[a.kind] - order[b.kind] || a.title.localeCompare(b.title, 'en', { numeric: true }),
  )
  const found: Source[] = sorted.map((image) => ({ kind: image.kind === 'iso' ? 'iso' : 'image', image }))
  return type === 'vm' ? [...found, { kind: 'empty' }] : found
}

export type Size = { cpus: number; memoryBytes: number; diskBytes: number | null }

/** A system that runs from memory needs a disk only for its snapshots: QEMU keeps the memory beyond the disk's own size. */
const snapshotDiskBytes = 64 * MiB

/** A size that suits the image and fits the host: a name is then enough. */
export function defaultSize(type: GuestType, source: Source, limits: Catalog['limits'] | undefined): Size {
  const image = source.kind === 'empty' ? null : source.image
  const room = limits?.memoryFreeBytes ?? limits?.memoryBytes ?? Number.POSITIVE_INFINITY
  const wished = image?.defaultMemoryBytes ?? (type === 'container' ? 512 * MiB : image?.kind === 'kernel' ? 192 * MiB : GiB)
  const least = image?.minMemoryBytes ?? 64 * MiB
  const memoryBytes = Math.max(least, Math.min(wished, Math.floor(room / 2 / MiB) * MiB || least))
  const cpus = Math.max(1, Math.min(image?.kind === 'kernel' ? 1 : 2, limits?.cpus ?? 1))
  const diskBytes =
    type === 'container'
      ? (image?.defaultDiskBytes ?? null)
      : image?.kind === 'kernel'
        ? (image.defaultDiskBytes ?? snapshotDiskBytes)
        : Math.max(image?.virtualBytes ?? 0, image?.defaultDiskBytes ?? 10 * GiB)
  return { cpus, memoryBytes, diskBytes }
}
