'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { formatTime } from '@/components/format'
import { useActiveJob, useEngineInfo, useGuest, useJobs } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { errorText, queryClient, trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Empty, ErrorNote, Warning } from '@/components/ui/card'
import { can } from '@/server/model/can'
import type { Allowed } from '@/server/model/capability'
import type { Guest, Snapshot } from '@/server/model/guest'
import { CheckpointsPart } from './checkpoints-part'
import { GuestDialog } from './dialogs'
import { hasFurther } from './has-further'
import { OperationDialog } from './operation-dialog'
import { useDetail } from './use-detail'
import { useGuestParam } from './use-guest-param'

const w = m.guest.snapshots

/** The states kept of this guest: take, restore, remove. */
export function SnapshotsTab() {
  const { id } = useGuestParam()
  const guest = useGuest(id)
  const info = useEngineInfo(guest)
  const job = useActiveJob(id)
  const [dialog, setDialog] = useState<{ kind: 'take' | 'restore' | 'remove'; snapshot?: string } | null>(null)
  const query = useSnapshots(id, guest)
  if (!guest) return null
  const busy = job && m.guest.busy(m.doing[job.kind] ?? job.title)
  const allowed = (kind: 'snapshot.create' | 'snapshot.restore' | 'snapshot.remove'): Allowed => busy ?? can(kind, guest, info)
  const take = (
    <Button look="primary" allowed={allowed('snapshot.create')} onClick={() => setDialog({ kind: 'take' })}>
      {w.take}
    </Button>
  )
  const close = () => setDialog(null)
  return (
    <>
      {query.error ? <ErrorNote>{errorText(query.error)}</ErrorNote> : null}
      {query.data && query.data.length === 0 && (
        <Empty title={w.none} text={w.noneText}>
          {take}
        </Empty>
      )}
      {query.data && query.data.length > 0 && (
        <>
          <div className="mb-2 flex justify-end">{take}</div>
          <Snapshots list={query.data} allowed={allowed} onAsk={(kind, snapshot) => setDialog({ kind, snapshot })} />
        </>
      )}
      <Checkpoints guest={guest} />
      {dialog?.kind === 'take' && <GuestDialog kind="snapshot.create" guest={guest} onClose={close} />}
      {dialog?.snapshot && dialog.kind !== 'take' && (
        <OperationDialog
          title={dialog.kind === 'restore' ? w.restoreTitle(dialog.snapshot, guest.name) : w.removeTitle(dialog.snapshot, guest.name)}
          on={guest}
          operation={{ kind: `snapshot.${dialog.kind}`, name: guest.name, snapshot: dialog.snapshot }}
          verb={m.guest.actions[`snapshot.${dialog.kind}`]}
          danger
          lost={<Warning>{dialog.kind === 'restore' ? w.restoreLost(guest.name) : w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </>
  )
}

/** Only where the engine keeps them: others are not asked for the details that would say so. */
function Checkpoints({ guest }: { guest: Guest }) {
  return hasFurther(useEngineInfo(guest)) ? <FurtherCheckpoints guest={guest} /> : null
}

function FurtherCheckpoints({ guest }: { guest: Guest }) {
  const { detail } = useDetail(guest.id)
  return detail?.checkpoints ? (
    <div className="mt-3.5">
      <CheckpointsPart guest={guest} checkpoints={detail.checkpoints} />
    </div>
  ) : null
}

/** The list, read again when a snapshot job of this guest ended or its count changed outside. */
function useSnapshots(id: string, guest: Guest | undefined) {
  const ended = useJobs().find((job) => job.guest === id && job.kind.startsWith('snapshot.') && !isActive(job))?.id
  const sign = `${ended} ${guest?.snapshotCount}`
  const query = useQuery(trpc.guest.snapshots.queryOptions({ id }, { enabled: guest !== undefined, staleTime: 2000 }))
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: trpc.guest.snapshots.queryKey({ id }), exact: true })
  }, [sign, id])
  return query
}

type ListProps = {
  list: readonly Snapshot[]
  allowed: (kind: 'snapshot.restore' | 'snapshot.remove') => Allowed
  onAsk: (kind: 'restore' | 'remove', snapshot: string) => void
}

function Snapshots({ list, allowed, onAsk }: ListProps) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={w.title} className="grid-table">
        <thead>
          <tr>
            <th scope="col">{m.create.name}</th>
            <th scope="col">{w.created}</th>
            <th scope="col">{w.state}</th>
            <th scope="col">
              <span className="sr-only">{m.common.more}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((snapshot) => (
            <tr key={snapshot.name} className="hover:bg-hover">
              <td>
                <span className="font-mono font-semibold text-sm">{snapshot.name}</span>
                {snapshot.current && <span className="ml-2 text-muted text-sm">{w.current}</span>}
                {snapshot.description && <span className="ml-2 text-muted">{snapshot.description}</span>}
              </td>
              <td className="whitespace-nowrap text-muted">{snapshot.createdAt ? formatTime(snapshot.createdAt) : m.common.none}</td>
              <td className="text-muted">{[snapshot.state, snapshot.memory ? w.memory : ''].filter(Boolean).join(' · ')}</td>
              <td>
                <div className="flex justify-end gap-2">
                  <Button
                    aria-label={`${m.guest.actions['snapshot.restore']} ${snapshot.name}`}
                    allowed={allowed('snapshot.restore')}
                    onClick={() => onAsk('restore', snapshot.name)}
                  >
                    {m.guest.actions['snapshot.restore']}
                  </Button>
                  <Button
                    look="quiet"
                    aria-label={`${m.guest.actions['snapshot.remove']} ${snapshot.name}`}
                    allowed={allowed('snapshot.remove')}
                    onClick={() => onAsk('remove', snapshot.name)}
                  >
                    {m.guest.actions['snapshot.remove']}
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
