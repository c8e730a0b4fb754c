import { foundFault, type JobState, type JobSummary, jobStates } from '@/server/model/job'

/** How a job ended, as its mark says it: a test that found a fault is not simply done. */
export type Outcome = JobState | 'found'
export const outcomes: readonly Outcome[] = jobStates.flatMap((state) => (state === 'done' ? [state, 'found'] : [state]))

const outcomeOf = (job: JobSummary): Outcome => (foundFault(job) ? 'found' : job.state)
/** An outcome as the server filters by it. */
export const asked = (outcome: Outcome | ''): { states?: JobState[]; found?: boolean } =>
  outcome === '' ? {} : outcome === 'found' ? { found: true } : { states: [outcome], found: false }

/** A page of stored jobs with the live ones laid over: newer words win, new jobs that fit the filter come on top. */
export function mergeJobs(
  stored: readonly JobSummary[],
  live: readonly JobSummary[],
  filter: { state?: Outcome | ''; host?: string; guest?: string },
): JobSummary[] {
  const fits = (job: JobSummary) =>
    (!filter.state || outcomeOf(job) === filter.state) &&
    (!filter.host || job.host === filter.host) &&
    (!filter.guest || job.guest === filter.guest)
  const byId = new Map(stored.map((job) => [job.id, job]))
  const oldest = stored.at(-1)?.createdAt ?? 0
  for (const job of live) {
    if (byId.has(job.id) || job.createdAt >= oldest) byId.set(job.id, job)
  }
  return [...byId.values()].filter(fits).sort((a, b) => b.createdAt - a.createdAt)
}

/**
 * The time before which the next page begins, or undefined after the last one. The oldest job comes again with it:
 * another may have begun in the same millisecond, and `mergeJobs` shows each once.
 */
export function nextBefore(page: readonly JobSummary[], size: number): number | undefined {
  const oldest = page.at(-1)
  return oldest && page.length >= size ? oldest.createdAt + 1 : undefined
}
