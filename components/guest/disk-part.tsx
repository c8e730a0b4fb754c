'use client'
import { useState } from 'react'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, Warning } from '@/components/ui/card'
import { SelectField, TextField } from '@/components/ui/field'
import { Grid, type GridColumn, RowButtons } from '@/components/ui/grid'
import type { Disk, Guest } from '@/server/model/guest'
import type { Operation } from '@/server/model/operation'
import { formatBytes, GiB, parseSize } from '@/server/model/size'
import { OperationDialog } from './operation-dialog'
import { useAllowed } from './use-allowed'

const h = m.guest.hardware
const w = cbsd.guest.disk
const controllers = ['virtio-blk', 'ahci-hd', 'nvme'] as const
type Asked = { kind: 'add' } | { kind: 'grow' | 'remove'; disk: Disk }

/** The disks of a guest; `further`: its engine can also add, grow and remove them. */
export function DiskPart({ guest, disks, further }: { guest: Guest; disks: readonly Disk[]; further: boolean }) {
  const allowed = useAllowed(guest)
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const columns: GridColumn<Disk>[] = [
    { head: h.device, mono: true, cell: (disk) => disk.target },
    {
      head: h.file,
      mono: true,
      className: 'break-all sm:min-w-[150px]',
      cell: (disk) => (
        <>
          {disk.path || m.common.none} {disk.readOnly && <span className="font-sans text-muted">{h.readOnly}</span>}
        </>
      ),
    },
    ...(disks.some((disk) => disk.format) ? [{ head: h.format, cell: (disk: Disk) => disk.format }] : []),
    { head: h.bus, className: 'whitespace-nowrap', cell: (disk) => disk.bus },
    {
      head: h.used,
      num: true,
      cell: (disk) => [disk.usedBytes, disk.sizeBytes].map((size) => (size === undefined ? m.common.none : formatBytes(size))).join(' / '),
    },
  ]
  if (further)
    columns.push({
      head: '',
      cell: (disk) => (
        <RowButtons>
          <Button aria-label={`${w.grow} ${disk.target}`} allowed={allowed('disk.grow')} onClick={() => setAsked({ kind: 'grow', disk })}>
            {w.grow}
          </Button>
          <Button
            look="quiet"
            aria-label={`${w.remove} ${disk.target}`}
            allowed={allowed('disk.remove')}
            onClick={() => setAsked({ kind: 'remove', disk })}
          >
            {w.remove}
          </Button>
        </RowButtons>
      ),
    })
  const add = further && (
    <Button allowed={allowed('disk.add')} onClick={() => setAsked({ kind: 'add' })}>
      {w.add}
    </Button>
  )
  return (
    <Card title={h.disks} aside={add}>
      {disks.length ? (
        <Grid label={h.disks} stack columns={columns} rows={disks} keyOf={(disk) => disk.target} />
      ) : (
        <p className="text-muted">{h.noDisks}</p>
      )}
      {asked?.kind === 'add' && <AddDisk guest={guest} onClose={close} />}
      {asked?.kind === 'grow' && <GrowDisk guest={guest} disk={asked.disk} onClose={close} />}
      {asked?.kind === 'remove' && (
        <OperationDialog
          title={w.removeTitle(asked.disk.target, guest.name)}
          on={guest}
          operation={{ kind: 'disk.remove', name: guest.name, disk: asked.disk.target }}
          verb={w.remove}
          danger
          typed={asked.disk.target}
          lost={<Warning>{w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </Card>
  )
}

const sizeField = ['sizeBytes']

function AddDisk({ guest, onClose }: { guest: Guest; onClose: () => void }) {
  const [size, setSize] = useState('10 GiB')
  const [controller, setController] = useState<(typeof controllers)[number]>('virtio-blk')
  const sizeBytes = parseSize(size)
  const operation: Operation | null = sizeBytes ? { kind: 'disk.add', name: guest.name, sizeBytes, controller } : null
  return (
    <OperationDialog title={w.addTitle(guest.name)} on={guest} operation={operation} verb={w.add} fields={sizeField} onClose={onClose}>
      {(errors) => (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={w.size}
            hint={h.memoryHint}
            value={size}
            onChange={(event) => setSize(event.target.value)}
            error={sizeBytes ? errors.sizeBytes : h.badSize}
            autoFocus
          />
          <SelectField
            label={w.controller}
            value={controller}
            onChange={(event) => setController(controllers.find((each) => each === event.target.value) ?? 'virtio-blk')}
          >
            {controllers.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </SelectField>
        </div>
      )}
    </OperationDialog>
  )
}

function GrowDisk({ guest, disk, onClose }: { guest: Guest; disk: Disk; onClose: () => void }) {
  const now = disk.sizeBytes ?? 0
  const [size, setSize] = useState(formatBytes(Math.floor(now / GiB) * GiB + 10 * GiB))
  const sizeBytes = parseSize(size)
  const fault = sizeBytes === null ? h.badSize : sizeBytes <= now ? w.larger(formatBytes(now)) : undefined
  return (
    <OperationDialog
      title={w.growTitle(disk.target, guest.name)}
      on={guest}
      operation={sizeBytes && !fault ? { kind: 'disk.grow', name: guest.name, disk: disk.target, sizeBytes } : null}
      verb={w.grow}
      fields={sizeField}
      onClose={onClose}
    >
      {(errors) => (
        <TextField
          label={w.newSize}
          hint={w.growHint}
          value={size}
          onChange={(event) => setSize(event.target.value)}
          error={fault ?? errors.sizeBytes}
          autoFocus
        />
      )}
    </OperationDialog>
  )
}
