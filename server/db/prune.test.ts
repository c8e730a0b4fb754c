import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from './client'
import { prune } from './prune'

const day = 86_400_000
const now = 1000 * day
const limits = { jobs: 5, jobDays: 90, auditEntries: 4, auditDays: 400 }
let folder = ''
let db: Database

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'po-prune-'))
  db = await openDatabase(join(folder, 'a.db'), fileURLToPath(new URL('../../prisma/migrations', import.meta.url)))
})
afterEach(async () => {
  await db.$disconnect()
  await rm(folder, { recursive: true })
})

const job = (id: string, createdAt: number, state = 'done') =>
  db.job.create({ data: { id, title: id, kind: 'start', host: 'local', user: 'me', state, expect: '', createdAt } })
const jobs = async () => (await db.job.findMany({ orderBy: { createdAt: 'desc' } })).map(({ id }) => id)

it('keeps the newest jobs, drops the old ones, and never one that runs', async () => {
  for (let n = 0; n < 8; n++) await job(`new-${n}`, now - n * 1000)
  await job('old', now - 91 * day)
  await job('old-but-running', now - 92 * day, 'running')
  expect(await prune(db, now, limits)).toMatchObject({ jobs: 4 })
  expect(await jobs()).toEqual(['new-0', 'new-1', 'new-2', 'new-3', 'new-4', 'old-but-running'])
  await job('within', now - 89 * day)
  await prune(db, now, { ...limits, jobs: 100 })
  expect(await jobs()).toContain('within')
})

it('keeps the newest audit entries and drops the old ones', async () => {
  const entry = (at: number, target: string) => db.audit.create({ data: { at, user: 'u', action: 'x', target, ok: true } })
  await entry(now - 401 * day, 'ancient')
  for (let n = 0; n < 6; n++) await entry(now - day + n, `n${n}`)
  expect(await prune(db, now, limits)).toMatchObject({ audit: 3 })
  expect((await db.audit.findMany({ orderBy: { id: 'asc' } })).map(({ target }) => target)).toEqual(['n2', 'n3', 'n4', 'n5'])
  expect(await prune(db, now, limits)).toEqual({ jobs: 0, audit: 0 })
})
