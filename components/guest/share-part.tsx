'use client'
import { useState } from 'react'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CheckField, TextField } from '@/components/ui/field'
import { Grid, RowButtons } from '@/components/ui/grid'
import type { Guest, Share } from '@/server/model/guest'
import { OperationDialog } from './operation-dialog'
import { useAllowed } from './use-allowed'

const w = cbsd.guest.share

/** Folders of the host that the guest sees. */
export function SharePart({ guest, shares }: { guest: Guest; shares: readonly Share[] }) {
  const allowed = useAllowed(guest)
  const [asked, setAsked] = useState<'add' | Share | null>(null)
  const close = () => setAsked(null)
  return (
    <Card
      title={w.title}
      aside={
        <Button allowed={allowed('share.add')} onClick={() => setAsked('add')}>
          {w.add}
        </Button>
      }
    >
      {shares.length ? (
        <Grid
          stack
          label={w.title}
          rows={shares}
          keyOf={(share) => share.key}
          columns={[
            { head: w.key, mono: true, cell: (share) => share.key },
            { head: w.path, mono: true, className: 'min-w-[150px] break-all', cell: (share) => share.path },
            { head: w.readOnly, cell: (share) => (share.readOnly ? w.ro : w.rw) },
            {
              head: '',
              cell: (share) => (
                <RowButtons>
                  <Button
                    look="quiet"
                    aria-label={`${w.remove} ${share.key}`}
                    allowed={allowed('share.remove')}
                    onClick={() => setAsked(share)}
                  >
                    {w.remove}
                  </Button>
                </RowButtons>
              ),
            },
          ]}
        />
      ) : (
        <p className="text-muted">{w.none}</p>
      )}
      {asked === 'add' && <AddShare guest={guest} onClose={close} />}
      {asked && asked !== 'add' && (
        <OperationDialog
          title={w.removeTitle(asked.key, guest.name)}
          on={guest}
          operation={{ kind: 'share.remove', name: guest.name, share: asked.key }}
          verb={w.remove}
          lost={<p>{w.removeLost}</p>}
          onClose={close}
        />
      )}
    </Card>
  )
}

const fields = ['share', 'path']
function AddShare({ guest, onClose }: { guest: Guest; onClose: () => void }) {
  const [share, setShare] = useState('')
  const [path, setPath] = useState('')
  const [readOnly, setReadOnly] = useState(true)
  return (
    <OperationDialog
      title={w.addTitle(guest.name)}
      on={guest}
      operation={share && path ? { kind: 'share.add', name: guest.name, share, path, readOnly } : null}
      verb={w.add}
      fields={fields}
      onClose={onClose}
    >
      {(errors) => (
        <div className="flex flex-col gap-3">
          <TextField
            label={w.key}
            value={share}
            onChange={(event) => setShare(event.target.value)}
            error={errors.share}
            mono
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
          <TextField
            label={w.path}
            value={path}
            placeholder="/srv/data"
            onChange={(event) => setPath(event.target.value)}
            error={errors.path}
            mono
            autoComplete="off"
            spellCheck={false}
          />
          <CheckField label={w.readOnly} checked={readOnly} onChange={(event) => setReadOnly(event.target.checked)} />
        </div>
      )}
    </OperationDialog>
  )
}
