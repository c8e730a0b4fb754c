import { expect, test } from 'vitest'
import type { Job, JobStep } from '@/server/model/job'
import type { JobStore } from './store'
import { planUndo, withUndone } from './undo'

const step = (change: Partial<JobStep>): JobStep => ({ title: 'Do', argv: ['true'], state: 'done', ...change })
const job = (change: Partial<Job>): Job => ({
  id: '1',
  title: 'Create web',
  kind: 'create',
  host: 'h',
  engine: 'incus',
  guest: 'h~incus~web',
  user: 'anna',
  state: 'interrupted',
  warnings: [],
  expect: '',
  createdAt: 10,
  steps: [],
  ...change,
})
const readers = (jobs: Job[] = []) => {
  const store: JobStore = {
    save: async () => {},
    get: async () => null,
    moveGuest: async () => {},
    list: async ({ guest, host }) => jobs.filter((each) => (guest ? each.guest === guest : each.host === host)),
  }
  return { store, disks: async function* () {} }
}

test('an undo runs in the environment of its step: another daemon must not be asked', async () => {
  const env = { INCUS_DIR: '/other' }
  const plan = await planUndo(job({ steps: [step({ undo: ['incus', 'delete', '--force', 'web'], env })] }), readers())
  expect(plan.steps).toEqual([expect.objectContaining({ argv: ['incus', 'delete', '--force', 'web'], env })])
  expect(plan.expect).toEqual({ kind: 'all', of: [{ kind: 'absent', name: 'web' }] })
})

test('steps that never ran, and steps that were undone, are left alone', async () => {
  const steps = [
    step({ title: 'a', undo: ['rm', '-rf', '--', '/v/a'], undone: { ok: true } }),
    step({ title: 'b', undo: ['rm', '-rf', '--', '/v/b'], undone: { ok: false } }),
    step({ title: 'c', undo: ['rm', '-rf', '--', '/v/c'], state: 'failed', signal: 'interrupted' }),
    step({ title: 'd', undo: ['rm', '-rf', '--', '/v/d'], state: 'skipped' }),
    step({ title: 'e' }),
  ]
  const plan = await planUndo(job({ steps }), readers())
  expect(plan.steps.map(({ title }) => title)).toEqual(['Undo: c', 'Undo: b'])
  const undo = job({ id: '2', kind: 'undo', state: 'done', steps: plan.steps.map(({ title }) => step({ title, exitCode: 0 })) })
  expect(withUndone(job({ steps }), undo).steps.map(({ undone }) => undone?.ok)).toEqual([true, true, true, undefined, undefined])
})

test('nothing is guessed where a secret was hidden, and nothing runs where nothing is known', async () => {
  const hidden = step({ undo: ['curl', '-u', 'me:••••••', 'https://h'] })
  await expect(planUndo(job({ steps: [hidden] }), readers())).rejects.toMatchObject({ code: 'refused', message: /secret/ })
  await expect(planUndo(job({ steps: [step({})] }), readers())).rejects.toMatchObject({ code: 'refused' })
  await expect(planUndo(job({ state: 'failed', steps: [step({ undo: ['rm', '--', '/x'] })] }), readers())).rejects.toThrow(/nothing/)
})

test('the copy of a clone, not its original, is what the undo is about', async () => {
  const clone = job({ kind: 'clone', makes: 'h~incus~twin', steps: [step({ undo: ['incus', 'delete', '--force', 'twin'] })] })
  const started = (guest: string, change: Partial<Job> = {}) =>
    job({ id: '3', kind: 'start', title: 'Start', state: 'done', createdAt: 20, guest, ...change })
  expect((await planUndo(clone, readers([started('h~incus~web')]))).expect).toMatchObject({ of: [{ kind: 'absent', name: 'twin' }] })
  await expect(planUndo(clone, readers([started('h~incus~twin')]))).rejects.toMatchObject({ message: /used since/ })
  expect(await planUndo(clone, readers([started('h~incus~twin', { state: 'failed' })]))).toBeDefined()
  expect(await planUndo(clone, readers([started('h~incus~twin', { createdAt: 5 })]))).toBeDefined()
})

test('what was made again since belongs to the job that made it', async () => {
  const undo = ['rm', '-rf', '--', '/v/images/tiny.part']
  const build = job({ kind: 'image.build', guest: undefined, engine: undefined, steps: [step({ undo })] })
  const later = job({
    id: '4',
    title: 'Build again',
    kind: 'image.build',
    guest: undefined,
    state: 'running',
    createdAt: 20,
    steps: [step({ undo })],
  })
  await expect(planUndo(build, readers([later]))).rejects.toMatchObject({ message: /“Build again” ran after it/ })
  expect((await planUndo(build, readers())).expect).toEqual({
    kind: 'all',
    of: [{ kind: 'file', path: '/v/images/tiny.part', present: false }],
  })
})
