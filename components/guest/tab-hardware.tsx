'use client'
import { m } from '@/components/messages'
import { errorText } from '@/components/trpc'
import { Card, ErrorNote, Facts } from '@/components/ui/card'
import type { Disk, Nic } from '@/server/model/guest'
import { formatBytes } from '@/server/model/size'
import { SizeForm } from './size-form'
import { useDetail } from './use-detail'
import { useGuestParam } from './use-guest-param'

const h = m.guest.hardware

/** What the guest is made of, and its size to change. */
export function HardwareTab() {
  const { guest, detail, error } = useDetail(useGuestParam().id)
  if (!guest) return null
  return (
    <div className="grid items-start gap-3.5 xl:grid-cols-[380px_minmax(0,1fr)]">
      <Card title={h.size}>
        <SizeForm key={`${guest.id} ${guest.cpus} ${guest.memoryBytes} ${guest.autostart}`} guest={guest} />
      </Card>
      <div className="flex min-w-0 flex-col gap-3.5">
        {error ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
        {!detail && !error && <p className="text-muted">{m.connection.loading}</p>}
        {detail && (
          <>
            <Card title={h.disks}>{detail.disks.length ? <Disks disks={detail.disks} /> : <p className="text-muted">{h.noDisks}</p>}</Card>
            <Card title={h.nics}>{detail.nics.length ? <Nics nics={detail.nics} /> : <p className="text-muted">{h.noNics}</p>}</Card>
            {detail.facts.length > 0 && (
              <Card title={h.facts}>
                <Facts rows={detail.facts} />
              </Card>
            )}
          </>
        )}
      </div>
    </div>
  )
}

function Disks({ disks }: { disks: readonly Disk[] }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={h.disks} className="grid-table">
        <thead>
          <tr>
            <th scope="col">{h.device}</th>
            <th scope="col">{h.file}</th>
            <th scope="col">{h.format}</th>
            <th scope="col">{h.bus}</th>
            <th scope="col" className="num">
              {h.used}
            </th>
          </tr>
        </thead>
        <tbody>
          {disks.map((disk) => (
            <tr key={disk.target}>
              <td className="font-mono text-sm">{disk.target}</td>
              <td className="break-all font-mono text-sm">
                {disk.path || m.common.none} {disk.readOnly && <span className="font-sans text-muted">{h.readOnly}</span>}
              </td>
              <td>{disk.format}</td>
              <td>{disk.bus}</td>
              <td className="num whitespace-nowrap">
                {[disk.usedBytes, disk.sizeBytes].map((size) => (size === undefined ? m.common.none : formatBytes(size))).join(' / ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Nics({ nics }: { nics: readonly Nic[] }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={h.nics} className="grid-table">
        <thead>
          <tr>
            <th scope="col">{h.device}</th>
            <th scope="col">{h.mac}</th>
            <th scope="col">{h.network}</th>
            <th scope="col">{h.model}</th>
            <th scope="col">{h.addresses}</th>
          </tr>
        </thead>
        <tbody>
          {nics.map((nic) => (
            <tr key={nic.mac}>
              <td className="font-mono text-sm">{nic.target}</td>
              <td className="font-mono text-sm">{nic.mac}</td>
              <td>{nic.network}</td>
              <td>{nic.model}</td>
              <td className="font-mono text-sm">{nic.addresses.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
