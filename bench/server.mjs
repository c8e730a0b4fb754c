import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { inClone, root } from '../scripts/lib/paths.mjs'
import { serverCommand, serverEnv } from '../scripts/lib/serve.mjs'

const user = { name: 'bench', password: 'bench has ten letters' }

export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/**
 * The built server as its own process, started with the very command of `npm start`, on a free port and with data of its own.
 * `folder`: data and log. `store`: images and disks. Resolves once it has told its set-up link, which was used: `cookie` is a session.
 */
export async function startServer({ folder, store, env = {} }) {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const settings = {
    ...serverEnv({ hostSetup: false, privileged: true }),
    BAILIWICK_DATA: join(folder, 'data'),
    BAILIWICK_STORE: store,
    BAILIWICK_LOG: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    ...env,
  }
  const [program, ...args] = serverCommand()
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...settings }, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {})
  const log = createWriteStream(join(folder, 'server.log'))
  child.stderr.pipe(log, { end: false })
  const base = `http://127.0.0.1:${port}`
  const token = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data) => {
      log.write(data)
      text += data
      const link = /\/setup\?token=(\S+)/.exec(text)
      if (link) resolve(link[1])
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${text}`)))
  })
  const server = { pid: child.pid, port, base, cookie: '', child }
  const reply = await ask(server, 'session.setup', { token, ...user }, { raw: true })
  server.cookie = /bailiwick_session=([^;]+)/.exec(reply.headers.get('set-cookie') ?? '')?.[1] ?? ''
  if (!server.cookie) throw new Error(`Setting up gave no session: ${reply.status}`)
  return server
}

export async function stopServer({ child }) {
  if (child.exitCode !== null || child.signalCode) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Calls a mutation. Rejects with the server's words. */
export async function ask(server, path, input, { raw = false } = {}) {
  const reply = await fetch(`${server.base}/api/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.base, cookie: `bailiwick_session=${server.cookie}` },
    body: JSON.stringify(input ?? {}),
  })
  if (raw) return reply
  const body = await reply.json()
  if (!reply.ok) throw new Error(`${path}: ${body.error?.message ?? reply.status}`)
  return body.result.data
}

/** Calls a query. */
export async function query(server, path, input) {
  const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const reply = await fetch(`${server.base}/api/trpc/${path}${search}`, { headers: { cookie: `bailiwick_session=${server.cookie}` } })
  const body = await reply.json()
  if (!reply.ok) throw new Error(`${path}: ${body.error?.message ?? reply.status}`)
  return body.result.data
}

/** Looks every 50 ms until `look` gives something; rejects with `what` after `timeoutMs`. */
export async function until(what, look, timeoutMs = 60_000) {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    const found = await look()
    if (found) return found
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`)
}

/** Runs what a request began to its end. Rejects when the job did not succeed. */
export async function finished(server, job, timeoutMs = 300_000) {
  const ended = await until(
    job.title,
    async () => {
      const now = await query(server, 'job.get', { id: job.id })
      return now.state === 'running' || now.state === 'queued' ? null : now
    },
    timeoutMs,
  )
  if (ended.state !== 'done') throw new Error(`${ended.title}: ${ended.state}: ${ended.error ?? ''}`)
  return ended
}

/**
 * Waits until a new server has done what it does by itself at the first start: it builds Tiny Linux, and tests KVM last.
 * Where it cannot do these, its jobs end all the same; then until no job begins or runs for 3 s. `kvm`: false where it is never tested.
 */
export async function settled(server, { kvm = true, timeoutMs = 300_000 } = {}) {
  const tested = async () => (await query(server, 'events.picture')).hosts.every(({ accelerator }) => accelerator)
  if (kvm) await until('KVM was tested', tested, 180_000).catch(() => {})
  let quiet = Date.now()
  await until(
    'the server is quiet',
    async () => {
      const busy = await query(server, 'job.list', { states: ['running', 'queued'], limit: 1 })
      if (busy.length > 0) quiet = Date.now()
      return Date.now() - quiet > 3000
    },
    timeoutMs,
  )
}

export const projectFile = (...parts) => inClone(...parts)
