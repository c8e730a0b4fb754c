import { describe, expect, it } from 'vitest'
import type { JobSummary } from '@/server/model/job'
import { baseName } from './archives'
import { endedJobs } from './use-host-detail'

const job = (id: string, change: Partial<JobSummary> = {}): JobSummary => ({
  id,
  title: id,
  kind: 'base.fetch',
  host: 'far',
  user: 'admin',
  state: 'done',
  warnings: [],
  expect: '',
  createdAt: 0,
  stepCount: 1,
  stepIndex: 0,
  commands: [],
  ...change,
})

describe('what an engine tells of its host', () => {
  it('is read again when a job of that host ends, not when one begins or another host is busy', () => {
    const before = endedJobs([job('a')], 'far')
    expect(endedJobs([job('b', { state: 'running' }), job('a')], 'far')).toBe(before)
    expect(endedJobs([job('b', { host: 'near' }), job('a')], 'far')).toBe(before)
    expect(endedJobs([job('b'), job('a')], 'far')).not.toBe(before)
  })

  it('offers an archive’s own name for the import', () => {
    expect(baseName('/usr/jails/export/web1.img')).toBe('web1')
    expect(baseName('web1')).toBe('web1')
  })
})
