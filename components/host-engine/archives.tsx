'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { isTaken, nameFault } from '@/components/create/name-fault'
import { formatTime } from '@/components/format'
import { OperationDialog } from '@/components/guest/operation-dialog'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { guestPath } from '@/components/paths'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { Grid, RowButtons } from '@/components/ui/grid'
import { guestId } from '@/server/model/guest'
import type { Archive } from '@/server/model/host-detail'
import { formatBytes } from '@/server/model/size'
import { allows } from './allowed'
import type { Part } from './engine-detail'

const w = cbsd.host.archives

/** Finished exports, each of which can become a guest again. */
export function Archives({ host, info, archives }: Part & { archives: readonly Archive[] }) {
  const [asked, setAsked] = useState<Archive | null>(null)
  return (
    <Card title={w.title}>
      {archives.length === 0 ? (
        <p className="text-muted">{w.none}</p>
      ) : (
        <Grid
          label={w.title}
          rows={archives}
          keyOf={(archive) => archive.key}
          columns={[
            { head: w.file, mono: true, className: 'min-w-[150px] break-all', cell: (archive) => archive.key },
            { head: w.size, num: true, cell: (archive) => formatBytes(archive.sizeBytes) },
            {
              head: w.made,
              className: 'whitespace-nowrap text-muted',
              cell: (archive) => (archive.madeAt ? formatTime(archive.madeAt) : m.common.none),
            },
            {
              head: '',
              cell: (archive) => (
                <RowButtons>
                  <Button aria-label={`${w.import} ${archive.key}`} allowed={allows(info, 'import')} onClick={() => setAsked(archive)}>
                    {w.import}
                  </Button>
                </RowButtons>
              ),
            },
          ]}
        />
      )}
      {asked && <Import host={host} info={info} archive={asked} onClose={() => setAsked(null)} />}
    </Card>
  )
}

const fields = ['newName']

function Import({ host, info, archive, onClose }: Part & { archive: Archive; onClose: () => void }) {
  const router = useRouter()
  const on = { host: host.id, engine: info.kind }
  const [newName, setNewName] = useState(baseName(archive.key))
  const fault = nameFault(newName, info.names, isTaken(on, newName))
  return (
    <OperationDialog
      title={w.importTitle(host.name)}
      on={on}
      operation={newName && !fault ? { kind: 'import', path: archive.key, newName } : null}
      verb={w.import}
      fields={fields}
      lost={<p className="break-all font-mono text-sm">{archive.key}</p>}
      onClose={onClose}
      onStarted={() => router.push(guestPath(guestId(on.host, on.engine, newName)))}
    >
      {(errors) => (
        <TextField
          label={m.guest.dialog.newName}
          hint={info.names?.words ?? m.create.nameHint}
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

/** "/usr/jails/export/web1.img" is likely to become web1 again. */
export const baseName = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.[a-z0-9]+$/i, '')
