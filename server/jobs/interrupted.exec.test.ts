import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { groupRuns } from '../exec/group'
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

test('after a crash a running job is interrupted and nothing is retried; a command that outlived the server is ended', async () => {
  await host.put('web', 'running')
  const marker = join(host.dir, 'began')
  host.plans.stop = () => ({
    steps: [{ title: 'Go on', argv: ['/bin/sh', '-c', 'echo $$ > "$1"; sleep 600', 'go', marker], timeoutMs: 600_000 }],
    expect: { kind: 'guest', name: 'web', states: ['stopped'] },
  })
  const { id } = await operate({ kind: 'stop', name: 'web' })
  const pid = Number(await vi.waitFor(async () => (await readFile(marker, 'utf8')).trim() || Promise.reject(new Error('not yet')), 15_000))
  const after = host.open()
  expect(await after.recover()).toBe(1)
  expect(groupRuns(pid)).toBe(false)
  const job = await after.get(id)
  expect(job?.error).toBe(
    'The server ended while this ran. Its command still ran, and was ended. Nothing was retried or undone: look at the guest.',
  )
  expect(job).toMatchObject({ state: 'interrupted', steps: [{ state: 'failed', signal: 'interrupted' }] })
  expect(host.marks.get(id)).toBeNull()
  expect(await after.recover()).toBe(0)
})

/** A create that the server's death interrupts in its second step; what it made stays. Resolves with the job's id. */
async function interruptedCreate(name: string) {
  const marker = join(host.dir, 'began')
  host.plans.create = () => ({
    steps: [
      {
        title: 'Make its folder',
        argv: ['mkdir', '--', join(host.dir, `guest-${name}-files`)],
        undo: ['rm', '-rf', '--', join(host.dir, `guest-${name}-files`)],
      },
      { ...host.set(name, 'stopped'), undo: ['rm', '--', join(host.dir, `guest-${name}`)] },
      {
        title: 'Wait',
        argv: ['/bin/sh', '-c', 'echo > "$1"; sleep 600', 'wait', marker],
        timeoutMs: 600_000,
        undo: ['ls', '--', '/nonexistent'],
      },
    ],
    expect: { kind: 'guest', name },
  })
  const { id } = await operate({ kind: 'create', spec: spec(name) })
  await vi.waitFor(() => readFile(marker), 15_000)
  const record = await host.store.get(id)
  // The first server is not asked again: it stands for one that was killed. Its job is put back as it was.
  await host.jobs.close()
  if (!record) throw new Error('no record')
  await host.inventory.exec('h').run(['mkdir', '--', join(host.dir, `guest-${name}-files`)])
  await host.put(name, 'stopped')
  await host.store.save(record)
  host.jobs = host.open()
  expect(await host.jobs.recover()).toBe(1)
  return id
}

test('what an interrupted create left is undone when somebody asks, and only once', async () => {
  const id = await interruptedCreate('web')
  expect(await host.left()).toEqual(['guest-web', 'guest-web-files'])
  const preview = await host.jobs.previewUndo(id)
  expect(preview.steps.map(({ argv }) => argv?.slice(0, 2))).toEqual([
    ['ls', '--'],
    ['rm', '--'],
    ['rm', '-rf'],
  ])
  expect(preview.warnings).toEqual([expect.stringContaining('“Wait” was under way')])
  expect(preview.expect).toMatch(/web is gone and .*guest-web-files is gone/)
  const undo = await host.jobs.finished((await host.jobs.undo(id, host.user)).id)
  expect(undo).toMatchObject({ state: 'done', title: 'Undo “Create web”', guest: 'h~incus~web' })
  expect(await host.left()).toEqual([])
  expect((await host.jobs.get(id))?.steps.map(({ undone }) => undone?.ok)).toEqual([true, true, true])
  await expect(host.jobs.undo(id, host.user)).rejects.toMatchObject({ code: 'refused', message: /nothing of it/ })
  host.plans.create = undefined
  expect((await host.jobs.finished((await operate({ kind: 'create', spec: spec('web') })).id)).state).toBe('done')
})

test('an undo that cannot take everything away fails and is offered again', async () => {
  const id = await interruptedCreate('web')
  const file = join(host.dir, 'guest-web')
  await host.inventory.exec('h').run(['rm', '--', file])
  await host.inventory.exec('h').run(['mkdir', '-p', '--', join(file, 'in-the-way')])
  const plan = await host.jobs.previewUndo(id)
  expect(plan.steps).toHaveLength(3)
  const undo = await host.jobs.finished((await host.jobs.undo(id, host.user)).id)
  expect(undo.state).toBe('failed')
  expect((await host.jobs.get(id))?.steps.map(({ undone }) => undone?.ok)).toEqual([true, false, false])
  expect((await host.jobs.previewUndo(id)).steps).toHaveLength(2)
}, 60_000)

test('a folder that another guest lives in is never removed', async () => {
  const id = await interruptedCreate('web')
  await host.put('shop', 'stopped')
  host.disksOf.shop = [join(host.dir, 'guest-web-files', 'disk.qcow2')]
  await expect(host.jobs.undo(id, host.user)).rejects.toMatchObject({ code: 'refused', message: /^shop uses .*guest-web-files/ })
  host.disksOf.shop = []
  host.disksOf.web = [join(host.dir, 'guest-web-files', 'disk.qcow2')]
  expect((await host.jobs.finished((await host.jobs.undo(id, host.user)).id)).state).toBe('done')
  expect(await host.left()).toEqual(['guest-shop'])
})

test('what was used since the crash is never undone', async () => {
  const id = await interruptedCreate('web')
  const { id: started } = await operate({ kind: 'start', name: 'web' })
  await host.jobs.finished(started)
  await expect(host.jobs.previewUndo(id)).rejects.toMatchObject({ code: 'refused', message: /“Start web” ran after it/ })
  await expect(host.jobs.undo(id, host.user)).rejects.toMatchObject({ code: 'refused' })
  await expect(host.jobs.undo(started, host.user)).rejects.toMatchObject({ code: 'refused', message: /Only a job that was interrupted/ })
  expect(await host.left()).toContain('guest-web')
})
