'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { m } from '@/components/messages'
import { errorText, trpc } from '@/components/trpc'
import { ErrorNote, Warning } from '@/components/ui/card'
import { PlanSteps } from '@/components/ui/command'
import { useDebounced } from '@/components/ui/use-debounced'
import type { Operation } from '@/server/model/operation'
import type { PlanView } from '@/server/model/plan'
import type { On } from './use-operate'

export type PlanState = {
  plan: PlanView | undefined
  error: unknown
  waiting: boolean
  /** Inputs say already why there is no plan. */
  marked?: boolean
}

type Asked = PlanState & {
  /** The titles of its steps, once they are those of the operation as it stands now. */
  shown?: string[]
  /** There is none for the operation as it stands now. */
  refused: boolean
  /** Asks for it anew. */
  again: () => void
}

/** The plan of an operation as it would be now; follows what is typed. */
export function usePlan(on: On | null, operation: Operation | null): Asked {
  const wanted = useDebounced(on && operation ? { host: on.host, engine: on.engine, operation } : null, 200)
  const query = useQuery({
    ...trpc.guest.plan.queryOptions(wanted ?? { host: '-', engine: 'libvirt', operation: { kind: 'start', name: '-' } }),
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  const plan = wanted && !query.isError ? query.data : undefined
  const current = JSON.stringify(wanted?.operation) === JSON.stringify(operation)
  return {
    plan,
    error: query.error,
    waiting: wanted !== null && query.isFetching,
    shown: current && !query.isPlaceholderData ? plan?.steps.map(({ title }) => title) : undefined,
    refused: current && query.isError,
    again: () => void query.refetch(),
  }
}

/** The commands that an operation will run, asked for and shown in a frame of their own. */
export function PlanPreview({ on, operation }: { on: On; operation: Operation | null }) {
  const state = usePlan(on, operation)
  return operation ? <PlanBox state={state} /> : null
}

/** The commands that will run, in a frame of their own; or why there are none. */
export function PlanBox({ state: { plan, error, waiting, marked } }: { state: PlanState }) {
  return (
    <section aria-label={m.common.commands} className="my-3 max-h-[38vh] overflow-auto rounded-md border border-line bg-side p-3">
      <p className="mb-2 text-muted text-sm">{m.common.commands}</p>
      {error ? <ErrorNote>{errorText(error)}</ErrorNote> : null}
      {marked && <p className="text-muted">{m.common.marked}</p>}
      {plan?.warnings.map((warning) => (
        <Warning key={warning}>{warning}</Warning>
      ))}
      {plan && <PlanSteps plan={plan} />}
      {!plan && !error && !marked && waiting && <p className="text-muted">{m.common.planning}</p>}
    </section>
  )
}
