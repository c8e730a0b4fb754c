'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, Warning } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import type { Guest } from '@/server/model/guest'
import { OperationDialog } from './operation-dialog'
import { useAllowed } from './use-allowed'

const w = cbsd.guest.checkpoint
const fields = ['checkpoint']

/** Stored memory of a running VM, to go on from there. */
export function CheckpointsPart({ guest, checkpoints }: { guest: Guest; checkpoints: readonly { key: string }[] }) {
  const allowed = useAllowed(guest)
  const [asked, setAsked] = useState<{ kind: 'take' | 'remove' } | { kind: 'start'; key: string } | null>(null)
  const [name, setName] = useState('')
  const close = () => setAsked(null)
  return (
    <Card
      title={w.title}
      aside={
        <span className="flex gap-1.5">
          <Button allowed={allowed('checkpoint.create')} onClick={() => setAsked({ kind: 'take' })}>
            {w.take}
          </Button>
          {checkpoints.length > 0 && (
            <Button look="quiet" allowed={allowed('checkpoint.remove')} onClick={() => setAsked({ kind: 'remove' })}>
              {w.removeAll}
            </Button>
          )}
        </span>
      }
    >
      <p className="mb-2 text-muted">{checkpoints.length ? w.note : `${w.none} ${w.note}`}</p>
      <ul aria-label={w.title}>
        {checkpoints.map(({ key }) => (
          <li key={key} className="flex items-center justify-between gap-3 border-line border-t py-1">
            <span className="font-mono font-semibold text-sm">{key}</span>
            <Button aria-label={`${w.start} ${key}`} allowed={allowed('start')} onClick={() => setAsked({ kind: 'start', key })}>
              {w.start}
            </Button>
          </li>
        ))}
      </ul>
      {asked?.kind === 'take' && (
        <OperationDialog
          title={w.takeTitle(guest.name)}
          on={guest}
          operation={name ? { kind: 'checkpoint.create', name: guest.name, checkpoint: name } : null}
          verb={w.take}
          fields={fields}
          onClose={close}
        >
          {(errors) => (
            <TextField
              label={w.name}
              hint={m.create.nameHint}
              error={errors.checkpoint}
              value={name}
              onChange={(event) => setName(event.target.value)}
              mono
              autoComplete="off"
              spellCheck={false}
              autoFocus
            />
          )}
        </OperationDialog>
      )}
      {asked?.kind === 'start' && (
        <OperationDialog
          title={w.startTitle(asked.key, guest.name)}
          on={guest}
          operation={{ kind: 'start', name: guest.name, checkpoint: asked.key }}
          verb={m.guest.actions.start}
          lost={<Warning>{w.startLost}</Warning>}
          onClose={close}
        />
      )}
      {asked?.kind === 'remove' && (
        <OperationDialog
          title={w.removeTitle(guest.name)}
          on={guest}
          operation={{ kind: 'checkpoint.remove', name: guest.name }}
          verb={w.removeAll}
          danger
          lost={<Warning>{w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </Card>
  )
}
