import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const call = promisify(execFile)
const inside = fileURLToPath(new URL('sshd-inside.sh', import.meta.url))

export type SshdOptions = {
  /** Login shell of root, and of the account when there is one. Default: /bin/tcsh. */
  shell?: string
  /** PATH of a login. */
  path?: string
  /** An ordinary account that exists on this host only, beside root; `user` of the result is then its name. */
  user?: string
  /** Text of /etc/sudoers and /etc/doas.conf on this host. */
  sudoers?: string
  doas?: string
  /** The file of a network namespace (/proc/PID/ns/net), or the name of one made by `ip netns add`; the address to listen on in it. */
  netns?: string
  address?: string
  /** Default: one that is free. */
  port?: number
  /** Lines for its configuration, before all others: the first of a kind wins. */
  config?: string[]
  /** Its home's start file (.cshrc, .profile): what a login runs first. */
  rc?: Record<string, string>
}

export type Sshd = {
  address: string
  port: number
  user: string
  /** "ssh-ed25519 AAAA…" */
  hostKey: string
  /** The private key that opens the door. */
  keyFile: string
  /** Everything that runs in this host, the daemon and its logins too. */
  processes(): { pid: number; args: string }[]
  /** Ends the daemon and every login at once; `start` brings it back at the same port with the same keys. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends everything that runs in this host and removes its files. */
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port is free')
  return address.port
}

/** Numbers of all processes in the mount namespace of the daemon: nothing it started can hide from that. */
function membersOf(namespace: string): { pid: number; args: string }[] {
  const found: { pid: number; args: string }[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (readlinkSync(`/proc/${name}/ns/mnt`) !== namespace) continue
      if (/\) [ZX] /.test(readFileSync(`/proc/${name}/stat`, 'utf8'))) continue
      found.push({ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() })
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}

/** The accounts of this machine with another login shell, without passwords, and with the extra account. */
async function writeAccounts(folder: string, shell: string, user: string | undefined): Promise<void> {
  const etc = join(folder, 'etc')
  await mkdir(etc, { recursive: true })
  const root = `root:x:0:0:root:${join(folder, 'root')}:${shell}`
  const rest = (await readFile('/etc/passwd', 'utf8')).split('\n').filter((line) => line && !line.startsWith('root:'))
  const extra = user ? [`${user}:x:54321:54321::${join(folder, 'home')}:${shell}`] : []
  await writeFile(join(etc, 'passwd'), `${[root, ...rest, ...extra].join('\n')}\n`)
  const names = ['root', ...(user ? [user] : [])]
  await writeFile(join(etc, 'shadow'), `${names.map((name) => `${name}:*:19000:0:99999:7:::`).join('\n')}\n`)
  const groups = (await readFile('/etc/group', 'utf8')).trimEnd()
  await writeFile(join(etc, 'group'), `${[groups, ...(user ? [`${user}:x:54321:`] : [])].join('\n')}\n`)
  await chmod(join(etc, 'shadow'), 0o600)
}

/**
 * Starts a real ssh daemon in a mount namespace of its own: on loopback, with keys of its own, and accounts of this
 * machine whose login shell is another. Needs root. The machine itself is not changed.
 */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  if (process.getuid?.() !== 0) throw new Error('An ssh host for tests needs root: it runs in a namespace with accounts of its own')
  if (!existsSync('/usr/sbin/sshd')) throw new Error('An ssh host for tests needs sshd: install openssh-server')
  const { shell = '/bin/tcsh', path, user, netns, address = '127.0.0.1', config = [] } = options
  if (!existsSync(shell)) throw new Error(`An ssh host for tests needs ${shell}: install tcsh`)
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-sshd-'))
  await chmod(folder, 0o755)
  const port = options.port ?? (await freePort())
  const keyFile = join(folder, 'key')
  for (const name of ['host_key', 'key'])
    await call('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', join(folder, name)])
  await writeAccounts(folder, shell, user)
  if (options.sudoers) await writeFile(join(folder, 'etc', 'sudoers'), options.sudoers, { mode: 0o440 })
  if (options.doas) await writeFile(join(folder, 'etc', 'doas.conf'), options.doas, { mode: 0o600 })
  for (const home of ['root', ...(user ? ['home'] : [])]) {
    await mkdir(join(folder, home))
    for (const [name, text] of Object.entries(options.rc ?? {})) await writeFile(join(folder, home, name), text)
    if (home === 'home') await call('chown', ['-R', '54321:54321', join(folder, home)])
  }
  const lines = [
    ...config,
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${join(folder, 'host_key')}`,
    `AuthorizedKeysFile ${join(folder, 'key.pub')}`,
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PrintMotd no',
    'PrintLastLog no',
    ...(path ? [`SetEnv PATH=${path}`] : []),
  ]
  await writeFile(join(folder, 'sshd_config'), `${lines.join('\n')}\n`)
  let daemon: ChildProcess | undefined
  let namespace = ''

  async function start(): Promise<void> {
    const enter = netns ? ['nsenter', `--net=${netns.includes('/') ? netns : `/run/netns/${netns}`}`] : []
    // Tests that are killed take the daemon along, and with it goes the last of what they started.
    const args = ['--pdeathsig', 'KILL', ...enter, 'unshare', '--mount', '/bin/sh', inside, folder]
    const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    daemon = child
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (piece: Buffer) => {
        // Only what it says before it listens is of interest; the rest is read so that it never waits.
        if (said.length < 4096) said += piece
        if (/Server listening on/.test(said)) resolve()
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${said.trim()}`)))
    })
    namespace = readlinkSync(`/proc/${child.pid}/ns/mnt`)
  }

  async function kill(): Promise<void> {
    const gone = daemon && daemon.exitCode === null && daemon.signalCode === null ? new Promise((done) => daemon?.once('exit', done)) : null
    const listener = daemon?.pid
    // The listener first, then whatever is left: something may be started while we look.
    if (listener && gone) process.kill(listener, 'SIGKILL')
    for (let left = membersOf(namespace); left.length > 0; left = membersOf(namespace)) {
      for (const { pid } of left) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended meanwhile.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await gone
  }

  try {
    await start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  const [kind = '', key = ''] = (await readFile(join(folder, 'host_key.pub'), 'utf8')).split(' ')
  return {
    address,
    port,
    user: user ?? 'root',
    hostKey: `${kind} ${key}`,
    keyFile,
    processes: () => membersOf(namespace),
    kill,
    start,
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
