import { setTimeout as delay } from 'node:timers/promises'
import type { Exec } from '@/server/exec/types'
import type { JobStep } from '@/server/model/job'
import type { Expectation, Plan } from '@/server/model/plan'
import type { Check } from './check'
import { planMask, stepView } from './plan-view'
import { explained, runStep, runUndo, type StepEnd } from './run-step'
import { expectedFact } from './words'

const defaultExpectMs = 30_000
const slowestLookMs = 500
const defaultUndoPatienceMs = 10_000

export type RunHooks = {
  /** Reads the host again and says whether the expectation holds. */
  check: Check
  /** Cancels: the running step is killed with its children, then what was done is undone. A reason given as text is the record's error. */
  signal?: AbortSignal
  /** Awaited before and after each step with the record so far, so that what is stored is never behind the host. */
  onSteps?: (steps: JobStep[], current: number) => Promise<void> | void
  /** Called in the moment a step's process starts, where it runs on this machine. */
  onStart?: (pid: number) => void
  /** How long an undo that fails is tried again, ms. Default 10,000. */
  undoPatienceMs?: number
  onProgress?: (progress: { step: number; fraction?: number; text?: string }) => void
}

export type PlanRun = { state: 'done' | 'failed' | 'cancelled'; error?: string; steps: JobStep[] }

type Wait = {
  check: Check
  signal: AbortSignal /** Called every `repeatMs` until the expectation holds. */
  repeat?: () => Promise<void>
  repeatMs?: number
}

/** Looks until the expectation holds; the words of both facts when it does not in time, null when it holds. */
async function awaitExpectation(expect: Expectation, withinMs: number, { check, signal, repeat, repeatMs }: Wait): Promise<string | null> {
  const end = performance.now() + withinMs
  let next = repeatMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + repeatMs
  for (let pause = 25; ; pause = Math.min(pause * 2, slowestLookMs)) {
    const looked = await check(expect, signal).catch((error: unknown) => ({
      holds: false,
      seen: `the host could not be read: ${error instanceof Error ? error.message : String(error)}`,
    }))
    if (looked.holds || signal.aborted) return null
    if (performance.now() >= end) return `Expected: ${expectedFact(expect)}. Seen after ${Math.round(withinMs / 1000)} s: ${looked.seen}.`
    if (performance.now() >= next) {
      await repeat?.()
      next = performance.now() + (repeatMs ?? 0)
    }
    await delay(pause, undefined, { signal }).catch(() => {})
  }
}

function settle(record: JobStep, end: StepEnd): void {
  const { ok, killed: _, error: __, ...facts } = end
  Object.assign(record, facts, { state: ok ? 'done' : 'failed' })
}

/**
 * Runs a plan: each step in order, then looks at the host until `expect` holds. Exit codes alone are not trusted.
 *
 * On a failed step or a cancel, the finished steps are undone in reverse. The step that failed is undone only when the runner
 * killed it (timeout or cancel), because then it may have stopped half way. One that ended by itself with an error is not: it may
 * have failed because the thing was there before, and its undo would take away what belongs to somebody else.
 * When all steps succeeded and yet the expectation does not hold, nothing is undone: the guest is there to be looked at.
 *
 * Needs no database. Never rejects for what happens on the host; rejects when `onSteps` does.
 */
export async function runPlan(plan: Plan, exec: Exec, hooks: RunHooks): Promise<PlanRun> {
  const mask = planMask(plan)
  const signal = hooks.signal ?? new AbortController().signal
  const steps: JobStep[] = plan.steps.map((step) => ({ ...stepView(step, mask), state: 'waiting' }))
  const toUndo: number[] = []
  let error: string | null = null

  for (const [index, step] of plan.steps.entries()) {
    const record = steps[index]
    if (!record || signal.aborted) break
    record.state = 'running'
    await hooks.onSteps?.(steps, index)
    const end = await runStep(step, {
      exec,
      mask,
      signal,
      onProgress: (progress) => hooks.onProgress?.({ step: index, ...progress }),
      onStart: hooks.onStart,
    })
    settle(record, end)
    if (!end.ok && !signal.aborted) record.stderrTail = await explained(step, record.stderrTail, exec, mask)
    if (end.ok || end.killed) toUndo.push(index)
    await hooks.onSteps?.(steps, index + 1)
    if (!end.ok) {
      error = end.error ?? 'failed'
      break
    }
  }

  if (error === null && !signal.aborted) {
    const last = steps.length - 1
    /** Its exit code is not looked at: "it is not running" is what one hopes for. */
    const repeat = async () => {
      const step = plan.steps[last]
      const record = steps[last]
      if (!step || !record) return
      await runStep(step, { exec, mask, signal, onProgress: () => {} })
      record.runs = (record.runs ?? 1) + 1
      await hooks.onSteps?.(steps, last)
    }
    const wait = { check: hooks.check, signal, repeat, repeatMs: plan.repeatLastMs }
    error = await awaitExpectation(plan.expect, plan.expectWithinMs ?? defaultExpectMs, wait)
    if (!signal.aborted) return error === null ? { state: 'done', steps } : { state: 'failed', error: mask(error), steps }
  }

  for (const record of steps) if (record.state === 'waiting') record.state = 'skipped'
  for (const index of toUndo.reverse()) {
    const step = plan.steps[index]
    const record = steps[index]
    if (!step?.undo || !record) continue
    record.undone = await runUndo(step.undo, step, { exec, mask, patienceMs: hooks.undoPatienceMs ?? defaultUndoPatienceMs })
    await hooks.onSteps?.(steps, index)
  }
  const why: unknown = signal.reason
  return signal.aborted
    ? { state: 'cancelled', error: typeof why === 'string' ? why : 'Cancelled', steps }
    : { state: 'failed', error: error ?? undefined, steps }
}
