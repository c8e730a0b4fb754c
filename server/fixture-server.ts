import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { WebSocketServer } from 'ws'
import { createAccess } from './access/access'
import { openDatabase } from './db/client'
import { AppError } from './errors'
import { createBus } from './events/bus'
import { createHosts } from './hosts'
import { createHttp } from './http'
import { consoleClose, firstTextHeader } from './model/console'
import type { Guest } from './model/guest'
import type { HostView } from './model/host'
import type { Services } from './services'
import { createWatchLinks } from './watch/links'

const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

/**
 * For tests: the real HTTP server, access, database and bus, with one guest of no host behind them. Everything that
 * would reach an engine, an upload or a console is written into `called` instead.
 */
export async function createFixtureServer({ now = Date.now }: { now?: () => number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-server-'))
  const db = await openDatabase(join(folder, 'data', 'bailiwick.db'), migrations)
  const log = pino({ level: 'silent' })
  const called: string[] = []
  const call = (name: string) => async (): Promise<never> => {
    called.push(name)
    throw new AppError('unavailable', 'Not part of this test')
  }
  const refuse = (name: string) => (): never => {
    called.push(name)
    throw new AppError('unavailable', 'Not part of this test')
  }
  const guest: Guest = {
    id: 'local~libvirt~web',
    host: 'local',
    engine: 'libvirt',
    name: 'web',
    type: 'vm',
    state: 'running',
    cpus: 1,
    memoryBytes: 2 ** 28,
    addresses: [],
    autostart: false,
    persistent: true,
    tags: [],
    consoles: ['serial', 'vnc'],
  }
  const host: HostView = { id: 'local', name: 'here', transport: 'local', libvirtUri: '', state: 'up', engines: [] }
  /** What stands on every console, and what of it the last page was given. */
  const page = { says: '', given: '' }
  const consoles = new WebSocketServer({ noServer: true })
  const done = async () => {}
  const access = createAccess({ db, log, now })
  const bus = createBus()
  const guestOf = (id: string) => (id === guest.id ? guest : undefined)
  const services: Services = {
    bus,
    access,
    watch: createWatchLinks({ db, access, inventory: { guest: guestOf, guests: () => [guest] }, bus, log, now }),
    hostShell: { refusal: () => undefined, user: call('hostShell.user') },
    hosts: createHosts({ db }),
    inventory: {
      hosts: () => [],
      host: (id) => (id === host.id ? host : undefined),
      guests: () => [guest],
      guest: guestOf,
      engine: refuse('inventory.engine'),
      exec: refuse('inventory.exec'),
      refresh: call('inventory.refresh'),
      refreshHost: call('inventory.refreshHost'),
      setBusy: () => {},
      addHost: done,
      updateHost: done,
      removeHost: done,
      close: done,
    },
    jobs: {
      operate: call('jobs.operate'),
      preview: call('jobs.preview'),
      submit: call('jobs.submit'),
      finished: call('jobs.finished'),
      cancel: call('jobs.cancel'),
      previewUndo: call('jobs.previewUndo'),
      undo: call('jobs.undo'),
      get: async () => null,
      list: async () => [],
      recover: async () => 0,
      close: done,
    },
    metrics: {
      latest: () => ({ at: 0, rows: [] }),
      past: () => [],
      subscribe: () => () => {},
      recent: () => [],
      since: 0,
      hostFigures: () => null,
      close: done,
    },
    images: {
      list: () => [],
      request: call('images.request'),
      preview: call('images.preview'),
      openUpload: call('images.openUpload'),
      async handleUpload(req, res) {
        called.push(`images.handleUpload ${req.method}`)
        res.end('taken')
      },
      refresh: done,
      close: done,
    },
    files: {
      limitBytes: 2 ** 32,
      list: call('files.list'),
      sizeOf: call('files.sizeOf'),
      openUpload: call('files.openUpload'),
      preview: call('files.preview'),
      push: call('files.push'),
      pull: call('files.pull'),
    },
    recordings: {
      rule: () => ({ mode: 'demand', input: false }),
      setRule: call('recordings.setRule'),
      record: call('recordings.record'),
      list: async () => [],
      guests: async () => [],
      get: call('recordings.get'),
      remove: call('recordings.remove'),
      keep: call('recordings.keep'),
      setKeep: call('recordings.setKeep'),
      search: call('recordings.search'),
      send: call('recordings.send'),
      close: done,
    },
    consoles: {
      handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, target) {
        const { kind, by } = target
        const whose = 'host' in target ? `host ${target.host}` : target.guest.name
        called.push(`consoles.handleUpgrade ${whose} ${kind}${by.mode === 'watch' ? ' to watch' : ''}`)
        consoles.handleUpgrade(req, socket, head, (client) => {
          client.on('error', () => {})
          by.ends?.addEventListener('abort', () => client.close(consoleClose.linkEnded, String(by.ends?.reason)))
        })
      },
      lastLines: () => ({ text: page.says, cols: 20 }),
      async picture(ref) {
        called.push(`consoles.picture ${ref.name}`)
        return { png: Buffer.from('a picture'), tag: 'one', stale: false }
      },
      close: done,
    },
    trial: { publicKey: call('trial.publicKey'), scan: call('trial.scan'), test: call('trial.test') },
    accelerator: { test: call('accelerator.test') },
  }
  const http = createHttp({
    services,
    log,
    dev: false,
    rules: { trustProxy: false, host: '127.0.0.1' },
    pages: {
      async handle(req, res, pathname) {
        called.push(`pages ${pathname} ${req.headers['x-middleware-subrequest'] ?? ''}`.trim())
        page.given = String(req.headers[firstTextHeader] ?? '')
        res.end(req.headers['content-security-policy'])
      },
      upgrade: (_req, socket) => void socket.destroy(),
      close: done,
    },
  })
  const base = await http.listen(0, '127.0.0.1')
  const { port } = http.server.address() as AddressInfo
  const password = 'correct horse battery'

  /** Makes the administrator on first use; returns a Cookie header of a new session. */
  async function signIn(): Promise<string> {
    const { access } = services
    const session = (await access.needsSetup())
      ? await access.setup({ token: await access.setupToken(), name: 'ada', password }, 'test')
      : await access.signIn({ name: 'ada', password }, 'test')
    return `bailiwick_session=${session.token}`
  }

  return {
    base,
    port,
    db,
    services,
    /** The paths that take a socket. */
    sockets: http.sockets,
    called,
    guest,
    page,
    password,
    signIn,
    async close() {
      await http.close(0)
      await db.$disconnect()
      rmSync(folder, { recursive: true })
    },
  }
}
