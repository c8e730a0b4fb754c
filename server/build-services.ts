import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createAccelerator } from './accelerator'
import { createAccess } from './access/access'
import { createConsoles } from './consoles/hub'
import { keptTexts } from './consoles/kept-texts'
import { type Database, openDatabase } from './db/client'
import { lockData } from './db/lock'
import { pruneDaily } from './db/prune'
import { engines } from './engines/registry'
import type { Env } from './env'
import { createBus } from './events/bus'
import { isCalledOff } from './exec/error'
import { createFiles } from './files/files'
import { createHostShell } from './host-shell'
import { createHostTrial } from './host-trial'
import { createHosts } from './hosts'
import { createImages } from './images/images'
import { createUploads } from './images/uploads'
import { createInventory } from './inventory/inventory'
import { createMemory } from './inventory/memory'
import { createJobs } from './jobs/jobs'
import { createMarks } from './jobs/marks'
import { createJobStore } from './jobs/prisma-store'
import type { Log } from './log'
import { createMakeExec } from './make-exec'
import { createMetrics } from './metrics/metrics'
import type { Host } from './model/host'
import { createRecordings } from './recordings/recordings'
import type { Services } from './services'
import { createSshKeys } from './ssh-keys'
import { createWatchLinks } from './watch/links'

/** Where images and disks lie on a host that is reached over ssh: QEMU's own user must get through. */
const remoteStore = '/var/lib/bailiwick'

/** The nearest folder that is there: the store itself is made with the first image. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder))
}

export type Running = {
  services: Services
  db: Database
  /** Whether anybody has a page open: engines without events are then asked more often. */
  setWatched(watched: boolean): void
  /** Builds the images that a new installation should have and tests KVM, as jobs. Resolves when they have ended; never rejects. */
  prepare(): Promise<void>
  /**
   * Ends what the services started, in the order that loses nothing: consoles are told first, the database closes last, once
   * `doorClosed` says that no request is being answered any more.
   */
  close(reason: string, doorClosed?: Promise<void>): Promise<void>
}

/** Everything the server is made of, built once and passed down. Recovers jobs of an earlier run before it returns. */
export async function buildServices(env: Env, log: Log): Promise<Running> {
  // For the server's user only; where the disks lie below it, QEMU's user must at least get through.
  mkdirSync(env.data, { recursive: true })
  chmodSync(env.data, env.store.startsWith(`${env.data}/`) ? 0o711 : 0o700)
  const release = await lockData(env.data)
  const db = await openDatabase(join(env.data, 'bailiwick.db'), join(env.project, 'prisma', 'migrations'))
  const bus = createBus()
  const access = createAccess({ db, log })
  const hosts = createHosts({ db, cbsdWorkdir: env.cbsdWorkdir })
  await hosts.ensureLocal({ libvirtUri: env.libvirtUri, incusDir: env.incusDir })
  // On other machines nobody knows before which of these are there.
  const folders = (host: Host) =>
    host.transport === 'local' ? [existing(env.store)] : [remoteStore, host.cbsdWorkdir || '/usr/jails', '/']
  const keys = createSshKeys(join(env.data, 'ssh'))
  const makeExec = createMakeExec({ log, path: env.path, keys })
  const storeOf = (host: Host) => (host.transport === 'local' ? env.store : remoteStore)
  const guestsDir = (host: Host) => join(storeOf(host), 'guests')
  const inventory = createInventory({
    engines,
    bus,
    log,
    makeExec,
    // Called when asked, not now: images are read through the inventory's exec.
    images: (host) => images.list(host),
    guestsDir,
    memory: createMemory({ folder: join(env.data, 'last-seen'), log }),
    onLook: (host) => images.refresh(host),
  })
  const metrics = createMetrics({ inventory, log, folders })
  const jobs = createJobs({
    store: createJobStore(db),
    marks: createMarks(join(env.data, 'running'), log),
    inventory,
    bus,
    log,
    audit: access.audit,
  })
  const interrupted = await jobs.recover()
  if (interrupted > 0) log.warn({ interrupted }, 'jobs were interrupted by the end of an earlier run')
  const stopPruning = pruneDaily(db, log)
  const uploads = createUploads({ dir: join(env.data, 'uploads') })
  const files = createFiles({ inventory, jobs, uploads, dataDir: env.data, limitBytes: env.fileLimitBytes })
  const images = createImages({ uploads, inventory, jobs, bus, log, storeDir: env.store, dataDir: env.data, remoteDir: remoteStore })
  const accelerator = createAccelerator({ inventory, jobs, hosts, images })
  const consoleTexts = join(env.data, 'consoles')
  const identity = (guest: string) => inventory.guest(guest)?.identity
  const recordings = await createRecordings({
    db,
    folder: join(env.data, 'recordings'),
    log,
    audit: access.audit,
    identity,
    scrollback: async () => (await keptTexts(consoleTexts)).filter((text) => text.identity === identity(text.guest)),
  })
  const consoles = createConsoles({ inventory, bus, access, log, limits: env.consoles, folder: consoleTexts, tap: recordings.tap })
  const hostShell = createHostShell({ on: env.hostShell, inventory })
  const watch = createWatchLinks({ db, access, inventory, bus, log })
  const looked = new Map(
    (await hosts.list()).map((host) => [
      host.id,
      inventory.addHost(host).catch((error: unknown) => log.error({ error, host: host.id }, 'a host could not be added')),
    ]),
  )
  const trial = createHostTrial({
    keys,
    makeExec,
    probes: engines.map((engine) => (host, exec) => {
      const context = { exec, images: () => [], guestsDir: guestsDir(host), become: host.become ?? 'none' }
      return engine.probe(host, context, AbortSignal.timeout(90_000))
    }),
    log,
  })
  const services: Services = {
    bus,
    access,
    hosts,
    trial,
    inventory,
    jobs,
    metrics,
    images,
    files,
    consoles,
    recordings: recordings.service,
    watch,
    hostShell,
    accelerator,
  }
  return {
    services,
    db,
    setWatched: (watched) => inventory.setWatched(watched),
    async prepare() {
      // Of this machine only: another one may be off for days.
      await looked.get('local')
      // The test boots Tiny Linux, so its image comes first.
      await images.prepare()
      await accelerator.testIfNeeded('local', { id: 'system', name: 'system', role: 'admin' }).catch((error: unknown) => {
        if (!isCalledOff(error)) log.warn({ err: error }, 'KVM was not tested')
      })
    },
    async close(reason, doorClosed) {
      stopPruning()
      watch.close()
      recordings.stopping()
      await consoles.close(reason)
      await recordings.service.close()
      await jobs.close()
      await Promise.allSettled([metrics.close(), images.close()])
      await inventory.close()
      await Promise.allSettled([doorClosed])
      await db.$disconnect()
      await release()
    },
  }
}
