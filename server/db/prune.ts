import type { Log } from '../log'
import type { Database } from './client'

const day = 24 * 60 * 60_000

/** How much of the past is kept: so many rows, and none older than so many days. */
export const kept = { jobs: 10_000, jobDays: 90, auditEntries: 100_000, auditDays: 400 }

/** Removes ended jobs and audit entries beyond `limits`. `now`: ms since 1970. Resolves with how many rows went. */
export async function prune(db: Database, now: number, limits = kept): Promise<{ jobs: number; audit: number }> {
  const oldestJob = await db.job.findFirst({ orderBy: { createdAt: 'desc' }, skip: limits.jobs, select: { createdAt: true } })
  const jobsBefore = Math.max(now - limits.jobDays * day, oldestJob ? oldestJob.createdAt + 1 : 0)
  const jobs = await db.job.deleteMany({ where: { createdAt: { lt: jobsBefore }, state: { notIn: ['queued', 'running'] } } })
  const oldestEntry = await db.audit.findFirst({ orderBy: { id: 'desc' }, skip: limits.auditEntries, select: { id: true } })
  const audit = await db.audit.deleteMany({
    where: { OR: [{ at: { lt: now - limits.auditDays * day } }, { id: { lte: oldestEntry?.id ?? -1 } }] },
  })
  return { jobs: jobs.count, audit: audit.count }
}

/** Prunes now and every day. Returns how to stop; what fails is logged and tried again the next day. */
export function pruneDaily(db: Database, log: Log): () => void {
  const once = () =>
    void prune(db, Date.now()).then(
      (gone) => gone.jobs + gone.audit > 0 && log.info(gone, 'old jobs and audit entries were removed'),
      (error: unknown) => log.error({ error }, 'old jobs and audit entries could not be removed'),
    )
  once()
  const timer = setInterval(once, day).unref()
  return () => clearInterval(timer)
}
