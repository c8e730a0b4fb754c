import { formatArgv } from '@/components/format'
import { m } from '@/components/messages'
import type { PlanView, StepView } from '@/server/model/plan'

/** One step of a plan: its comment, its command, and what goes into it. */
export function CommandStep({ step, index }: { step: StepView; index: number }) {
  return (
    <div className="font-mono text-sm">
      <div className="text-muted">
        # {index + 1} {step.title}
      </div>
      {step.argv && <div className="whitespace-pre-wrap break-words">{formatArgv(step.argv)}</div>}
      {step.write && (
        <details>
          <summary>{m.common.writes(step.write.path, step.write.mode.toString(8).padStart(4, '0'))}</summary>
          <pre className="overflow-x-auto pl-3 text-muted">{step.write.content}</pre>
        </details>
      )}
      {step.stdin && (
        <details>
          <summary className="text-muted">{m.common.input(step.stdin.trimEnd().split('\n').length)}</summary>
          <pre className="overflow-x-auto pl-3 text-muted">{step.stdin}</pre>
        </details>
      )}
    </div>
  )
}

/** The whole plan as shown before it runs. */
export function PlanSteps({ plan }: { plan: PlanView }) {
  return (
    <div className="flex flex-col gap-3">
      {plan.steps.map((step, index) => (
        <CommandStep key={index} step={step} index={index} />
      ))}
      {plan.expect && <p className="font-mono text-muted text-sm"># {plan.expect}</p>}
    </div>
  )
}

export const planText = (plan: PlanView): string =>
  plan.steps
    .map(
      (step) =>
        `# ${step.title}\n${step.argv ? formatArgv(step.argv) : step.write ? m.common.writes(step.write.path, step.write.mode.toString(8)) : ''}`,
    )
    .join('\n\n')
