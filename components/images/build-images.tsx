'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { type Arch, arches } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { Image } from '@/server/model/image'
import type { ImageRequest } from '@/server/model/image-request'
import { usesImages } from '@/server/model/image-store'
import type { JobSummary } from '@/server/model/job'
import { isBeingBuilt } from './being-built'
import { ImageDialog } from './image-dialog'

type Recipe = Extract<ImageRequest, { kind: 'build' }>['recipe']
const w = m.image

/** The images that a host can make by itself, from a Debian mirror alone. `jobs`: those of images that are under way. */
export function BuildImages({ host, images, jobs }: { host: HostView; images: readonly Image[]; jobs: readonly JobSummary[] }) {
  const [asking, setAsking] = useState<{ recipe: Recipe; title: string; arch: Arch } | null>(null)
  const own: Arch = arches.find((arch) => arch === host.arch) ?? 'x86_64'
  const here = (id: string) => images.find((image) => image.host === host.id && image.id === id)
  // The release is the host's own, so the number in the id is not known here.
  const debian = (what: string) =>
    images.find((image) => image.host === host.id && image.id.startsWith('debian-') && image.id.endsWith(`-${what}`))?.id ??
    `debian-${what}`
  const foreign = host.engines.flatMap((engine) => (engine.state === 'ready' ? engine.info.arches.map((each) => each.arch) : []))
  const tiny = [own, ...foreign.filter((arch) => arch !== own && arch !== 'i686')].filter((arch, index, all) => all.indexOf(arch) === index)
  const all: { recipe: Recipe; arch: Arch; title: string; text: string; id: string }[] = [
    ...tiny.map((arch) => ({
      recipe: 'tiny' as const,
      arch,
      title: `${w.buildTiny} ${arch}`,
      text: arch === own ? w.buildTinyText : m.create.emulated,
      id: `tiny-linux-${arch}`,
    })),
    { recipe: 'debian-disk', arch: own, title: w.buildDisk, text: w.buildDiskText, id: debian(own) },
    { recipe: 'debian-container', arch: own, title: w.buildContainer, text: w.buildContainerText, id: debian('container') },
  ]
  const rows = all.filter(({ recipe }) => usesImages(host, recipe === 'debian-container' ? 'container' : 'disk'))
  return (
    <>
      <ul className="flex flex-col">
        {rows.map((row) => (
          <Row
            key={row.id}
            title={row.title}
            text={row.text}
            image={here(row.id)}
            building={isBeingBuilt(jobs, host.id, row)}
            onBuild={() => setAsking(row)}
          />
        ))}
      </ul>
      {asking && (
        <ImageDialog
          title={`${w.buildIt} ${asking.title}`}
          request={{ kind: 'build', host: host.id, recipe: asking.recipe, arch: asking.arch }}
          verb={w.buildIt}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}

type RowProps = { title: string; text: string; image: Image | undefined; building: boolean; onBuild: () => void }

function Row({ title, text, image, building, onBuild }: RowProps) {
  return (
    <li className="flex items-center gap-3 border-line border-t py-2 first:border-t-0">
      <div className="min-w-0 flex-1">
        <p className="font-semibold">
          {title}{' '}
          {image && (
            <span className="font-normal text-ok text-sm">✓ {title.startsWith(image.title) ? w.present : w.presentAs(image.title)}</span>
          )}
        </p>
        <p className="text-muted text-sm">{text}</p>
      </div>
      <Button aria-label={`${w.buildIt} ${title}`} allowed={image ? w.alreadyThere : building ? w.buildingNow : true} onClick={onBuild}>
        {w.buildIt}
      </Button>
    </li>
  )
}
