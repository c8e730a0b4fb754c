import type { Job, JobFilter } from '@/server/model/job'

/** Where jobs are kept. `save` writes a job as it is now, new or not; it resolves once it is on the disk. */
export interface JobStore {
  save(job: Job): Promise<void>
  get(id: string): Promise<Job | null>
  /** Newest first. `before`: only jobs created before that time, ms since 1970. */
  list(filter: JobFilter): Promise<Job[]>
  /** A guest has another id now: what was done to it goes with it. */
  moveGuest(from: string, to: string): Promise<void>
}
