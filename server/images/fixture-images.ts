import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { AppError } from '@/server/errors'
import { createBus } from '@/server/events/bus'
import { createLocalExec } from '@/server/exec/local'
import { createJobs } from '@/server/jobs/jobs'
import { createMarks } from '@/server/jobs/marks'
import type { AppEvent } from '@/server/model/events'
import type { HostView } from '@/server/model/host'
import type { ImageRequest } from '@/server/model/image-request'
import type { Job } from '@/server/model/job'
import type { Inventory, User } from '@/server/services'
import { createImages } from './images'

const anna: User = { id: 'u-anna', name: 'anna', role: 'admin' }

/** A host as the inventory would show it once it had found Incus. */
const localHost: HostView = {
  id: 'local',
  name: 'local',
  transport: 'local',
  libvirtUri: 'qemu:///system',
  state: 'up',
  engines: [
    {
      kind: 'incus',
      state: 'ready',
      info: { kind: 'incus', name: 'Incus', version: '6', details: [], guestTypes: {}, arches: [], operations: {} },
    },
  ],
}

/** For tests: the image service on this machine with real commands and a store below `folder`; jobs are kept in memory. */
export function createBench(folder: string, change: Partial<HostView> = {}) {
  const host = { ...localHost, ...change }
  const exec = createLocalExec()
  const warnings: string[] = []
  const lines = new Writable({
    write(line, _encoding, done) {
      warnings.push(String(line))
      done()
    },
  })
  const log = pino({ level: 'warn' }, lines)
  const bus = createBus()
  const events: AppEvent[] = []
  bus.subscribe(({ event }) => void (event.type.startsWith('image') && events.push(event)))
  const none = async () => {}
  const inventory: Inventory = {
    hosts: () => [host],
    host: () => host,
    guests: () => [],
    guest: () => undefined,
    engine: () => {
      throw new AppError('unavailable', 'No engine in this test')
    },
    exec: () => exec,
    refresh: async () => null,
    refreshHost: none,
    setBusy: () => {},
    addHost: none,
    updateHost: none,
    removeHost: none,
    close: none,
  }
  const kept = new Map<string, Job>()
  const store = {
    save: async (job: Job) => void kept.set(job.id, structuredClone(job)),
    get: async (id: string) => kept.get(id) ?? null,
    list: async () => [...kept.values()],
    moveGuest: none,
  }
  const jobs = createJobs({ store, marks: createMarks(join(folder, 'running'), log), inventory, bus, log, audit: none })
  const images = createImages({
    inventory,
    jobs,
    bus,
    log,
    storeDir: join(folder, 'store'),
    dataDir: join(folder, 'data'),
    remoteDir: join(folder, 'far'),
  })
  return {
    exec,
    inventory,
    images,
    jobs,
    /** Events about images, oldest first. */
    events,
    /** Log lines of level warn and above. */
    warnings,
    /** Asks as anna and waits for the job's end. */
    async run(request: ImageRequest): Promise<Job> {
      const { id } = await images.request(request, anna)
      return jobs.finished(id)
    },
    async close() {
      await jobs.close()
      await images.close()
      await exec.close()
    },
  }
}
export type Bench = ReturnType<typeof createBench>
