import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** A folder of its own for a server's database and secrets. */
export function newData(): string {
  const parent = process.env.BAILIWICK_TEST_DATA ?? tmpdir()
  mkdirSync(parent, { recursive: true })
  return mkdtempSync(join(parent, 'e2e-data-'))
}

/** Where images and disks lie: the test run's, else a new folder that QEMU's user may read. `own`: nobody else uses it. */
export function newStore(): { path: string; own: boolean } {
  const given = process.env.BAILIWICK_TEST_STORE
  if (given) return { path: given, own: false }
  const path = mkdtempSync('/var/tmp/bailiwick-e2e-')
  chmodSync(path, 0o755)
  return { path, own: true }
}

export type ServerOptions = {
  store: string
  /** An earlier server's folder, to go on with what it left; absent: a new one, removed by `remove`. */
  data?: string
  env?: Record<string, string>
}

/** The built server as a process of its own. */
export type TestServer = {
  /** Such as http://127.0.0.1:41234 */
  readonly url: string
  /** The one-time link, when there is no administrator yet. */
  readonly setupLink: string | undefined
  readonly data: string
  readonly store: string
  readonly process: ChildProcess
  /** Everything it wrote so far. */
  output(): string
  /** Ends it as Ctrl-C does and waits until it is gone. */
  stop(): Promise<void>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  /** Stops it and removes its data folder. */
  remove(): Promise<void>
}

/** Starts the built server on a free port and resolves once it serves. Throws with what it wrote when it does not within a minute. */
export async function startServer({ store, data = newData(), env = {} }: ServerOptions): Promise<TestServer> {
  const used = existsSync(join(data, 'bailiwick.db'))
  const child = spawn(process.execPath, [join(project, 'dist', 'main.js')], {
    cwd: project,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      BAILIWICK_DATA: data,
      BAILIWICK_STORE: store,
      BAILIWICK_LOG: 'warn',
      NODE_OPTIONS: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const address = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The server ${why}. It wrote:\n${text}`))
    const timer = setTimeout(() => fail('does not serve after 60 s'), 60_000)
    const take = (data: Buffer) => {
      text += data.toString()
      const url = /^Bailiwick serves at (\S+)$/m.exec(text)?.[1]
      // With a folder that was in use before, the administrator is there already and no link follows.
      if (url && (used || /^Set-up link: \S+$/m.test(text))) {
        clearTimeout(timer)
        resolve(url)
      }
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      fail(`ended with ${signal ?? code}`)
    })
  })
  const url = await address
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    setupLink: /^Set-up link: (\S+)$/m.exec(text)?.[1],
    data,
    store,
    process: child,
    output: () => text,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
  }
}
