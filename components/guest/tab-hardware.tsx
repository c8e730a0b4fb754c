'use client'
import { useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { errorText } from '@/components/trpc'
import { Card, ErrorNote, Facts } from '@/components/ui/card'
import { Grid } from '@/components/ui/grid'
import type { Guest, GuestDetail, Nic } from '@/server/model/guest'
import { DiskPart } from './disk-part'
import { ForwardPart } from './forward-part'
import { hasFurther } from './has-further'
import { LimitsPart } from './limits-part'
import { MediaPart } from './media-part'
import { SharePart } from './share-part'
import { SizeForm } from './size-form'
import { useDetail } from './use-detail'
import { useGuestParam } from './use-guest-param'

const h = m.guest.hardware

/** What the guest is made of, and its size to change. Parts that its engine does not have are left out. */
export function HardwareTab() {
  const { guest, detail, error } = useDetail(useGuestParam().id)
  if (!guest) return null
  return (
    <div className="grid items-start gap-3.5 xl:grid-cols-[380px_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-3.5">
        <Card title={guest.type === 'jail' ? h.start : h.size}>
          <SizeForm key={`${guest.id} ${guest.cpus} ${guest.memoryBytes} ${guest.autostart}`} guest={guest} />
        </Card>
        {detail?.limits && (
          <LimitsPart key={detail.limits.map(({ key, value }) => `${key}=${value}`).join()} guest={guest} limits={detail.limits} />
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-3.5">
        {error ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
        {!detail && !error && <p className="text-muted">{m.connection.loading}</p>}
        {detail && <Parts guest={guest} detail={detail} />}
      </div>
    </div>
  )
}

function Parts({ guest, detail }: { guest: Guest; detail: GuestDetail }) {
  const further = hasFurther(useEngineInfo(guest))
  return (
    <>
      {(guest.type !== 'jail' || detail.disks.length > 0) && (
        <DiskPart guest={guest} disks={detail.disks} further={further && guest.type === 'vm'} />
      )}
      {detail.media && <MediaPart guest={guest} media={detail.media} />}
      {detail.shares && <SharePart guest={guest} shares={detail.shares} />}
      <Card title={h.nics}>
        {detail.nics.length ? <Nics nics={detail.nics} /> : <p className="text-muted">{detail.nicsNote ?? h.noNics}</p>}
      </Card>
      {detail.forwards && <ForwardPart guest={guest} forwards={detail.forwards} />}
      {detail.facts.length > 0 && (
        <Card title={h.facts}>
          <Facts rows={detail.facts} />
        </Card>
      )}
    </>
  )
}

const Nics = ({ nics }: { nics: readonly Nic[] }) => (
  <Grid
    label={h.nics}
    stack
    rows={nics}
    keyOf={(nic) => `${nic.target} ${nic.mac}`}
    columns={[
      { head: h.device, mono: true, cell: (nic) => nic.target },
      { head: h.mac, mono: true, cell: (nic) => nic.mac },
      { head: h.network, cell: (nic) => nic.network },
      { head: h.model, cell: (nic) => nic.model },
      { head: h.addresses, mono: true, cell: (nic) => nic.addresses.join(', ') },
    ]}
  />
)
