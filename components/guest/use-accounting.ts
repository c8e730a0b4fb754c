import { useQuery } from '@tanstack/react-query'
import { useEngineInfo } from '@/components/live/live'
import { trpc } from '@/components/trpc'
import type { Allowed } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'
import { hasFurther } from './has-further'

/** Whether the host of this guest accounts for the use of resources, else how that is turned on. Absent while nobody knows. */
export function useAccounting(guest: Guest, wanted: boolean): Allowed | undefined {
  const enabled = wanted && hasFurther(useEngineInfo(guest))
  const input = { host: guest.host, engine: guest.engine }
  return useQuery(trpc.guest.hostDetail.queryOptions(input, { enabled, staleTime: 60_000 })).data?.accounting
}
