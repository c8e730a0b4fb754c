import { afterEach } from 'vitest'
import { createBus } from '@/server/events/bus'
import type { AppEvent } from '@/server/model/events'
import type { Host } from '@/server/model/host'
import { type createFakeEngine, fakeExec } from './fake-engine'
import { createInventory, type Way } from './inventory'

export const host: Host = { id: 'h1', name: 'one', transport: 'local', libvirtUri: 'test:///default' }
/** A host that can be lost. */
export const away: Host = { ...host, transport: 'ssh', become: 'none' }
const quiet = { debug() {}, info() {}, warn() {} }
const slow = { poll: 1e6, pollBusy: 1e6, pollUnwatched: 1e6, relist: 1e6, settle: 1e6, look: 1e6 }

type Engines = ReturnType<typeof createFakeEngine>[]
type Changes = Partial<Parameters<typeof createInventory>[0]>

let close: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(close.map((end) => end()))
  close = []
})

/** For tests: an inventory of imagined engines, closed after the test, and what it tells. */
export function setUp(engines: Engines, times: Partial<typeof slow> & { reach?: number } = {}, change: Changes = {}) {
  const bus = createBus(0)
  const events: AppEvent[] = []
  bus.subscribe(({ event }) => events.push(event))
  const inventory = createInventory({
    engines: engines.map(({ engine }) => engine),
    bus,
    log: quiet,
    makeExec: fakeExec,
    images: () => [],
    guestsDir: () => '/nowhere',
    times: { ...slow, ...times },
    ...change,
  })
  close.push(() => inventory.close())
  return { inventory, bus, events, states: () => inventory.hosts()[0]?.engines.map(({ kind, state }) => `${kind} ${state}`) }
}

/** For tests: the same on a host whose cable can be pulled: every command fails then. */
export function setUpAway(engines: Engines, change: Changes = {}) {
  const cable = { cut: false, asked: 0, tell: (_way: Way) => {}, closed: 0 }
  const makeExec: Parameters<typeof createInventory>[0]['makeExec'] = (_, onWay) => {
    cable.tell = onWay
    const exec = fakeExec()
    return {
      ...exec,
      async read(argv) {
        cable.asked++
        if (cable.cut) throw new Error('Connection refused')
        return exec.read(argv)
      },
      async close() {
        cable.closed++
      },
    }
  }
  return { ...setUp(engines, { reach: 5 }, { makeExec, ...change }), cable }
}
