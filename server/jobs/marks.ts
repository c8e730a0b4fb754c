import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { processMark } from '@/server/exec/leftover'

/** The processes of running jobs, by job, so that a server that is killed does not leave one behind for ever. */
export type Marks = {
  /** Notes the process that a job's step runs in, in the moment of its start. */
  set: (job: string, pid: number) => void
  /** The mark that an earlier server left; null when there is none. */
  get: (job: string) => string | null
  clear: (job: string) => void
}

/**
 * Marks lie in a folder, a file for each running job, and are written with synchronous calls: the database answers some
 * milliseconds later, and a server killed within them would know nothing of a command that goes on.
 */
export function createMarks(folder: string, log: Pick<Logger, 'error'>): Marks {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (job: string) => join(folder, job)
  return {
    set(job, pid) {
      try {
        const mark = processMark(pid)
        if (mark) writeFileSync(file(job), mark, { mode: 0o600 })
      } catch (error) {
        log.error({ err: error, job }, 'process of a job not noted')
      }
    },
    get(job) {
      try {
        return readFileSync(file(job), 'utf8')
      } catch {
        // There was no process, or none any more.
        return null
      }
    },
    clear: (job) => rmSync(file(job), { force: true }),
  }
}
