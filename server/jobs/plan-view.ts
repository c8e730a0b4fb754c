import type { Plan, PlanView, Step, StepView } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import { masker } from './mask'
import { expectWords } from './words'

/** Hides the secrets of every step of a plan, in any of its texts. */
export const planMask = (plan: Plan): ((text: string) => string) => masker(plan.steps.flatMap((step) => step.secrets ?? []))

/** A step as pages see it: secrets masked. */
export function stepView(step: Step, mask: (text: string) => string): StepView {
  const view: StepView = { title: mask(step.title) }
  if ('argv' in step) {
    view.argv = step.argv.map(mask)
    if (step.env) view.env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, mask(value)]))
    if (step.stdin !== undefined) view.stdin = mask(step.stdin)
    if (step.feed) view.stdin = `(the file that was uploaded: ${formatBytes(step.feed.sizeBytes)})`
  } else view.write = { path: step.write.path, mode: step.write.mode, content: mask(step.write.content) }
  if (step.undo) view.undo = step.undo.map(mask)
  return view
}

/** A plan as pages see it before it runs. */
export function planView(plan: Plan): PlanView {
  const mask = planMask(plan)
  return { steps: plan.steps.map((step) => stepView(step, mask)), expect: expectWords(plan.expect), warnings: plan.warnings }
}
