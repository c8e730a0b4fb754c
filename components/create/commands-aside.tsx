import { m } from '@/components/messages'
import { errorText, fieldErrors } from '@/components/trpc'
import { ErrorNote, Warning } from '@/components/ui/card'
import { PlanSteps, planText } from '@/components/ui/command'
import { Copy } from '@/components/ui/copy'
import type { PlanView } from '@/server/model/plan'

/** The commands that will run, as they are at this moment. */
export function CommandsAside({
  host,
  plan,
  error,
  waiting,
}: {
  host: string
  plan: PlanView | undefined
  error: unknown
  waiting: boolean
}) {
  return (
    <aside aria-label={m.common.commands} aria-busy={waiting} className="min-w-0 rounded-lg border border-line p-3.5 xl:sticky xl:top-0">
      <div className="mb-2 flex items-baseline justify-between gap-2">
        <h2>{m.create.sideTitle(host)}</h2>
        {plan && <Copy text={planText(plan)} label={m.create.copyAll} />}
      </div>
      {error ? (
        Object.keys(fieldErrors(error)).length ? (
          <p className="text-muted">{m.common.marked}</p>
        ) : (
          <ErrorNote>{errorText(error)}</ErrorNote>
        )
      ) : plan ? (
        <PlanSteps plan={plan} />
      ) : (
        <p className="text-muted">{waiting ? m.common.planning : m.create.sideEmpty}</p>
      )}
      <div className="mt-3 flex flex-col gap-1">
        {!error && plan?.warnings.map((warning) => <Warning key={warning}>{warning}</Warning>)}
      </div>
    </aside>
  )
}
