import { expect, it } from 'vitest'
import type { JobSummary } from '@/server/model/job'
import { mergeJobs, nextBefore } from './merge-jobs'

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
it('tells a test that found a fault from one that is simply done', () => {
  const faulty = job(5, { kind: 'accelerator.test', warnings: ['KVM cannot be used'] })
  const jobs = [job(9, { warnings: ['It was slow'] }), faulty, job(3, { kind: 'accelerator.test' })]
  expect(ids(mergeJobs(jobs, [], { state: 'found' }))).toEqual(['5'])
  expect(ids(mergeJobs(jobs, [], { state: 'done' }))).toEqual(['9', '3'])
  expect(ids(mergeJobs(jobs, [], {}))).toEqual(['9', '5', '3'])
})
it('does not mix older live jobs into a page that ends before them', () => {
  expect(ids(mergeJobs([job(9), job(8)], [job(2)], {}))).toEqual(['9', '8'])
})
it('goes on after a full page without losing a job of the same millisecond', () => {
  const stored = [job(9), job(8), job(7, { id: 'a', createdAt: 7 }), job(7, { id: 'b', createdAt: 7 }), job(6)]
  const page = (before: number | undefined) => stored.filter((each) => before === undefined || each.createdAt < before).slice(0, 3)
  const first = page(undefined)
  const second = page(nextBefore(first, 3))
  expect(ids(mergeJobs([...first, ...second], [], {}))).toEqual(['9', '8', 'a', 'b', '6'])
  expect(nextBefore([job(6)], 3)).toBeUndefined()
})
