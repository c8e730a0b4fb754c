import type { EngineKind } from './guest'
import type { StepView } from './plan'

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const
export type JobState = (typeof jobStates)[number]

export type JobStep = StepView & {
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
  exitCode?: number
  /** How often it ran, where that is more than once. */
  runs?: number
  /** The signal that ended it, or "timeout". */
  signal?: string
  stdoutTail?: string
  stderrTail?: string
  seconds?: number
  /** What became of its undo, where one ran; `runs`: how often, where that is more than once. */
  undone?: { ok: boolean; detail?: string; runs?: number }
}

export type Job = {
  id: string
  /** In words: "Create web-01", "Stop db". */
  title: string
  /** The operation's kind, or image.build, image.download, image.upload, image.remove, accelerator.test. */
  kind: string
  host: string
  engine?: EngineKind
  /** The id of the guest it is about, where there is one. */
  guest?: string
  /** The id of a second guest that it makes, while it runs: the copy of a clone, the new name of a rename. */
  makes?: string
  user: string
  state: JobState
  /** Why it failed: what was expected, what was seen. */
  error?: string
  warnings: string[]
  expect: string
  /** 0..1 where the tool tells, else absent. */
  progress?: number
  /** The last line of the running step. */
  progressText?: string
  /** ms since 1970 */
  createdAt: number
  startedAt?: number
  endedAt?: number
  steps: JobStep[]
}

/** A job without its steps' output: what lists and events carry. */
export type JobSummary = Omit<Job, 'steps'> & { stepCount: number; stepIndex: number; commands: string[] }

/**
 * Steps of an interrupted job whose undo is known and has not succeeded: those that were done, and the one that was under way.
 * Empty for any other job: one that failed or was cancelled has undone what it could.
 */
export const openUndo = (job: Pick<Job, 'state' | 'steps'>): JobStep[] =>
  job.state === 'interrupted'
    ? job.steps.filter((step) => step.undo && !step.undone?.ok && (step.state === 'done' || step.signal === 'interrupted'))
    : []

/** The jobs that look whether something is well. */
export const testKind = 'accelerator.test'

/** Whether a job did its work and found something that is not well: what, stands in its warnings. */
export const foundFault = (job: Pick<Job, 'kind' | 'state' | 'warnings'>): boolean =>
  job.kind === testKind && job.state === 'done' && job.warnings.length > 0

/** Which jobs a list has. `before`: only those created before that time, ms since 1970. */
export type JobFilter = {
  guest?: string
  host?: string
  states?: JobState[]
  /** Only those that found a fault (`foundFault`), or only the others. */
  found?: boolean
  limit: number
  before?: number
}
