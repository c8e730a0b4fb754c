import type { Job, JobSummary } from '@/server/model/job'
import { commandLine } from './command-line'

/** Lists show the beginning of a command; all of it is in the record. Some are kilobytes long, and events carry them often. */
const shortened = (line: string): string => (line.length > 300 ? `${line.slice(0, 299)}…` : line)

/** A job without its output: what lists and events carry. `stepIndex`: the running step, or the number of those that ended. */
export function summary(job: Job): JobSummary {
  const { steps, ...rest } = job
  const waiting = steps.findIndex((step) => step.state === 'running' || step.state === 'waiting')
  return {
    ...rest,
    stepCount: steps.length,
    stepIndex: waiting < 0 ? steps.length : waiting,
    commands: steps.map((step) => shortened(commandLine(step))),
  }
}

/**
 * What a job becomes when the server ended in its middle. Nothing is retried; the guest's own state is read anew.
 * `leftEnded`: its command had outlived the server, and was ended.
 */
export function interrupted(job: Job, at: number, leftEnded = false): Job {
  const left = leftEnded ? ' Its command still ran, and was ended.' : ''
  return {
    ...job,
    state: 'interrupted',
    error: `The server ended while this ran.${left} Nothing was retried or undone: look at the guest.`,
    progress: undefined,
    progressText: undefined,
    endedAt: at,
    steps: job.steps.map((step) => {
      if (step.state === 'running') return { ...step, state: 'failed', signal: 'interrupted' }
      return step.state === 'waiting' ? { ...step, state: 'skipped' } : step
    }),
  }
}
