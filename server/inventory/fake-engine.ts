import type { Engine, EngineHost, HostEvent } from '@/server/engines/types'
import { queue } from '@/server/events/queue'
import type { Exec } from '@/server/exec/types'
import type { EngineInfo } from '@/server/model/capability'
import { aGuest } from '@/server/model/fixture-guest'
import type { EngineKind, Guest } from '@/server/model/guest'

/** A read takes longer than it takes to hand out the events that are there. */
const aWhile = () => new Promise((resolve) => setImmediate(resolve))

/** For tests: the guests of an imagined host, and a hand on everything that can go wrong when they are read. */
export function createFakeEngine(kind: EngineKind, { events = true }: { events?: boolean } = {}) {
  const listeners = new Set<(event: HostEvent) => void>()
  const info: EngineInfo = { kind, name: kind, version: '1', details: [], guestTypes: {}, arches: [], operations: {} }
  const absent = (): never => {
    throw new Error('Not part of this test')
  }
  const fake = {
    guests: new Map<string, Guest>(),
    state: 'ready' as 'ready' | 'broken' | 'absent',
    /** Awaited at the end of each read, after the guests were copied: what happens meanwhile is not in the answer. */
    gate: async (_what: string): Promise<void> => {},
    failure: undefined as Error | undefined,
    breakEvents: (_error: Error) => {},
    watchers: 0,
    counts: { probe: 0, list: 0, get: 0, watch: 0 },
    guest: (name: string, change: Partial<Guest> = {}): Guest => aGuest(name, { host: 'h1', engine: kind, state: 'stopped', ...change }),
    set(name: string, change: Partial<Guest> = {}): void {
      fake.guests.set(name, fake.guest(name, change))
    },
    emit(event: HostEvent): void {
      for (const listener of listeners) listener(event)
    },
  }
  const host: EngineHost = {
    info,
    async list() {
      fake.counts.list++
      const copy = structuredClone([...fake.guests.values()])
      await aWhile()
      await fake.gate('list')
      if (fake.failure) throw fake.failure
      return copy
    },
    async get(name) {
      fake.counts.get++
      const copy = structuredClone(fake.guests.get(name) ?? null)
      await aWhile()
      await fake.gate(name)
      if (fake.failure) throw fake.failure
      return copy
    },
    inspect: absent,
    plan: absent,
    console: absent,
    catalog: absent,
    snapshots: absent,
  }
  async function* watch(signal: AbortSignal): AsyncGenerator<HostEvent> {
    fake.counts.watch++
    fake.watchers++
    const own = new AbortController()
    let broken: Error | undefined
    signal.addEventListener('abort', () => own.abort(), { once: true })
    fake.breakEvents = (error) => {
      broken = error
      own.abort()
    }
    try {
      yield* queue<HostEvent>(own.signal, (push) => {
        listeners.add(push)
        return () => listeners.delete(push)
      })
      if (broken) throw broken
    } finally {
      fake.watchers--
    }
  }
  const engine: Engine = {
    kind,
    async probe() {
      fake.counts.probe++
      if (fake.state === 'ready') return { kind, state: 'ready', info }
      return { kind, state: fake.state, cause: `${kind} is ${fake.state}` }
    },
    open: () => (events ? { ...host, watch } : host),
  }
  return { fake, engine }
}

/** For tests: a host that answers what an inventory asks of it. */
export const fakeExec = (): Exec => {
  const absent = (): never => {
    throw new Error('Not part of this test')
  }
  return {
    run: absent,
    read: async () => 'Linux 6.1.0 x86_64\n',
    lines: absent,
    stream: absent,
    pty: absent,
    connect: absent,
    writeFile: absent,
    readFile: async () => Buffer.from('PRETTY_NAME="Test OS"\nMemTotal:  1024 kB\n'),
    stat: async () => null,
    follow: absent,
    readDir: async () => [],
    close: async () => {},
  }
}
