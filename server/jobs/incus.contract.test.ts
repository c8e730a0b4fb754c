import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openTestConsole } from '@/server/engines/contract-console'
import type { Program } from '@/server/engines/incus/client'
import { importBusybox, testProgram } from '@/server/engines/incus/fixture-image'
import { incus } from '@/server/engines/incus/index'
import type { EngineHost, HostEvent } from '@/server/engines/types'
import { createLocalExec } from '@/server/exec/local'
import type { Operation } from '@/server/model/operation'
import type { Argv } from '@/server/model/plan'
import { MiB } from '@/server/model/size'
import { createCheck } from './check'
import { runPlan } from './runner'

const exec = createLocalExec({})
const image = 'ic-jobs-busybox'
const name = 'ic-jobs'
const host = { id: 'local', name: 'test', transport: 'local', libvirtUri: '' } as const
const signal = () => AbortSignal.timeout(60_000)
let engine: EngineHost
let program: Program
let removeImage = async () => {}

/** Plans and runs as a job does. */
async function perform(operation: Operation, cancel?: AbortSignal) {
  const plan = await engine.plan(operation, signal())
  const check = createCheck({ guest: engine.get, snapshots: engine.snapshots, stat: exec.stat })
  return runPlan(plan, exec, { check, signal: cancel })
}
const create = (): Operation => ({
  kind: 'create',
  spec: {
    type: 'container',
    name,
    image,
    cpus: 1,
    memoryBytes: 64 * MiB,
    network: null,
    autostart: false,
    start: true,
    diskBytes: null,
    access: null,
  },
})
const sweep = () => exec.run([program, 'delete', '--force', name])

beforeAll(async () => {
  program = await testProgram(exec)
  await sweep()
  removeImage = await importBusybox(exec, image)
  const context = { exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' as const }
  const status = await incus.probe(host, context, signal())
  if (status.state !== 'ready') throw new Error(status.cause)
  engine = incus.open(host, context, status.info)
})
afterAll(async () => {
  await sweep()
  await removeImage()
  await exec.close()
})

test('a create that cannot start leaves no debris, and its error tells the step', async () => {
  const plan = await engine.plan(create(), signal())
  // The daemon takes this and fails only when the container is to be started: a real failure in the second step.
  const broken = ['--config', 'raw.lxc=lxc.mount.entry = /nonexistent x none bind 0 0']
  const steps = plan.steps.map((step) => {
    if (!('argv' in step) || step.argv[1] !== 'init') return step
    const [program, ...rest] = step.argv
    return { ...step, argv: [program, ...rest, ...broken] satisfies Argv }
  })
  const check = createCheck({ guest: engine.get, snapshots: engine.snapshots, stat: exec.stat })
  const ran = await runPlan({ ...plan, steps }, exec, { check })
  expect(ran).toMatchObject({ state: 'failed', error: expect.stringContaining(`Start ${name}: exit code 1`) })
  expect(ran.steps[1]?.stderrTail).toContain('/nonexistent')
  expect(ran.steps[0]?.undone).toEqual({ ok: true })
  expect(await engine.get(name, signal())).toBeNull()
})

test('serial and shell both answer; the serial one is the guest’s own console', async () => {
  expect(await perform(create())).toMatchObject({ state: 'done' })
  for (const kind of ['serial', 'shell'] as const) {
    const target = await engine.console(name, kind, signal())
    const shell = openTestConsole(exec, target)
    const prod = setInterval(() => shell.type('\r'), 500)
    await shell.until(/[#$] (?:.\[6n)?$/, 20_000).finally(() => clearInterval(prod))
    shell.type(`echo "${kind}-$((6*7))"; readlink /proc/self/fd/0\r`)
    const [, tty] = await shell.until(new RegExp(`${kind}-42\\s+(\\S+)`), 10_000)
    expect(tty).toMatch(kind === 'serial' ? /console|pts/ : /pts/)
    await shell.close()
  }
})

test('a change made outside is announced', async () => {
  const watching = new AbortController()
  const seen: HostEvent[] = []
  const watched = (async () => {
    for await (const event of engine.watch?.(watching.signal) ?? []) seen.push(event)
  })()
  // The first event tells that the monitor listens.
  await vi.waitFor(
    async () => {
      await exec.run([program, 'config', 'set', name, 'user.poke=1'])
      expect(seen.length).toBeGreaterThan(0)
    },
    { timeout: 10_000, interval: 200 },
  )
  await exec.run([program, 'pause', name])
  await vi.waitFor(() => expect(seen).toContainEqual(expect.objectContaining({ name, what: 'paused' })), 15_000)
  await exec.run([program, program === 'lxc' ? 'start' : 'resume', name])
  watching.abort()
  await watched.catch(() => {})
})

test('kill works at once while a guest ignores a stop that was cancelled', async () => {
  // An init without a handler for the signal: the kernel drops it, as for every first process of a namespace.
  await exec.run([program, 'config', 'set', name, 'raw.lxc=lxc.init.cmd = /bin/sleep 600'])
  await perform({ kind: 'kill', name })
  await perform({ kind: 'start', name })
  const cancel = new AbortController()
  const stopping = perform({ kind: 'stop', name }, cancel.signal)
  await vi.waitFor(
    async () => expect((await exec.run([program, 'operation', 'list', '--format', 'csv'])).stdout).toMatch(/Stopping/i),
    10_000,
  )
  cancel.abort()
  expect(await stopping).toMatchObject({ state: 'cancelled' })
  expect(await perform({ kind: 'kill', name })).toMatchObject({ state: 'done' })
})
