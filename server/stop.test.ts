import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobSummary } from './model/job'
import { createStop } from './stop'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const job: JobSummary = {
  id: 'j',
  title: 'Create web-01',
  kind: 'create',
  host: 'local',
  user: 'admin',
  state: 'running',
  warnings: [],
  expect: '',
  createdAt: 0,
  stepCount: 1,
  stepIndex: 0,
  commands: [],
}

function stopping(jobs: JobSummary[]) {
  const said: string[] = []
  const exits: number[] = []
  let done = () => {}
  const stop = createStop({
    close: () =>
      new Promise<void>((resolve) => {
        done = resolve
      }),
    jobs: { list: async () => jobs },
    say: (text) => void said.push(text),
    exit: (code) => void exits.push(code),
    onError: () => {},
  })
  return { stop, said, exits, done: () => done() }
}

describe('stopping', () => {
  it('waits for a job that undoes, and says for which', async () => {
    const { stop, said, exits, done } = stopping([job])
    const ended = stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(exits).toEqual([])
    expect(said.join('\n')).toContain('Create web-01')
    done()
    await ended
    expect(exits).toEqual([0])
  })

  it('ends after 15 s whatever is left, before npm start would kill it', async () => {
    const { stop, exits } = stopping([job])
    void stop()
    await vi.advanceTimersByTimeAsync(14_900)
    expect(exits).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(exits).toEqual([0])
  })

  it('ends at once when asked again, and says nothing of jobs when there are none', async () => {
    const { stop, said, exits } = stopping([])
    void stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(said).toHaveLength(1)
    void stop()
    expect(exits).toEqual([1])
  })
})
