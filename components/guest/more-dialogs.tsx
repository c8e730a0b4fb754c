'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { errorText, trpc } from '@/components/trpc'
import { ErrorNote, Warning } from '@/components/ui/card'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import type { Guest } from '@/server/model/guest'
import type { MoreKind } from './more-actions'
import { OperationDialog } from './operation-dialog'

type Props = { guest: Guest; onClose: () => void }
const w = cbsd.guest

/** The dialogs of what only some engines have. Each shows its commands before anything runs. */
export function MoreDialog({ kind, ...props }: Props & { kind: MoreKind }) {
  if (kind === 'order') return <OrderDialog {...props} />
  if (kind === 'export') return <ExportDialog {...props} />
  if (kind === 'migrate') return <MigrateDialog {...props} />
  return <SwitchDialog kind={kind} {...props} />
}

function SwitchDialog({ guest, kind, onClose }: Props & { kind: 'protected' | 'hidden' }) {
  const now = guest[kind] ?? false
  const verb = kind === 'protected' ? (now ? w.actions.unprotect : w.actions.protect) : now ? w.actions.show : w.actions.hide
  return (
    <OperationDialog
      title={`${verb}: ${guest.name}`}
      on={guest}
      operation={{ kind: 'set', name: guest.name, [kind]: !now }}
      verb={verb}
      lost={<p className="text-muted">{w.about[kind]}</p>}
      onClose={onClose}
    />
  )
}

const orderField = ['order']
function OrderDialog({ guest, onClose }: Props) {
  const [text, setText] = useState(String(guest.order ?? 0))
  const order = /^\d+$/.test(text.trim()) ? Number(text) : null
  return (
    <OperationDialog
      title={w.orderTitle(guest.name)}
      on={guest}
      operation={order === null || order === guest.order ? null : { kind: 'set', name: guest.name, order }}
      verb={m.guest.hardware.apply}
      fields={orderField}
      onClose={onClose}
    >
      {(errors) => (
        <TextField
          label={w.order}
          hint={w.orderHint}
          error={order === null ? m.guest.hardware.badNumber : errors.order}
          value={text}
          inputMode="numeric"
          onChange={(event) => setText(event.target.value)}
          autoFocus
        />
      )}
    </OperationDialog>
  )
}

const levels = [0, 1, 3, 6, 9]
function ExportDialog({ guest, onClose }: Props) {
  const [compress, setCompress] = useState(0)
  return (
    <OperationDialog
      title={w.exportTitle(guest.name)}
      on={guest}
      operation={{ kind: 'export', name: guest.name, compress }}
      verb={w.actions.export}
      lost={<p className="text-muted">{w.about.export}</p>}
      onClose={onClose}
    >
      {() => (
        <SelectField label={w.compress} value={compress} onChange={(event) => setCompress(Number(event.target.value))}>
          {levels.map((level) => (
            <option key={level} value={level}>
              {w.level(level)}
            </option>
          ))}
        </SelectField>
      )}
    </OperationDialog>
  )
}

function MigrateDialog({ guest, onClose }: Props) {
  const query = useQuery(trpc.guest.hostDetail.queryOptions({ host: guest.host, engine: guest.engine }, { staleTime: 2000 }))
  const nodes = query.data?.nodes ?? []
  const [chosen, setChosen] = useState('')
  const [live, setLive] = useState(false)
  const node = nodes.find((each) => each.key === chosen) ?? nodes.find((each) => each.online) ?? nodes[0]
  return (
    <OperationDialog
      title={w.migrateTitle(guest.name)}
      on={guest}
      operation={node ? { kind: 'migrate', name: guest.name, node: node.key, live } : null}
      verb={w.actions.migrate}
      danger
      lost={<Warning>{w.about.migrate}</Warning>}
      onClose={onClose}
    >
      {() => (
        <>
          {query.error ? <ErrorNote>{errorText(query.error)}</ErrorNote> : null}
          {query.isSuccess && nodes.length === 0 && <p className="text-muted">{w.noNodes}</p>}
          {nodes.length > 0 && (
            <SelectField label={w.node} value={node?.key ?? ''} onChange={(event) => setChosen(event.target.value)}>
              {nodes.map((each) => (
                <option key={each.key} value={each.key}>
                  {`${each.key} · ${each.address}${each.online ? '' : ` · ${cbsd.host.offline}`}`}
                </option>
              ))}
            </SelectField>
          )}
          {node && guest.state === 'running' && (
            <div className="mt-2">
              <CheckField label={w.live} hint={w.liveHint} checked={live} onChange={(event) => setLive(event.target.checked)} />
            </div>
          )}
        </>
      )}
    </OperationDialog>
  )
}
