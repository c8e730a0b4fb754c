'use client'
import { useState } from 'react'
import { formatTime } from '@/components/format'
import { CancelJob } from '@/components/jobs/cancel-job'
import { JobMark } from '@/components/jobs/job-mark'
import { JobMeter } from '@/components/jobs/job-meter'
import { useHosts, useImages, useJobs, usePhase } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { jobPath } from '@/components/paths'
import { Button } from '@/components/ui/button'
import { Card, Empty, PageHead } from '@/components/ui/card'
import { SelectField } from '@/components/ui/field'
import { AppLink } from '@/components/ui/link'
import type { Image } from '@/server/model/image'
import { hasStore, usesImages } from '@/server/model/image-store'
import { formatBytes } from '@/server/model/size'
import { AddByAddress } from './add-by-address'
import { BuildImages } from './build-images'
import { RemoveImage } from './remove-image'
import { UploadImage } from './upload-image'

const w = m.image

/** What guests start from: what is there, and the ways to get more. */
export function ImagesPage() {
  const images = useImages()
  const hosts = useHosts()
  const phase = usePhase()
  const jobs = useJobs().filter((job) => job.kind.startsWith('image.') && isActive(job))
  const [chosen, setHost] = useState('')
  const [removing, setRemoving] = useState<Image | null>(null)
  // Where nothing is made from images there is nothing to build or upload.
  const stores = hosts.filter(hasStore)
  const host = stores.find((each) => each.id === chosen) ?? stores[0]
  return (
    <>
      <PageHead title={w.title} note={phase === 'loading' ? m.connection.loading : undefined}>
        {stores.length > 1 && (
          <SelectField label={w.host} value={host?.id ?? ''} onChange={(event) => setHost(event.target.value)}>
            {stores.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        )}
      </PageHead>
      {jobs.length > 0 && (
        <ul aria-label={m.nav.jobs} className="mb-3.5 flex flex-col gap-2 rounded-lg border border-busy p-3.5">
          {jobs.map((job) => (
            <li key={job.id}>
              <div className="flex items-baseline gap-2">
                <JobMark state={job.state} />
                <AppLink href={jobPath(job.id)} className="hover:underline">
                  {job.title}
                </AppLink>
                <span className="ml-auto">
                  <CancelJob id={job.id} />
                </span>
              </div>
              <JobMeter job={job} />
            </li>
          ))}
        </ul>
      )}
      {phase === 'ready' && images.length === 0 ? (
        <Empty title={w.none} text={w.noneText} />
      ) : (
        <ImageTable images={images} onRemove={setRemoving} />
      )}
      {host && (
        <div className="mt-4 grid items-start gap-3.5 xl:grid-cols-3">
          <Card title={w.build}>
            <BuildImages host={host} images={images} jobs={jobs} />
          </Card>
          {usesImages(host, 'disk') && (
            <Card title={w.upload}>
              <UploadImage host={host} />
            </Card>
          )}
          {usesImages(host, 'disk') && (
            <Card title={w.add}>
              <AddByAddress host={host} />
            </Card>
          )}
        </div>
      )}
      {removing && <RemoveImage image={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

function ImageTable({ images, onRemove }: { images: readonly Image[]; onRemove: (image: Image) => void }) {
  const c = w.columns
  const hosts = useHosts()
  return (
    <div className="overflow-x-auto">
      <table aria-label={w.title} className="grid-table">
        <thead>
          <tr>
            <th scope="col">{c.title}</th>
            <th scope="col">{c.kind}</th>
            <th scope="col">{c.arch}</th>
            <th scope="col" className="num max-md:hidden">
              {c.size}
            </th>
            <th scope="col" className="max-md:hidden">
              {c.cloudInit}
            </th>
            <th scope="col" className="max-md:hidden">
              {c.host}
            </th>
            <th scope="col" className="max-md:hidden">
              {c.source}
            </th>
            <th scope="col" className="max-md:hidden">
              {c.created}
            </th>
            <th scope="col">
              <span className="sr-only">{m.common.more}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {images.map((image) => (
            <tr key={`${image.host} ${image.id}`} className="hover:bg-hover">
              <td title={image.sha256 ? `sha256:${image.sha256}` : undefined}>
                <span className="font-semibold">{image.title}</span>{' '}
                <span className="font-mono text-muted text-sm max-md:hidden">{image.id}</span>
              </td>
              <td>{w.kind[image.kind]}</td>
              <td>{image.arch}</td>
              <td className="num whitespace-nowrap max-md:hidden">{formatBytes(image.sizeBytes)}</td>
              <td className="max-md:hidden">{image.cloudInit ? m.common.yes : m.common.no}</td>
              <td className="text-muted max-md:hidden">{hosts.find((host) => host.id === image.host)?.name ?? image.host}</td>
              <td className="text-muted max-md:hidden">{w.source[image.source]}</td>
              <td className="whitespace-nowrap text-muted max-md:hidden">{formatTime(image.createdAt)}</td>
              <td className="num">
                <Button look="quiet" aria-label={w.removeTitle(image.title)} onClick={() => onRemove(image)}>
                  {m.guest.actions.remove}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
