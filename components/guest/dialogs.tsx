'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'
import { useNameRule } from '@/components/create/name-fault'
import { useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { guestPath } from '@/components/paths'
import { Warning } from '@/components/ui/card'
import { CheckField, TextField } from '@/components/ui/field'
import { type Guest, guestId } from '@/server/model/guest'
import { OperationDialog } from './operation-dialog'

export type DialogKind = 'kill' | 'remove' | 'rename' | 'clone' | 'snapshot.create'
type Props = { guest: Guest; onClose: () => void }

const newNameField = ['newName']
const snapshotField = ['snapshot']

/** The dialog of an operation that asks something first. */
export function GuestDialog({ kind, ...props }: Props & { kind: DialogKind }) {
  if (kind === 'kill') return <KillDialog {...props} />
  if (kind === 'remove') return <RemoveDialog {...props} />
  if (kind === 'snapshot.create') return <SnapshotDialog {...props} />
  return <NewNameDialog kind={kind} {...props} />
}

function KillDialog({ guest, onClose }: Props) {
  return (
    <OperationDialog
      title={m.guest.dialog.killTitle(guest.name)}
      on={guest}
      operation={{ kind: 'kill', name: guest.name }}
      verb={m.guest.actions.kill}
      danger
      lost={<Warning>{m.guest.dialog.killLost}</Warning>}
      onClose={onClose}
    />
  )
}

function RemoveDialog({ guest, onClose }: Props) {
  const router = useRouter()
  const [disks, setDisks] = useState(true)
  const keeps = useEngineInfo(guest)?.keepsDisks
  const d = m.guest.dialog
  return (
    <OperationDialog
      title={d.removeTitle(guest.name)}
      on={guest}
      operation={{ kind: 'remove', name: guest.name, disks }}
      verb={m.guest.actions.remove}
      danger
      typed={disks ? guest.name : undefined}
      onClose={onClose}
      onStarted={() => router.push('/guests')}
      lost={
        <>
          <p>{d.removeLost(guest.name)}</p>
          {disks ? <Warning>{d.disksLost}</Warning> : <p>{d.disksKept}</p>}
          {guest.snapshotCount ? <Warning>{d.snapshotsLost(m.count.snapshots(guest.snapshotCount))}</Warning> : null}
        </>
      }
    >
      {() =>
        typeof keeps === 'string' ? null : (
          <CheckField label={d.removeDisks} checked={disks} onChange={(event) => setDisks(event.target.checked)} />
        )
      }
    </OperationDialog>
  )
}

function NewNameDialog({ guest, kind, onClose }: Props & { kind: 'rename' | 'clone' }) {
  const router = useRouter()
  const [newName, setNewName] = useState('')
  const { hint, fault } = useNameRule(guest, newName)
  return (
    <OperationDialog
      title={kind === 'rename' ? m.guest.dialog.renameTitle(guest.name) : m.guest.dialog.cloneTitle(guest.name)}
      on={guest}
      operation={newName && !fault ? { kind, name: guest.name, newName } : null}
      fields={newNameField}
      verb={m.guest.actions[kind]}
      onClose={onClose}
      onStarted={() => router.push(guestPath(guestId(guest.host, guest.engine, newName)))}
    >
      {(errors) => (
        <TextField
          label={m.guest.dialog.newName}
          hint={hint}
          error={fault ?? errors.newName}
          value={newName}
          onChange={(event) => setNewName(event.target.value)}
          mono
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
      )}
    </OperationDialog>
  )
}

function SnapshotDialog({ guest, onClose }: Props) {
  const router = useRouter()
  const path = usePathname()
  const [snapshot, setSnapshot] = useState('')
  return (
    <OperationDialog
      title={m.guest.snapshots.take}
      on={guest}
      operation={snapshot ? { kind: 'snapshot.create', name: guest.name, snapshot } : null}
      fields={snapshotField}
      verb={m.guest.snapshots.take}
      onClose={onClose}
      // Who stands at its console goes on typing there.
      onStarted={() => path.endsWith('/console') || router.push(guestPath(guest.id, 'snapshots'))}
    >
      {(errors) => (
        <TextField
          label={m.guest.snapshots.name}
          hint={m.create.nameHint}
          error={errors.snapshot}
          value={snapshot}
          onChange={(event) => setSnapshot(event.target.value)}
          mono
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
      )}
    </OperationDialog>
  )
}
