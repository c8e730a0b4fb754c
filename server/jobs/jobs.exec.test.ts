import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Job, testKind } from '@/server/model/job'
import { openFixtureHost, fixtureSpec as spec } from './fixture-host'

let host: Awaited<ReturnType<typeof openFixtureHost>>
beforeEach(async () => {
  host = await openFixtureHost()
})
afterEach(async () => {
  await host.jobs.close()
  await host.close()
})

const operate = (op: Parameters<typeof host.jobs.operate>[1]) => host.jobs.operate(host.on, op, host.user)
/** Whether a process still runs. One that ended and waits for its parent to take note (Z) does not. */
const alive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) [ZX] /.test(stat),
    () => false,
  )
/** A stop that waits for a guest that does not listen, with a child of its own. */
const deafStop = () => {
  const pidFile = join(host.dir, 'pid')
  host.plans.stop = (name) => ({
    steps: [{ title: 'Ask it to stop', argv: ['/bin/sh', '-c', 'sleep 600 & echo $! > "$1"; wait', 'deaf', pidFile], timeoutMs: 600_000 }],
    expect: { kind: 'guest', name, states: ['stopped'] },
  })
  return () => vi.waitFor(async () => Number.parseInt(await readFile(pidFile, 'utf8'), 10) || Promise.reject(new Error('not yet')), 15_000)
}

test('a create runs, is recorded with exit codes, published and audited', async () => {
  const started = await operate({ kind: 'create', spec: spec('web') })
  expect(started).toMatchObject({ title: 'Create web', kind: 'create', state: 'running', user: 'anna', guest: 'h~incus~web', stepCount: 2 })
  expect(host.busy).toContain('web')
  const job = await host.jobs.finished(started.id)
  expect(job).toMatchObject({ state: 'done', expect: 'done when web is running' })
  expect(job.steps.map((step) => [step.state, step.exitCode])).toEqual([
    ['done', 0],
    ['done', 0],
  ])
  expect(await host.store.get(job.id)).toEqual(job)
  expect(await host.jobs.list({ guest: 'h~incus~web', limit: 5 })).toMatchObject([{ id: job.id, state: 'done', stepIndex: 2 }])
  expect(host.published.at(-1)).toMatchObject({ id: job.id, state: 'done' })
  expect(host.inventory.guest('h~incus~web')?.state).toBe('running')
  expect(host.busy).not.toContain('web')
  expect(host.audited).toMatchObject([{ user: 'u1', action: 'create', target: 'h~incus~web', ok: true }])
})

test('while a step runs, the row already says so', async () => {
  await host.put('web', 'running')
  const deaf = deafStop()
  const { id } = await operate({ kind: 'stop', name: 'web' })
  await deaf()
  expect(await host.store.get(id)).toMatchObject({ state: 'running', steps: [{ state: 'running' }] })
})

test('what was done to a guest goes with it when it is renamed', async () => {
  const { id } = await operate({ kind: 'create', spec: spec('web') })
  await host.jobs.finished(id)
  await host.put('web', 'stopped')
  host.plans.rename = (name) => ({
    steps: [{ title: 'Rename', argv: ['mv', '--', join(host.dir, `guest-${name}`), join(host.dir, 'guest-shop')] }],
    expect: { kind: 'guest', name: 'shop' },
  })
  const renamed = await operate({ kind: 'rename', name: 'web', newName: 'shop' })
  expect(await host.jobs.finished(renamed.id)).toMatchObject({ state: 'done', guest: 'h~incus~shop' })
  const of = async (guest: string) => (await host.jobs.list({ guest, limit: 10 })).map((job) => job.kind)
  expect(await of('h~incus~shop')).toEqual(['rename', 'create'])
  expect(await of('h~incus~web')).toEqual([])
})

test('a failed create leaves nothing', async () => {
  host.plans.create = (name) => ({
    steps: [
      { ...host.set(name, 'stopped'), undo: ['rm', '--', join(host.dir, `guest-${name}`)] },
      { title: 'Fail', argv: ['ls', '--', '/nonexistent'] },
    ],
  })
  const job = await host.jobs.finished((await operate({ kind: 'create', spec: spec('web') })).id)
  expect(job.state).toBe('failed')
  expect(job.error).toMatch(/^Fail: exit code 2: .*\/nonexistent/)
  expect(job.steps[0]?.undone).toEqual({ ok: true })
  expect(await host.left()).toEqual([])
  expect(host.audited.at(-1)).toMatchObject({ action: 'create', ok: false })
})

test('a failed create leaves nothing, also where the engine is busy for a moment and refuses', async () => {
  const asked = join(host.dir, 'asked')
  const busyTwice =
    'echo >> "$1"; [ "$(wc -l < "$1")" -ge 3 ] && exec rm -- "$2"; echo \'Error: Instance is busy running a "stop" operation\' >&2; exit 1'
  host.plans.create = (name) => ({
    steps: [
      { ...host.set(name, 'stopped'), undo: ['/bin/sh', '-c', busyTwice, 'delete', asked, join(host.dir, `guest-${name}`)] },
      { title: 'Fail', argv: ['ls', '--', '/nonexistent'] },
    ],
  })
  const job = await host.jobs.finished((await operate({ kind: 'create', spec: spec('web') })).id)
  expect(job.state).toBe('failed')
  expect(job.steps[0]?.undone).toEqual({ ok: true, runs: 3 })
  expect((await host.store.get(job.id))?.steps[0]?.undone).toEqual({ ok: true, runs: 3 })
  expect(await host.left()).toEqual([])
})

test('what a job that is done has found is kept with it; one that failed found nothing', async () => {
  const submit = async (argv: [string, ...string[]]) => {
    const plan = { steps: [{ title: 'Look', argv }], expect: { kind: 'none' as const }, warnings: ['slow'], locks: [] }
    const finding = (job: Job) => `it said ${job.steps[0]?.stdoutTail?.trim()}`
    return host.jobs.submit({ title: 'Look', kind: 'accelerator.test', host: 'h', user: host.user, plan, finding })
  }
  const found = await host.jobs.finished((await submit(['echo', 'no'])).id)
  expect(found).toMatchObject({ state: 'done', warnings: ['slow', 'it said no'] })
  expect(await host.store.get(found.id)).toEqual(found)
  expect(host.published.at(-1)).toMatchObject({ warnings: ['slow', 'it said no'] })
  expect(await host.jobs.finished((await submit(['ls', '/nonexistent'])).id)).toMatchObject({ state: 'failed', warnings: ['slow'] })
})

test('cancel kills the command with its children, and says so', async () => {
  await host.put('web', 'running')
  const deaf = deafStop()
  const { id } = await operate({ kind: 'stop', name: 'web' })
  const pid = await deaf()
  expect(await alive(pid)).toBe(true)
  await host.jobs.cancel(id, host.user)
  expect(await host.jobs.finished(id)).toMatchObject({
    state: 'cancelled',
    error: 'Cancelled by anna',
    steps: [{ state: 'failed', signal: 'aborted' }],
  })
  await vi.waitFor(async () => expect(await alive(pid)).toBe(false), 15_000)
  await expect(host.jobs.cancel(id, host.user)).rejects.toMatchObject({ code: 'refused' })
})

test('a second job on the same guest is a conflict that names the first; kill takes the place of a stop', async () => {
  await host.put('web', 'running')
  const deaf = deafStop()
  const stop = await operate({ kind: 'stop', name: 'web' })
  await deaf()
  await expect(operate({ kind: 'stop', name: 'web' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('“Stop web”'),
  })
  const kill = await operate({ kind: 'kill', name: 'web' })
  expect(await host.jobs.finished(stop.id)).toMatchObject({ state: 'cancelled', error: 'Cancelled: “Kill web” by anna took its place' })
  expect((await host.jobs.finished(kill.id)).state).toBe('done')
  expect(await host.state('web')).toBe('stopped')
})

test('jobs that found a fault are listed by themselves, and not among those that are simply done', async () => {
  const plan = { steps: [{ title: 'Look', argv: ['true'] as const }], expect: { kind: 'none' as const }, warnings: [], locks: [] }
  for (const finding of [() => 'KVM cannot be used', () => undefined]) {
    const { id } = await host.jobs.submit({ title: 'Look', kind: testKind, host: 'h', user: host.user, plan, finding })
    await host.jobs.finished(id)
  }
  const list = async (found?: boolean) => (await host.jobs.list({ found, limit: 5 })).map(({ warnings }) => warnings)
  expect(await list(true)).toEqual([['KVM cannot be used']])
  expect(await list(false)).toEqual([[]])
  expect(await list()).toHaveLength(2)
})

test('of two creates of one name at the same moment, one runs', async () => {
  const both = await Promise.allSettled([operate({ kind: 'create', spec: spec('web') }), operate({ kind: 'create', spec: spec('web') })])
  expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const each of both) if (each.status === 'fulfilled') await host.jobs.finished(each.value.id)
})

test('refused before anything ran: taken name, wrong state, missing guest, what the engine cannot do', async () => {
  await host.put('web', 'running')
  await expect(operate({ kind: 'create', spec: spec('web') })).rejects.toMatchObject({ code: 'conflict', field: 'operation.spec.name' })
  await expect(operate({ kind: 'start', name: 'web' })).rejects.toMatchObject({ code: 'refused', message: 'web: It is not stopped' })
  await expect(operate({ kind: 'pause', name: 'web' })).rejects.toMatchObject({ message: 'web: Files cannot be paused' })
  await expect(operate({ kind: 'start', name: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  expect(await host.jobs.list({ limit: 5 })).toEqual([])
  expect(host.audited.map((entry) => entry.ok)).toEqual([false, false, false, false])
  // A refusal must leave no lock behind.
  expect((await host.jobs.finished((await operate({ kind: 'kill', name: 'web' })).id)).state).toBe('done')
})

test('an order for other commands than those that were seen is refused', async () => {
  await host.put('web', 'running')
  const kill = { kind: 'kill', name: 'web' } as const
  const seen = (await host.jobs.preview(host.on, kill)).steps.map(({ title }) => title)
  const other = [{ title: 'Tell it first', argv: ['true'] as const }, host.set('web', 'stopped')]
  host.plans.kill = () => ({ steps: other, expect: { kind: 'guest', name: 'web', states: ['stopped'] } })
  await expect(host.jobs.operate(host.on, kill, host.user, seen)).rejects.toMatchObject({ code: 'conflict', message: /other commands/ })
  expect(await host.jobs.list({ limit: 5 })).toEqual([])
  const now = (await host.jobs.preview(host.on, kill)).steps.map(({ title }) => title)
  expect((await host.jobs.finished((await host.jobs.operate(host.on, kill, host.user, now)).id)).state).toBe('done')
})

test('the state is read anew: what was stopped outside may be started', async () => {
  await host.put('web', 'running')
  await host.inventory.exec('h').run(['tee', '--', join(host.dir, 'guest-web')], { stdin: 'stopped' })
  expect((await host.jobs.finished((await operate({ kind: 'start', name: 'web' })).id)).state).toBe('done')
})

test('exit code 0 without the expected state is a failure with both facts', async () => {
  await host.put('web', 'stopped')
  host.plans.start = (name) => ({
    steps: [{ title: 'Lie', argv: ['true'] }],
    expect: { kind: 'guest', name, states: ['running'] },
    expectWithinMs: 100,
  })
  const job = await host.jobs.finished((await operate({ kind: 'start', name: 'web' })).id)
  expect(job).toMatchObject({ state: 'failed', error: 'Expected: web is running. Seen after 0 s: web is stopped.' })
  expect(job.steps[0]?.exitCode).toBe(0)
})

test('a secret is nowhere in the database, the events or the audit', async () => {
  const secret = 'kor"rekt-pferd'
  host.plans.create = (name) => ({
    steps: [
      { title: 'Seed', write: { path: join(host.dir, 'seed'), mode: 0o600, content: `pw: ${secret}` }, secrets: [secret] },
      { title: 'Show', argv: ['cat', '--', join(host.dir, 'seed')] },
      { title: 'Fail', argv: ['ls', '--', secret] },
    ],
    expect: { kind: 'guest', name },
  })
  expect(JSON.stringify(await host.jobs.preview(host.on, { kind: 'create', spec: spec('web') }))).not.toContain('rekt-pferd')
  const job = await host.jobs.finished((await operate({ kind: 'create', spec: spec('web') })).id)
  expect(job.steps[1]?.stdoutTail).toBe('pw: ••••••')
  expect(job.error).toContain('••••••')
  expect(JSON.stringify([await host.store.get(job.id), host.published, host.audited])).not.toContain('rekt-pferd')
})

test('close ends what runs, undoes it and takes no more', async () => {
  const marker = join(host.dir, 'began')
  host.plans.create = (name) => ({
    steps: [
      { ...host.set(name, 'stopped'), undo: ['rm', '--', join(host.dir, `guest-${name}`)] },
      { title: 'Wait', argv: ['/bin/sh', '-c', 'echo > "$1"; sleep 600', 'wait', marker], timeoutMs: 600_000 },
    ],
  })
  const { id } = await operate({ kind: 'create', spec: spec('web') })
  await vi.waitFor(() => readFile(marker), 15_000)
  await host.jobs.close()
  expect(await host.store.get(id)).toMatchObject({ state: 'cancelled', error: 'Cancelled: the server was stopped' })
  expect(await host.left()).toEqual([])
  await expect(operate({ kind: 'create', spec: spec('web') })).rejects.toMatchObject({ code: 'unavailable' })
})

test('a submitted job runs its end before it counts as ended', async () => {
  const order: string[] = []
  const { id } = await host.jobs.submit({
    title: 'Build an image',
    kind: 'image.build',
    host: 'h',
    user: host.user,
    plan: {
      steps: [{ title: 'Say', argv: ['seq', '-f', '%g%%', '0', '50'], progress: 'percent' }],
      expect: { kind: 'none' },
      warnings: [],
      locks: ['image:x'],
    },
    after: (job) => void order.push(job.state),
  })
  await host.jobs.finished(id)
  expect(order).toEqual(['done'])
  expect(host.published.map((job) => job.progress)).toContain(0.5)
})
