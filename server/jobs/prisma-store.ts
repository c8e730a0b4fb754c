import { z } from 'zod'
import type { PrismaClient } from '@/generated/prisma/client'
import { engineKinds } from '@/server/model/guest'
import { type Job, type JobStep, jobStates, testKind } from '@/server/model/job'
import type { JobStore } from './store'

const optional = <T extends z.ZodType>(type: T) => type.nullable().transform((value) => value ?? undefined)

const step: z.ZodType<JobStep> = z.object({
  title: z.string(),
  argv: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  stdin: z.string().optional(),
  write: z.object({ path: z.string(), mode: z.number(), content: z.string() }).optional(),
  undo: z.array(z.string()).optional(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  exitCode: z.number().optional(),
  runs: z.number().optional(),
  signal: z.string().optional(),
  stdoutTail: z.string().optional(),
  stderrTail: z.string().optional(),
  seconds: z.number().optional(),
  undone: z.object({ ok: z.boolean(), detail: z.string().optional(), runs: z.number().optional() }).optional(),
})

/** A row as it lies in the table. The steps were written by us, and are read like anything else: through zod. */
const row = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  host: z.string(),
  engine: optional(z.enum(engineKinds)),
  guest: optional(z.string()),
  makes: optional(z.string()),
  user: z.string(),
  state: z.enum(jobStates),
  error: optional(z.string()),
  warnings: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  expect: z.string(),
  progress: optional(z.number()),
  progressText: optional(z.string()),
  createdAt: z.number(),
  startedAt: optional(z.number()),
  endedAt: optional(z.number()),
  steps: z.string().transform((text) => z.array(step).parse(JSON.parse(text))),
})

const columns = (job: Job) => ({
  title: job.title,
  kind: job.kind,
  host: job.host,
  engine: job.engine ?? null,
  guest: job.guest ?? null,
  makes: job.makes ?? null,
  user: job.user,
  state: job.state,
  error: job.error ?? null,
  warnings: JSON.stringify(job.warnings),
  expect: job.expect,
  progress: job.progress ?? null,
  progressText: job.progressText ?? null,
  createdAt: job.createdAt,
  startedAt: job.startedAt ?? null,
  endedAt: job.endedAt ?? null,
  steps: JSON.stringify(job.steps),
})

/** Jobs in the database's table `Job`. */
export function createJobStore(db: PrismaClient): JobStore {
  return {
    async save(job) {
      const data = columns(job)
      await db.job.upsert({ where: { id: job.id }, create: { id: job.id, ...data }, update: data })
    },
    async get(id) {
      const found = await db.job.findUnique({ where: { id } })
      return found ? row.parse(found) : null
    },
    async list({ guest, host, states, found: withFault, limit, before }) {
      // As `foundFault` has it; warnings are JSON.
      const fault = { kind: testKind, state: 'done', warnings: { not: '[]' } }
      const found = await db.job.findMany({
        where: {
          guest,
          host,
          state: states ? { in: states } : undefined,
          createdAt: before === undefined ? undefined : { lt: before },
          AND: withFault ? fault : undefined,
          NOT: withFault === false ? fault : undefined,
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return found.map((each) => row.parse(each))
    },
    async moveGuest(from, to) {
      await db.job.updateMany({ where: { guest: from }, data: { guest: to } })
      await db.job.updateMany({ where: { makes: from }, data: { makes: to } })
    },
  }
}
