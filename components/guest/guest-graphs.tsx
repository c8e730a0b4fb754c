'use client'
import { LazyGuestCharts } from '@/components/charts/lazy-charts'
import { cbsd } from '@/components/messages/cbsd'
import { Card, Warning } from '@/components/ui/card'
import type { Guest } from '@/server/model/guest'
import { useAccounting } from './use-accounting'

/** The graphs of a guest; for a jail on a host that does not account for jails, the reason why there are none. */
export function GuestGraphs({ guest, height }: { guest: Guest; height: number }) {
  // Of VMs the system knows in any case what they use.
  const accounting = useAccounting(guest, guest.type === 'jail')
  if (typeof accounting !== 'string') return <LazyGuestCharts guest={guest} height={height} />
  return (
    <Card title={cbsd.guest.noFigures}>
      <Warning>{cbsd.host.accounting.off}</Warning>
      <p className="mt-1 whitespace-pre-wrap break-words">{accounting}</p>
    </Card>
  )
}
