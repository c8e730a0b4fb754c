'use client'
import { useState } from 'react'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, Warning } from '@/components/ui/card'
import { SelectField, TextField } from '@/components/ui/field'
import { Grid, RowButtons } from '@/components/ui/grid'
import type { Forward, Guest } from '@/server/model/guest'
import { OperationDialog } from './operation-dialog'
import { useAllowed } from './use-allowed'

const w = cbsd.guest.forward

/** Ports of the host that lead to the guest. */
export function ForwardPart({ guest, forwards }: { guest: Guest; forwards: readonly Forward[] }) {
  const allowed = useAllowed(guest)
  const [asked, setAsked] = useState<'add' | Forward | null>(null)
  const close = () => setAsked(null)
  return (
    <Card
      title={w.title}
      aside={
        <Button allowed={allowed('forward.add')} onClick={() => setAsked('add')}>
          {w.add}
        </Button>
      }
    >
      {forwards.length ? (
        <Grid
          stack
          label={w.title}
          rows={forwards}
          keyOf={(forward) => forward.key}
          columns={[
            { head: w.proto, cell: (forward) => forward.proto },
            { head: w.hostPort, num: true, cell: (forward) => forward.hostPort },
            { head: w.guestPort, num: true, cell: (forward) => forward.guestPort },
            {
              head: '',
              cell: (forward) => (
                <RowButtons>
                  <Button
                    look="quiet"
                    aria-label={`${w.remove} ${forward.key}`}
                    allowed={allowed('forward.remove')}
                    onClick={() => setAsked(forward)}
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
      {asked === 'add' && <AddForward guest={guest} onClose={close} />}
      {asked && asked !== 'add' && (
        <OperationDialog
          title={w.removeTitle(asked.key, guest.name)}
          on={guest}
          operation={{
            kind: 'forward.remove',
            name: guest.name,
            proto: asked.proto,
            hostPort: asked.hostPort,
            guestPort: asked.guestPort,
          }}
          verb={w.remove}
          lost={<Warning>{w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </Card>
  )
}

const fields = ['hostPort', 'guestPort']
/** A port from what was typed, or null. */
const portOf = (text: string): number | null => {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

function AddForward({ guest, onClose }: { guest: Guest; onClose: () => void }) {
  const [proto, setProto] = useState<'tcp' | 'udp'>('tcp')
  const [outer, setOuter] = useState('')
  const [inner, setInner] = useState('')
  const hostPort = portOf(outer)
  const guestPort = portOf(inner)
  return (
    <OperationDialog
      title={w.addTitle(guest.name)}
      on={guest}
      operation={hostPort && guestPort ? { kind: 'forward.add', name: guest.name, proto, hostPort, guestPort } : null}
      verb={w.add}
      fields={fields}
      onClose={onClose}
    >
      {(errors) => (
        <div className="grid grid-cols-3 gap-3">
          <SelectField label={w.proto} value={proto} onChange={(event) => setProto(event.target.value === 'udp' ? 'udp' : 'tcp')}>
            <option>tcp</option>
            <option>udp</option>
          </SelectField>
          <TextField
            label={w.hostPort}
            value={outer}
            inputMode="numeric"
            onChange={(event) => setOuter(event.target.value)}
            error={outer && !hostPort ? w.badPort : errors.hostPort}
            autoFocus
          />
          <TextField
            label={w.guestPort}
            value={inner}
            inputMode="numeric"
            onChange={(event) => setInner(event.target.value)}
            error={inner && !guestPort ? w.badPort : errors.guestPort}
          />
        </div>
      )}
    </OperationDialog>
  )
}
