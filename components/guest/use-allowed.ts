import { useActiveJob, useEngineInfo } from '@/components/live/live'
import { m } from '@/components/messages'
import { can } from '@/server/model/can'
import type { Allowed } from '@/server/model/capability'
import type { Guest } from '@/server/model/guest'
import type { GuestOperation } from '@/server/model/operation'

/** Answers whether an operation may be asked of this guest now: a job under way counts before its state. */
export function useAllowed(guest: Guest): (kind: GuestOperation['kind']) => Allowed {
  const info = useEngineInfo(guest)
  const job = useActiveJob(guest.id)
  return (kind) => (job ? m.guest.busy(m.doing[job.kind] ?? job.title) : can(kind, guest, info))
}
