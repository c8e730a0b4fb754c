import { afterEach, expect, it } from 'vitest'
import type { EngineHost } from '@/server/engines/types'
import { createLocalExec } from '@/server/exec/local'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { LiveFrame, Sample } from '@/server/model/metrics'
import type { Argv } from '@/server/model/plan'
import { createHostMeter } from './host-meter'
import { createMetrics } from './metrics'

const exec = createLocalExec()
let close = async () => {}
afterEach(async () => {
  await close()
})

/** This machine as the host, with one imagined engine whose samples the test makes. */
function setUp(samples: () => Promise<Sample[]>) {
  const info = { kind: 'libvirt' as const, name: 'libvirt', version: '1', details: [], guestTypes: {}, arches: [], operations: {} }
  const view: HostView = {
    id: 'h1',
    name: 'one',
    transport: 'local',
    libvirtUri: '',
    state: 'up',
    system: 'Linux',
    cpus: 2,
    engines: [{ kind: 'libvirt', state: 'ready', info }],
  }
  const absent = (): never => {
    throw new Error('Not part of this test')
  }
  const engine: EngineHost = {
    info,
    list: absent,
    get: absent,
    inspect: absent,
    plan: absent,
    console: absent,
    catalog: absent,
    snapshots: absent,
    sample: samples,
  }
  const guest = { host: 'h1', engine: 'libvirt', cpus: 2, state: 'running' } as Guest
  const hosts = [view]
  const metrics = createMetrics({
    inventory: { hosts: () => hosts, host: () => view, guests: () => [guest], guest: () => guest, engine: () => engine, exec: () => exec },
    log: { debug() {} },
    intervalMs: 50,
  })
  close = () => metrics.close()
  const frames: LiveFrame[] = []
  metrics.subscribe((frame) => void frames.push(frame))
  const rowsOf = (id: string) => frames.flatMap(({ rows }) => rows.filter((row) => row[0] === id))
  return { metrics, frames, rowsOf, hosts, guest, view }
}
const counting = (name: string) => {
  const start = Date.now()
  return (): Sample => {
    const at = Date.now()
    return { name, at, cpuNs: (at - start) * 1e6, memoryUsedBytes: 100 }
  }
}

it('feeds guests and the host, and keeps what it fed', async () => {
  const a = counting('a')
  const { metrics, rowsOf } = setUp(async () => [a()])
  await expect.poll(() => rowsOf('h1~libvirt~a').length).toBeGreaterThan(3)
  const [, second] = rowsOf('h1~libvirt~a')
  expect(second?.[1]).toBeCloseTo(0.5, 2)
  expect(second?.[2]).toBe(100)
  expect(
    metrics
      .recent('h1~libvirt~a')
      .slice(1, 3)
      .every(({ cpu }) => cpu === 0.5),
  ).toBe(true)
  expect(
    metrics
      .latest()
      .rows.map(([id]) => id)
      .sort(),
  ).toEqual(['h1', 'h1~libvirt~a'])
  await expect.poll(() => rowsOf('h1').some(([, cpu]) => typeof cpu === 'number')).toBe(true)
  const figures = metrics.hostFigures('h1')
  expect(figures?.memoryUsedBytes).toBeGreaterThan(1e6)
  expect(figures?.memoryBytes).toBeGreaterThan(figures?.memoryUsedBytes ?? 0)
  expect(figures?.diskFreeBytes).toBeGreaterThan(0)
})

it('breaks the line once when a guest stops or its engine fails', async () => {
  const a = counting('a')
  let answer: 'a' | 'none' | 'fault' = 'a'
  const { metrics, frames, rowsOf } = setUp(async () => {
    if (answer === 'fault') throw new Error('connection refused')
    return answer === 'a' ? [a()] : []
  })
  for (const end of ['none', 'fault'] as const) {
    answer = 'a'
    const known = rowsOf('h1~libvirt~a').length
    await expect.poll(() => rowsOf('h1~libvirt~a').length).toBeGreaterThan(known + 1)
    answer = end
    await expect.poll(() => metrics.latest().rows.some(([id]) => id === 'h1~libvirt~a')).toBe(false)
    const gaps = rowsOf('h1~libvirt~a').length
    const { length } = frames
    await expect.poll(() => frames.length).toBeGreaterThan(length + 2)
    expect(rowsOf('h1~libvirt~a').length).toBe(gaps)
    expect(metrics.recent('h1~libvirt~a').at(-1)).toMatchObject({ cpu: null, memoryBytes: null })
  }
})

it('asks no engine again that has not yet answered, and lets nobody wait for it', async () => {
  let asked = 0
  let answer = (_: Sample[]) => {}
  const { frames, rowsOf } = setUp(() => {
    asked++
    return new Promise<Sample[]>((resolve) => {
      answer = resolve
    })
  })
  await expect.poll(() => rowsOf('h1').length).toBeGreaterThan(4)
  expect(frames.length).toBeGreaterThan(4)
  expect(asked).toBe(1)
  answer([{ name: 'late', at: Date.now(), memoryUsedBytes: 5 }])
  await expect.poll(() => rowsOf('h1~libvirt~late').length).toBe(1)
})

it('forgets a host that is removed', async () => {
  const a = counting('a')
  const { metrics, rowsOf, hosts } = setUp(async () => [a()])
  await expect.poll(() => rowsOf('h1~libvirt~a').length).toBeGreaterThan(0)
  hosts.length = 0
  await expect.poll(() => metrics.latest().rows).toEqual([])
  expect(metrics.hostFigures('h1')).toBeNull()
})

it('asks an engine only while something runs there, and seldom when it has nothing to tell', async () => {
  let asked = 0
  const { frames, guest } = setUp(async () => {
    asked++
    return []
  })
  await expect.poll(() => frames.length).toBeGreaterThan(8)
  expect(asked).toBe(3)
  await expect.poll(() => asked, { timeout: 5000 }).toBe(4)
  guest.state = 'stopped'
  const { length } = frames
  await expect.poll(() => frames.length, { timeout: 5000 }).toBeGreaterThan(length + 13)
  expect(asked).toBe(4)
})

it('asks nothing of a host that is down, and breaks its lines', async () => {
  let asked = 0
  const a = counting('a')
  const { metrics, frames, rowsOf, view } = setUp(async () => {
    asked++
    return [a()]
  })
  await expect.poll(() => rowsOf('h1~libvirt~a').length).toBeGreaterThan(1)
  view.state = 'down'
  await expect.poll(() => metrics.latest().rows).toEqual([])
  const before = asked
  const { length } = frames
  await expect.poll(() => frames.length).toBeGreaterThan(length + 3)
  expect(asked).toBe(before)
  view.state = 'up'
  await expect.poll(() => metrics.latest().rows.length).toBe(2)
})

it('reads another machine in one command for each sample', async () => {
  const commands: string[] = []
  const counted = {
    ...exec,
    run: (argv: Argv) => {
      commands.push(argv[0])
      return exec.run(argv)
    },
    readFile: () => Promise.reject(new Error('A round trip for one file')),
    readDir: () => Promise.reject(new Error('A round trip for one folder')),
    stat: () => Promise.reject(new Error('A round trip for one file')),
  }
  const meter = createHostMeter({ exec: counted, local: false, system: 'Linux', cpus: () => 2, folders: ['/nowhere', '/'] })
  const first = await meter.read()
  expect(commands).toEqual(['find', 'df', 'tail'])
  meter.point(first, Date.now(), 1000)
  const second = await meter.read()
  expect(commands.slice(3)).toEqual(['tail'])
  meter.point(second, Date.now(), 1000)
  expect(first.memoryBytes).toBeGreaterThan(1e6)
  expect(second.ticks?.total).toBeGreaterThanOrEqual(first.ticks?.total ?? Number.POSITIVE_INFINITY)
  expect(meter.figures()?.diskFreeBytes).toBeGreaterThan(0)
})
