import { useEffect } from 'react'
import { m } from '@/components/messages'
import { errorText, fieldErrors } from '@/components/trpc'
import type { Allowed } from '@/server/model/capability'
import type { JobSummary } from '@/server/model/job'
import type { Operation } from '@/server/model/operation'
import { type PlanState, usePlan } from './plan-preview'
import { type On, useOperate } from './use-operate'

const nothing = () => {}

/**
 * An operation as it is being made up: its plan, what is wrong with which input, and the order itself.
 * `fields`: the inputs that the caller shows. What is said at an input is not said a second time elsewhere, and what was
 * said about an earlier text goes when the text changes.
 */
export function usePlanned(on: On, operation: Operation | null, fields: readonly string[], onStarted: (job: JobSummary) => void = nothing) {
  const { shown, refused, again, ...preview } = usePlan(on, operation)
  const { run, error, sending, clear } = useOperate(onStarted)
  const text = JSON.stringify(operation)
  // The text is what the error was about.
  useEffect(clear, [text])
  const marked = marks(error ?? preview.error, fields)
  const state: PlanState = { ...preview, error: said(preview.error, fields, error), marked: marked.all && preview.error !== null }
  const allowed: Allowed = sending ? ' ' : operation && !shown && !refused && !error ? m.common.planning : true
  return {
    errors: marked.errors,
    /** What the order was refused with, where no input says it. */
    note: error && !marked.all ? errorText(error) : null,
    plan: state,
    /** Nothing is ordered whose commands are not on the page: true, or what has to be waited for. */
    allowed,
    run: () => {
      // Refused: perhaps because other commands are needed now than those on the page.
      if (operation && allowed === true) void run(on, operation, shown).then((started) => started || again())
    },
  }
}

/** The errors of the inputs shown, and whether they say all there is to say. */
export function marks(error: unknown, fields: readonly string[]): { errors: Record<string, string>; all: boolean } {
  const every = Object.entries(fieldErrors(error))
  const own = every.filter(([field]) => fields.includes(field))
  return { errors: Object.fromEntries(own), all: own.length > 0 && own.length === every.length }
}

/** The preview's error, unless an input says it or the order was refused with the same words. */
const said = (error: unknown, fields: readonly string[], order: unknown): unknown =>
  !error || marks(error, fields).all || (order && errorText(order) === errorText(error)) ? null : error
