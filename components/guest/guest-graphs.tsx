'use client'
import { useQuery } from '@tanstack/react-query'
import { LazyGuestCharts } from '@/components/charts/lazy-charts'
import { useEngineInfo } from '@/components/live/live'
import { cbsd } from '@/components/messages/cbsd'
import { trpc } from '@/components/trpc'
import { Card, Warning } from '@/components/ui/card'
import type { Guest } from '@/server/model/guest'
import { hasFurther } from './has-further'

/** The graphs of a guest; for a jail on a host that does not account for jails, the reason why there are none. */
export function GuestGraphs({ guest, height }: { guest: Guest; height: number }) {
  const accounting = useAccounting(guest)
  if (typeof accounting !== 'string') return <LazyGuestCharts guest={guest} height={height} />
  return (
    <Card title={cbsd.guest.noFigures}>
      <Warning>{cbsd.host.accounting.off}</Warning>
      <p className="mt-1 whitespace-pre-wrap break-words">{accounting}</p>
    </Card>
  )
}

/** Whether the use of resources is accounted, where that matters for this guest: the system counts for VMs in any case. */
function useAccounting(guest: Guest): true | string | undefined {
  const info = useEngineInfo(guest)
  const asked = guest.type === 'jail' && hasFurther(info)
  const input = { host: guest.host, engine: guest.engine }
  return useQuery(trpc.guest.hostDetail.queryOptions(input, { enabled: asked, staleTime: 60_000 })).data?.accounting
}
