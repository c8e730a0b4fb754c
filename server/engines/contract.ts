import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Exec } from '@/server/exec/types'
import { createCheck } from '@/server/jobs/check'
import { runPlan } from '@/server/jobs/runner'
import type { EngineInfo } from '@/server/model/capability'
import { canMoveFiles } from '@/server/model/file'
import type { ConsoleKind } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import type { Operation } from '@/server/model/operation'
import type { GuestSpec } from '@/server/model/spec'
import { openTestConsole, type TestConsole } from './contract-console'
import { movesFiles } from './contract-files'
import type { Engine, EngineContext, EngineHost, HostEvent } from './types'

/** What one engine brings to the common scenario. */
export type ContractSetup = {
  engine: Engine
  host: Host
  context: EngineContext
  exec: Exec
  /** A name nobody else on this machine uses. */
  name: string
  /** The smallest guest that has a shell on its console. */
  spec: (name: string) => GuestSpec
  /** `prompt`: what the console shows when it takes commands. `prod`: typed to make it show one. */
  console: {
    kind: ConsoleKind
    prompt: RegExp
    withinMs: number /** A program draws it: marks stand between the letters. */
    drawn?: boolean
  }
  /** A file in the guest that a snapshot covers. */
  file: string
  /** Why files of this guest cannot be moved; absent: they can. */
  noFiles?: RegExp
  /** Where it differs from the rest, with the reason of its refusal; absent: as all others. */
  differs?: {
    /** It cannot be paused. */
    pause?: RegExp
    /** It has no processors and memory of its own. */
    sizes?: RegExp
    /** A snapshot is restored only while it is off. */
    restoreRunning?: RegExp
    /** Commands in the guest that keep a word where a snapshot covers it, and that show it. */
    keep?: { write: (word: string) => string; read: string }
  }
  /** Operations on its host before and after all others, such as letting it tell of changes. */
  before?: Operation[]
  after?: Operation[]
  /** What this engine or guest cannot do, with words that its refusal must hold. */
  refused: { title: string; operation: (name: string) => Operation; words: RegExp }[]
  close: () => Promise<void>
}

const signal = () => AbortSignal.timeout(120_000)

/** Plans and runs an operation to its end with the runner that jobs use. Rejects with what failed. */
export async function carryOut(engine: EngineHost, exec: Exec, operation: Operation): Promise<void> {
  const plan = await engine.plan(operation, signal())
  const check = createCheck({
    guest: (name, within) => engine.get(name, within),
    snapshots: (name, within) => engine.snapshots(name, within),
    detail: (name, within) => engine.inspect(name, within),
    host: async (within) => (await engine.hostDetail?.(within)) ?? null,
    stat: (path) => exec.stat(path),
  })
  const { state, error } = await runPlan(plan, exec, { check })
  if (state !== 'done') throw new Error(`${operation.kind}: ${error ?? state}`)
}

/** The scenario that every engine passes on the real thing. Tests run in order; each builds on those before. */
export function contract(title: string, setup: () => Promise<ContractSetup>): void {
  describe(title, () => {
    let given: ContractSetup
    let info: EngineInfo
    let engine: EngineHost
    const events: HostEvent[] = []
    const watching = new AbortController()
    let watched: Promise<void> = Promise.resolve()

    const operate = (operation: Operation) => carryOut(engine, given.exec, operation)
    const guest = async (name = given.name) => {
      const found = await engine.get(name, signal())
      if (!found) throw new Error(`${name} is not there`)
      return found
    }
    const withConsole = async <T>(use: (shell: TestConsole) => Promise<T>): Promise<T> => {
      const target = await engine.console(given.name, given.console.kind, signal())
      const shell = openTestConsole(given.exec, target, given.console.drawn)
      const prod = setInterval(() => shell.type('\r'), 500)
      try {
        await shell.until(given.console.prompt, given.console.withinMs).finally(() => clearInterval(prod))
        return await use(shell)
      } finally {
        await shell.close()
      }
    }
    /** Runs a command in the guest; the marker is computed there, so an echo of what was typed cannot pass for the answer. */
    const inGuest = (command: string) =>
      withConsole(async (shell) => {
        // What is drawn must not scroll meanwhile.
        shell.type(`${given.console.drawn ? 'clear; ' : ''}${command}; echo "end-$((6*7))"\r`)
        const match = await shell.until(/([\s\S]*?)end-42/, 20_000)
        return match[1] ?? ''
      })
    const removeAll = async () => {
      for (const { name } of (await engine.list(signal())).filter((g) => g.name.startsWith(given.name))) {
        if ((await guest(name)).state !== 'stopped') await operate({ kind: 'kill', name })
        await operate({ kind: 'remove', name, disks: true })
      }
    }

    beforeAll(async () => {
      given = await setup()
      const status = await given.engine.probe(given.host, given.context, signal())
      if (status.state !== 'ready') throw new Error(`${title}: ${status.cause}`)
      info = status.info
      engine = given.engine.open(given.host, given.context, info)
      await removeAll()
      for (const operation of given.before ?? []) await operate(operation)
      const source = engine.watch?.(watching.signal)
      if (source)
        watched = (async () => {
          for await (const event of source) events.push(event)
        })()
    })

    afterAll(async () => {
      watching.abort()
      await watched.catch(() => {})
      if (engine) {
        await removeAll()
        for (const operation of given.after ?? []) await operate(operation)
      }
      await given?.close()
    })

    test('probe tells version and what it can run', () => {
      expect(info.kind).toBe(given.engine.kind)
      expect(info.version).toMatch(/\d+\.\d+/)
      expect(info.guestTypes[given.spec(given.name).type]).toBe(true)
      expect(info.arches.length).toBeGreaterThan(0)
      for (const arch of info.arches) expect(arch.why).not.toBe('')
    })

    test('an unknown guest is null, and operations on it are refused in words', async () => {
      expect(await engine.get(`${given.name}none`, signal())).toBeNull()
      await expect(engine.plan({ kind: 'start', name: `${given.name}none` }, signal())).rejects.toThrow(/no .*guest|not found|There is no/i)
    })

    test('catalog offers images, networks and limits', async () => {
      const catalog = await engine.catalog(signal())
      const spec = given.spec(given.name)
      const image = 'image' in spec ? spec.image : null
      if (image) expect(catalog.images.map((i) => i.id)).toContain(image)
      expect(catalog.limits.cpus).toBeGreaterThan(0)
      expect(catalog.limits.memoryBytes).toBeGreaterThan(0)
    })

    test('create makes it as asked and starts it', async () => {
      const spec = given.spec(given.name)
      await operate({ kind: 'create', spec })
      const made = (await engine.list(signal())).find((g) => g.name === given.name)
      expect(made).toMatchObject({ state: 'running', type: spec.type, persistent: true })
      if (spec.type !== 'jail') expect(made).toMatchObject({ cpus: spec.cpus, memoryBytes: spec.memoryBytes })
      expect(made).toEqual(expect.objectContaining({ ...(await guest()), startedAt: made?.startedAt }))
    })

    test('a second one of the same name is refused', async () => {
      await expect(engine.plan({ kind: 'create', spec: given.spec(given.name) }, signal())).rejects.toThrow(/already/i)
    })

    test('its console answers what is typed', async () => {
      expect(await inGuest('echo "sum-$((40+2))"')).toContain('sum-42')
    })

    test('files go into it and come out of it, or it is said why not', async () => {
      const found = await guest()
      const { noFiles } = given
      if (!noFiles) {
        expect(canMoveFiles(found, info)).toBe(true)
        return movesFiles({ engine, exec: given.exec, name: given.name, inGuest })
      }
      expect(canMoveFiles(found, info)).toMatch(noFiles)
      await expect(engine.files?.(given.name, signal())).rejects.toThrow(noFiles)
    })

    test('inspect shows its configuration', async () => {
      const detail = await engine.inspect(given.name, signal())
      expect(detail.guest.name).toBe(given.name)
      expect(detail.config.text).toContain(given.name)
    })

    test('sample tells the use of processor and memory', async () => {
      const sample = async () => (await engine.sample?.(signal()))?.find((each) => each.name === given.name)
      const busy = (turns = 20_000) => inGuest(`i=0; while [ $i -lt ${turns} ]; do i=$((i+1)); done`)
      // What daemons of the host count takes them a moment.
      const first = await vi.waitFor(
        async () => {
          const found = await sample()
          expect(found?.memoryUsedBytes).toBeGreaterThan(0)
          return found
        },
        { timeout: 30_000, interval: 250 },
      )
      if (first?.cpuNs === undefined) {
        // An engine that tells rates in place of counters: of the second it looked at, so that it is asked while the guest is busy.
        await vi.waitFor(
          async () => {
            let over = false
            const work = busy(400_000).finally(() => {
              over = true
            })
            let rate = 0
            while (!over && rate === 0) rate = (await sample())?.rates?.cpu ?? 0
            await work
            expect(rate).toBeGreaterThan(0)
          },
          { timeout: 60_000, interval: 500 },
        )
        return
      }
      // Some systems count whole seconds.
      await vi.waitFor(
        async () => {
          await busy()
          expect((await sample())?.cpuNs).toBeGreaterThan(first.cpuNs ?? Number.POSITIVE_INFINITY)
        },
        { timeout: 60_000, interval: 100 },
      )
    })

    test('pause and resume', async () => {
      const words = given.differs?.pause
      if (words) {
        await expect(engine.plan({ kind: 'pause', name: given.name }, signal())).rejects.toThrow(words)
        return
      }
      await operate({ kind: 'pause', name: given.name })
      expect((await guest()).state).toBe('paused')
      await operate({ kind: 'resume', name: given.name })
      expect((await guest()).state).toBe('running')
    })

    test('a restored snapshot undoes what was changed since', async () => {
      const { restoreRunning, keep } = given.differs ?? {}
      const write = keep?.write ?? ((word: string) => `echo ${word} > ${given.file}; sync`)
      const read = keep?.read ?? `cat ${given.file}`
      await inGuest(write("be''fore"))
      await operate({ kind: 'snapshot.create', name: given.name, snapshot: 'first' })
      expect((await engine.snapshots(given.name, signal())).map((s) => s.name)).toEqual(['first'])
      await inGuest(write("af''ter"))
      expect(await inGuest(read)).toContain('after')
      const restore: Operation = { kind: 'snapshot.restore', name: given.name, snapshot: 'first' }
      if (restoreRunning) {
        await expect(engine.plan(restore, signal())).rejects.toThrow(restoreRunning)
        await operate({ kind: 'kill', name: given.name })
      }
      await operate(restore)
      if (restoreRunning) await operate({ kind: 'start', name: given.name })
      const restored = await inGuest(read)
      expect(restored).toContain('before')
      expect(restored).not.toContain('after')
      await operate({ kind: 'snapshot.remove', name: given.name, snapshot: 'first' })
      expect(await engine.snapshots(given.name, signal())).toEqual([])
    })

    test('what cannot be done is refused with the reason', async () => {
      for (const { title: what, operation, words } of given.refused)
        await expect(engine.plan(operation(given.name), signal()), what).rejects.toThrow(words)
    })

    test('kill ends it at once', async () => {
      await operate({ kind: 'kill', name: given.name })
      expect((await guest()).state).toBe('stopped')
    })

    test('processors, memory and autostart can be set', async () => {
      const before = await guest()
      const words = given.differs?.sizes
      if (words) {
        await expect(engine.plan({ kind: 'set', name: given.name, cpus: before.cpus + 1 }, signal())).rejects.toThrow(words)
        await operate({ kind: 'set', name: given.name, autostart: true })
        expect(await guest()).toMatchObject({ autostart: true })
        await operate({ kind: 'set', name: given.name, autostart: false })
        return
      }
      await operate({
        kind: 'set',
        name: given.name,
        cpus: before.cpus + 1,
        memoryBytes: before.memoryBytes + 32 * 2 ** 20,
        autostart: true,
      })
      expect(await guest()).toMatchObject({ cpus: before.cpus + 1, memoryBytes: before.memoryBytes + 32 * 2 ** 20, autostart: true })
      await operate({ kind: 'set', name: given.name, cpus: before.cpus, memoryBytes: before.memoryBytes, autostart: false })
    })

    test('a clone is a guest of its own', async () => {
      const clone = `${given.name}b`
      await operate({ kind: 'clone', name: given.name, newName: clone })
      const [a, b] = await Promise.all([engine.inspect(given.name, signal()), engine.inspect(clone, signal())])
      for (const nic of b.nics) expect(a.nics.map((n) => n.mac)).not.toContain(nic.mac)
      await operate({ kind: 'rename', name: clone, newName: `${given.name}c` })
      expect(await engine.get(clone, signal())).toBeNull()
      await operate({ kind: 'remove', name: `${given.name}c`, disks: true })
      expect((await guest()).state).toBe('stopped')
    })

    test('start, and a graceful stop', async () => {
      await operate({ kind: 'start', name: given.name })
      await withConsole(async () => {})
      await operate({ kind: 'stop', name: given.name })
      expect((await guest()).state).toBe('stopped')
    })

    test('remove leaves nothing, and every change was announced', async () => {
      await operate({ kind: 'remove', name: given.name, disks: true })
      expect(await engine.get(given.name, signal())).toBeNull()
      expect(await given.exec.stat(`${given.context.guestsDir}/${given.name}`)).toBeNull()
      if (engine.watch) await vi.waitFor(() => expect(events.filter((e) => e.name === given.name).length).toBeGreaterThan(4), 30_000)
    })
  })
}
