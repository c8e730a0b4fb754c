import { expect, it } from 'vitest'
import type { JobSummary } from '@/server/model/job'
import { mergeJobs } from './merge-jobs'

const job = (id: number, change: Partial<JobSummary> = {}): JobSummary => ({
  id: String(id),
  title: '',
  kind: 'start',
  host: 'local',
  user: 'admin',
  state: 'done',
  warnings: [],
  expect: '',
  createdAt: id,
  stepCount: 1,
  stepIndex: 0,
  commands: [],
  ...change,
})
const ids = (jobs: JobSummary[]) => jobs.map((each) => each.id)

it('lets live words win and puts new jobs on top', () => {
  const merged = mergeJobs([job(5, { state: 'running' }), job(3)], [job(9), job(5, { state: 'failed' })], {})
  expect(ids(merged)).toEqual(['9', '5', '3'])
  expect(merged[1]?.state).toBe('failed')
})
it('drops a job that no longer fits the filter', () => {
  expect(ids(mergeJobs([job(5, { state: 'running' })], [job(5, { state: 'done' })], { state: 'running' }))).toEqual([])
})
it('does not mix older live jobs into a page that ends before them', () => {
  expect(ids(mergeJobs([job(9), job(8)], [job(2)], {}))).toEqual(['9', '8'])
})
