import { useCallback, useState } from 'react'
import { live } from '@/components/live/live'
import { m } from '@/components/messages'
import { client, errorText } from '@/components/trpc'
import { toast } from '@/components/ui/toasts'
import type { EngineKind } from '@/server/model/guest'
import type { JobSummary } from '@/server/model/job'
import type { Operation } from '@/server/model/operation'

export type On = { host: string; engine: EngineKind }

/** Starts an operation and says so. `shown`: the steps that a person saw before. Rejects with the server's refusal. */
export async function operate(on: On, operation: Operation, shown?: string[]): Promise<JobSummary> {
  const job = await client.guest.operate.mutate({ host: on.host, engine: on.engine, operation, shown })
  live.putJob(job)
  toast(m.toast.started(job.title), { job: job.id })
  return job
}

/** Starts an operation; a refusal is shown in the corner. */
export async function operateOrTell(on: On, operation: Operation): Promise<JobSummary | null> {
  try {
    return await operate(on, operation)
  } catch (error) {
    toast(errorText(error), { bad: true })
    return null
  }
}

/** For dialogs: keeps the error at hand and tells when the operation is being sent. */
export function useOperate(onStarted: (job: JobSummary) => void) {
  const [error, setError] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const run = useCallback(
    async (on: On, operation: Operation, shown?: string[]): Promise<boolean> => {
      setSending(true)
      setError(null)
      try {
        onStarted(await operate(on, operation, shown))
        return true
      } catch (failure) {
        setError(failure)
        return false
      } finally {
        setSending(false)
      }
    },
    [onStarted],
  )
  const clear = useCallback(() => setError(null), [])
  return { run, error, sending, clear }
}
