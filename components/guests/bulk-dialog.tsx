'use client'
import { useState } from 'react'
import { PlanPreview } from '@/components/guest/plan-preview'
import { operateOrTell } from '@/components/guest/use-operate'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { Warning } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import type { Allowed } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'

export type BulkVerb = 'start' | 'stop' | 'restart' | 'pause' | 'resume' | 'kill' | 'remove'

/** These lose something or reach many people: the count is typed first. */
const asks: readonly BulkVerb[] = ['stop', 'restart', 'kill', 'remove']

type Props = { verb: BulkVerb; guests: { guest: Guest; allowed: Allowed }[]; onClose: () => void; onDone: () => void }

/** Asks once for many: who is meant, who is left out and why, what is lost, and the commands of each. */
export function BulkDialog({ verb, guests, onClose, onDone }: Props) {
  const [disks, setDisks] = useState(true)
  const [typed, setTyped] = useState('')
  const [seen, setSeen] = useState(0)
  const able = guests.filter((each) => each.allowed === true).map((each) => each.guest)
  const left = guests.filter((each) => each.allowed !== true)
  const operation = (guest: Guest): Operation =>
    verb === 'remove' ? { kind: 'remove', name: guest.name, disks } : { kind: verb, name: guest.name }
  const first = able[Math.min(seen, able.length - 1)]
  const word = able.length === 1 ? (able[0]?.name ?? '') : String(able.length)
  const needsWord = asks.includes(verb) && (able.length > 1 || (verb === 'remove' && disks))
  const ready = able.length > 0 && (!needsWord || typed === word)
  return (
    <Dialog title={m.guest.dialog.bulkTitle(m.guest.actions[verb], able.length)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return
          for (const guest of able) void operateOrTell(guest, operation(guest))
          onDone()
        }}
      >
        <p className="max-h-24 overflow-auto font-mono text-sm">{able.map((guest) => guest.name).join(', ')}</p>
        {left.length > 0 && (
          <p className="mt-2 max-h-24 overflow-auto text-muted text-sm">
            {m.guest.dialog.bulkSkipped}: {left.map(({ guest, allowed }) => `${guest.name} (${allowed})`).join(', ')}
          </p>
        )}
        <div className="my-2">
          {verb === 'kill' && <Warning>{m.guest.dialog.killLost}</Warning>}
          {verb === 'remove' && (
            <>
              <CheckField label={m.guest.dialog.removeDisks} checked={disks} onChange={(event) => setDisks(event.target.checked)} />
              {disks && <Warning>{m.guest.dialog.disksLost}</Warning>}
            </>
          )}
        </div>
        {able.length > 1 && (
          <SelectField label={m.guest.dialog.bulkPreview} value={seen} onChange={(event) => setSeen(Number(event.target.value))}>
            {able.map((guest, index) => (
              <option key={guest.id} value={index}>
                {guest.name}
              </option>
            ))}
          </SelectField>
        )}
        {first && <PlanPreview on={first} operation={operation(first)} />}
        {needsWord && (
          <TextField
            label={m.common.typeName(word)}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            mono
            autoComplete="off"
          />
        )}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{m.common.cancel}</Button>
          <Button
            type="submit"
            look={verb === 'kill' || verb === 'remove' ? 'danger' : 'primary'}
            allowed={ready || (needsWord ? m.common.typeName(word) : ' ')}
          >
            {m.guest.actions[verb]}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
