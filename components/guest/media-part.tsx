'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { errorText, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Card, ErrorNote } from '@/components/ui/card'
import { SelectField } from '@/components/ui/field'
import { Grid, RowButtons } from '@/components/ui/grid'
import type { Guest, Medium } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { OperationDialog } from './operation-dialog'
import { useAllowed } from './use-allowed'

const w = cbsd.guest.medium

/** CDs and disks of the engine's own store that are in the guest's drives. */
export function MediaPart({ guest, media }: { guest: Guest; media: readonly Medium[] }) {
  const allowed = useAllowed(guest)
  const [asked, setAsked] = useState<'attach' | Medium | null>(null)
  const close = () => setAsked(null)
  return (
    <Card
      title={w.title}
      aside={
        <Button allowed={allowed('media.attach')} onClick={() => setAsked('attach')}>
          {w.attach}
        </Button>
      }
    >
      {media.length ? (
        <Grid
          stack
          label={w.title}
          rows={media}
          keyOf={(medium) => medium.key}
          columns={[
            { head: w.key, mono: true, cell: (medium) => medium.key },
            { head: w.kind, cell: (medium) => w.kinds[medium.kind] },
            { head: w.file, mono: true, className: 'min-w-[150px] break-all', cell: (medium) => medium.path },
            {
              head: cbsd.guest.disk.size,
              num: true,
              cell: (medium) => (medium.sizeBytes === undefined ? m.common.none : formatBytes(medium.sizeBytes)),
            },
            {
              head: '',
              cell: (medium) => (
                <RowButtons>
                  <Button
                    look="quiet"
                    aria-label={`${w.eject} ${medium.key}`}
                    allowed={allowed('media.eject')}
                    onClick={() => setAsked(medium)}
                  >
                    {w.eject}
                  </Button>
                </RowButtons>
              ),
            },
          ]}
        />
      ) : (
        <p className="text-muted">{w.none}</p>
      )}
      {asked === 'attach' && <Attach guest={guest} onClose={close} />}
      {asked && asked !== 'attach' && (
        <OperationDialog
          title={w.ejectTitle(asked.key, guest.name)}
          on={guest}
          operation={{ kind: 'media.eject', name: guest.name, medium: asked.key }}
          verb={w.eject}
          onClose={close}
        />
      )}
    </Card>
  )
}

function Attach({ guest, onClose }: { guest: Guest; onClose: () => void }) {
  const query = useQuery(trpc.guest.hostDetail.queryOptions({ host: guest.host, engine: guest.engine }, { staleTime: 2000 }))
  const media = (query.data?.media ?? []).filter((medium) => medium.attachedTo !== guest.name)
  const [chosen, setChosen] = useState('')
  const medium = media.find((each) => each.key === chosen) ?? media.find((each) => !each.attachedTo) ?? media[0]
  return (
    <OperationDialog
      title={w.attachTitle(guest.name)}
      on={guest}
      operation={medium ? { kind: 'media.attach', name: guest.name, medium: medium.key } : null}
      verb={w.attach}
      onClose={onClose}
    >
      {() => (
        <>
          {query.error ? <ErrorNote>{errorText(query.error)}</ErrorNote> : null}
          {query.isSuccess && media.length === 0 && <p className="text-muted">{w.noneThere}</p>}
          {media.length > 0 && (
            <SelectField label={w.medium} value={medium?.key ?? ''} onChange={(event) => setChosen(event.target.value)}>
              {media.map((each) => (
                <option key={each.key} value={each.key}>
                  {[each.key, w.kinds[each.kind], each.attachedTo ? w.inUse(each.attachedTo) : ''].filter(Boolean).join(' · ')}
                </option>
              ))}
            </SelectField>
          )}
        </>
      )}
    </OperationDialog>
  )
}
