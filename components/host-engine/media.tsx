'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ProfilePicker } from '@/components/create/profile-picker'
import { OperationDialog } from '@/components/guest/operation-dialog'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { guestPath } from '@/components/paths'
import { errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Card, ErrorNote, Warning } from '@/components/ui/card'
import { Grid, RowButtons } from '@/components/ui/grid'
import { AppLink } from '@/components/ui/link'
import { guestId, type Medium } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { allows } from './allowed'
import type { Part } from './engine-detail'
import { UploadMedium } from './upload-medium'

const w = cbsd.host.media
const g = cbsd.guest.medium

/** CDs and disks of the engine's own store. */
export function Media({ host, info, media }: Part & { media: readonly Medium[] }) {
  const [asked, setAsked] = useState<'fetch' | 'upload' | Medium | null>(null)
  const close = () => setAsked(null)
  return (
    <Card
      title={w.title}
      aside={
        <span className="flex gap-2">
          <Button allowed={allows(info, 'media.add')} onClick={() => setAsked('upload')}>
            {w.upload}
          </Button>
          <Button allowed={allows(info, 'media.fetch')} onClick={() => setAsked('fetch')}>
            {w.fetch}
          </Button>
        </span>
      }
    >
      {media.length === 0 ? (
        <p className="text-muted">{w.none}</p>
      ) : (
        <Grid
          label={w.title}
          rows={media}
          keyOf={(medium) => medium.key}
          columns={[
            { head: g.key, mono: true, cell: (medium) => <span title={medium.path}>{medium.key}</span> },
            { head: g.kind, cell: (medium) => g.kinds[medium.kind] },
            {
              head: cbsd.guest.disk.size,
              num: true,
              cell: (medium) => (medium.sizeBytes === undefined ? m.common.none : formatBytes(medium.sizeBytes)),
            },
            {
              head: w.attached,
              mono: true,
              cell: ({ attachedTo }) =>
                attachedTo ? (
                  <AppLink href={guestPath(guestId(host.id, info.kind, attachedTo), 'hardware')} className="hover:underline">
                    {attachedTo}
                  </AppLink>
                ) : (
                  ''
                ),
            },
            {
              head: '',
              cell: (medium) => (
                <RowButtons>
                  <Button
                    look="quiet"
                    aria-label={`${w.remove} ${medium.key}`}
                    allowed={allows(info, 'media.remove')}
                    onClick={() => setAsked(medium)}
                  >
                    {w.remove}
                  </Button>
                </RowButtons>
              ),
            },
          ]}
        />
      )}
      {asked === 'fetch' && <FetchMedium host={host} info={info} onClose={close} />}
      {asked === 'upload' && <UploadMedium host={host} onClose={close} />}
      {asked && asked !== 'fetch' && asked !== 'upload' && (
        <OperationDialog
          title={w.removeTitle(asked.key, host.name)}
          on={{ host: host.id, engine: info.kind }}
          operation={{ kind: 'media.remove', medium: asked.key }}
          verb={w.remove}
          danger
          lost={<Warning>{w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </Card>
  )
}

function FetchMedium({ host, info, onClose }: Part & { onClose: () => void }) {
  const on = { host: host.id, engine: info.kind }
  const query = useQuery(trpc.guest.catalog.queryOptions(on, { staleTime: 2000 }))
  const [chosen, setChosen] = useState('')
  const list = query.data?.profiles?.vm ?? []
  const profile = list.find((each) => each.id === chosen)
  return (
    <OperationDialog
      title={w.fetchTitle(host.name)}
      on={on}
      operation={profile ? { kind: 'media.fetch', profile: profile.id, cloud: profile.cloud } : null}
      verb={cbsd.host.bases.fetch}
      lost={<p className="text-muted">{w.fetchText}</p>}
      onClose={onClose}
    >
      {() =>
        query.error ? (
          <ErrorNote>{errorText(query.error)}</ErrorNote>
        ) : query.isSuccess ? (
          <ProfilePicker list={list} chosen={profile} hypervisor={info.name} onChoose={setChosen} brief />
        ) : (
          <p className="text-muted">{m.connection.loading}</p>
        )
      }
    </OperationDialog>
  )
}
