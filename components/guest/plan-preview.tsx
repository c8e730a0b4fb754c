'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { m } from '@/components/messages'
import { errorText, trpc } from '@/components/trpc'
import { ErrorNote, Warning } from '@/components/ui/card'
import { PlanSteps } from '@/components/ui/command'
import { useDebounced } from '@/components/ui/use-debounced'
import type { Operation } from '@/server/model/operation'
import type { On } from './use-operate'

/** The plan of an operation as it would be now; follows what is typed. */
export function usePlan(on: On | null, operation: Operation | null) {
  const wanted = useDebounced(on && operation ? { host: on.host, engine: on.engine, operation } : null, 200)
  const query = useQuery({
    ...trpc.guest.plan.queryOptions(wanted ?? { host: '-', engine: 'libvirt', operation: { kind: 'start', name: '-' } }),
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  return { plan: wanted && !query.isError ? query.data : undefined, error: query.error, waiting: wanted !== null && query.isFetching }
}

/** The commands that an operation will run, in a frame of their own. */
export function PlanPreview({ on, operation }: { on: On; operation: Operation | null }) {
  const { plan, error, waiting } = usePlan(on, operation)
  if (!operation) return null
  return (
    <section aria-label={m.common.commands} className="my-3 max-h-[38vh] overflow-auto rounded-md border border-line bg-side p-3">
      <p className="mb-2 text-muted text-sm">{m.common.commands}</p>
      {error ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
      {plan && <PlanSteps plan={plan} />}
      {!plan && !error && waiting && <p className="text-muted">{m.common.planning}</p>}
      {plan?.warnings.map((warning) => (
        <Warning key={warning}>{warning}</Warning>
      ))}
    </section>
  )
}
