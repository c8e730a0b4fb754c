import { spawn } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Sshd, type SshdOptions, startSshd } from '@/e2e/hosts/sshd'
import { AppError } from '@/server/errors'
import type { Ssh } from '@/server/model/host'
import { failure, fixture, sshOf } from './fixtures/hosts'
import { createSshExec, type SshExec, type SshState } from './ssh'
import { openLink } from './ssh-link'
import { fingerprint } from './ssh-options'

const slow = { timeout: 10_000 }
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-ssh-'))
})
afterAll(() => rm(folder, { recursive: true }))

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})
async function host(options: SshdOptions = {}): Promise<Sshd> {
  const sshd = await startSshd(options)
  open.push({ close: sshd.stop })
  return sshd
}
function exec(sshd: Sshd, changes: Partial<Ssh> = {}, states: SshState[] = []): SshExec {
  const options = sshOf(sshd)
  const made = createSshExec({
    ...options,
    ssh: { ...options.ssh, ...changes },
    onState: (state) => states.push(state),
    waitMs: () => 50,
  })
  open.push(made)
  return made
}
/** What runs on a host beside its daemon, the logins' own processes and our keeper. */
const commands = (sshd: Sshd) => sshd.processes().filter(({ args }) => !args.startsWith('sshd: ') && !args.includes(';eval '))
const onlyListener = (sshd: Sshd) =>
  expect.poll(() => sshd.processes().map(({ args }) => args), slow).toEqual([expect.stringContaining('[listener]')])

describe('a host that cannot be reached', () => {
  const words = async (sshd: Sshd, changes: Parameters<typeof exec>[1]) => {
    const states: SshState[] = []
    const error = await failure(exec(sshd, changes, states).run(['true']))
    expect(states.slice(0, 2)).toEqual([{ state: 'connecting' }, { state: 'down', cause: error.message }])
    expect(error).toMatchObject({ code: 'unavailable', reason: 'connect' })
    return error.message
  }
  let sshd: Sshd
  let other: Sshd
  beforeAll(async () => {
    ;[sshd, other] = await Promise.all([startSshd(), startSshd()])
  })
  afterAll(() => Promise.all([sshd.stop(), other.stop()]))

  it('is named, with what to look at', async () => {
    expect(await words(sshd, { port: 1 })).toBe('127.0.0.1 is there, but nothing answers ssh at port 1: is sshd running?')
    expect(await words(sshd, { address: 'no-such-host.invalid' })).toBe('There is no host named no-such-host.invalid')
  })
  it('shows another key than the pinned one: a warning with both fingerprints, and no command runs', async () => {
    const said = await words(sshd, { hostKey: other.hostKey })
    expect(said).toMatch(/^Warning: the host key of 127\.0\.0\.1 port \d+ has changed\./)
    expect(said).toContain(fingerprint(other.hostKey))
    expect(said).toContain(fingerprint(sshd.hostKey))
    expect(await words(sshd, { hostKey: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7' })).toMatch(/^Warning: .* no longer has the host key/)
  })
  it('does not let us in with this key', async () => {
    const key = { kind: 'file' as const, path: other.keyFile }
    expect(await words(sshd, { key })).toMatch(/^127\.0\.0\.1 port \d+ does not let root in with this key\. Is its public half in root's/)
    expect(await words(sshd, { key: { kind: 'file', path: join(folder, 'none') } })).toContain(
      `There is no key file ${join(folder, 'none')}`,
    )
    const open = join(folder, 'open')
    await copyFile(sshd.keyFile, open)
    await writeFile(join(folder, 'wrong'), 'no key', { mode: 0o600 })
    expect(await words(sshd, { key: { kind: 'file', path: join(folder, 'wrong') } })).toContain('not a private key')
    expect(await words(sshd, { key: { kind: 'agent' } })).toContain('is an agent running for Bailiwick')
  })
  it('takes nothing for an address or a user that ssh could take for an option', () => {
    for (const [field, value] of [
      ['address', '-oProxyCommand=touch X'],
      ['address', ''],
      ['address', 'a b'],
      ['user', '-lroot'],
      ['user', 'a;b'],
      ['user', 'a@b'],
      ['hostKey', 'ssh-ed25519 AAAA\n* ssh-rsa AAAA'],
    ] as const)
      expect(() => exec(sshd, { [field]: value })).toThrow(AppError)
  })
  it('that never answers is given up at once by who no longer wants it', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const remote = exec(sshd, { port: typeof address === 'object' ? (address?.port ?? 0) : 0 })
    const abort = new AbortController()
    const asked = remote.run(['true'], { signal: abort.signal })
    const timed = remote.run(['true'], { timeoutMs: 100 })
    const terminal = remote.pty(['true'], { cols: 80, rows: 24 })
    const exits: unknown[] = []
    terminal.onExit((exit) => void exits.push(exit))
    expect(await timed).toMatchObject({ code: null, signal: 'timeout' })
    abort.abort()
    expect(await asked).toMatchObject({ code: null, signal: 'aborted' })
    const connecting = failure(remote.connect({ kind: 'unix', path: '/x' }))
    await remote.close()
    await connecting
    expect(exits).toHaveLength(1)
    silent.close()
  })
  it('says that ssh itself is missing', async () => {
    const { ssh } = sshOf(sshd)
    const error = await failure(openLink({ ssh, ownKey: '/nonexistent', onLost: () => {}, program: 'bailiwick-no-ssh' }))
    expect(error.message).toContain('ssh is not installed on the machine that Bailiwick runs on')
  })
})

describe('a login', () => {
  it('that starts no command says why', async () => {
    const sshd = await host({ shell: '/usr/sbin/nologin' })
    expect((await failure(exec(sshd).run(['true']))).message).toContain('This account is currently not available')
  })
  it('opens with a key of our own, wherever that lies, and with one of an agent', async () => {
    const sshd = await host()
    const dir = join(folder, 'keys %h of $USER')
    await mkdir(dir)
    await copyFile(sshd.keyFile, join(dir, 'id_ed25519'))
    const own = createSshExec({ ssh: { ...sshOf(sshd).ssh, key: { kind: 'own' } }, keys: { dir } })
    open.push(own)
    expect((await own.run(['id', '-un'])).stdout).toBe('root\n')

    const socket = join(folder, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    open.push({ close: async () => void agent.kill() })
    await once(agent.stdout, 'data')
    await once(spawn('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } }), 'exit')
    process.env.SSH_AUTH_SOCK = socket
    const asked = exec(sshd, { key: { kind: 'agent' } })
    expect((await asked.run(['id', '-un'])).stdout).toBe('root\n')
    delete process.env.SSH_AUTH_SOCK
    expect((await asked.run(['env'])).stdout).not.toContain('SSH_')
  })
  it('keeps its PATH, and finds what an administrator needs behind it', async () => {
    const sshd = await host({ path: '/opt/first/bin:/usr/bin:/bin' })
    const { stdout } = await exec(sshd).run(['printenv', 'PATH'])
    expect(stdout).toBe('/opt/first/bin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n')
  })
  it('of an ordinary user becomes root where the host lets it', async () => {
    const sshd = await host({ user: 'keeper', sudoers: 'root ALL=(ALL) ALL\nkeeper ALL=(root) NOPASSWD:SETENV: /usr/bin/env\n' })
    const plain = exec(sshd)
    expect((await plain.run(['id', '-un'])).stdout).toBe('keeper\n')
    expect((await plain.run(['sudo', '-n', 'NOINTER=1', 'env'])).stdout).toMatch(/^NOINTER=1$/m)
    expect(await plain.run(['sudo', '-n', 'id'])).toMatchObject({ code: 1 })
  })
  it('of an ordinary user ends what became root, or says that it may not', async () => {
    const rules = 'root ALL=(ALL) ALL\nkeeper ALL=(root) NOPASSWD: /bin/sh'
    const stubborn = 'trap "" TERM; echo up; while :; do sleep 0.1; done'
    const end = async (sshd: Sshd) => {
      const abort = new AbortController()
      return exec(sshd).run(['sudo', '-n', '/bin/sh', '-c', stubborn], { signal: abort.signal, onOutput: () => abort.abort() })
    }
    const may = await host({ user: 'keeper', sudoers: `${rules}, /usr/bin/kill -s *\n` })
    const mayNot = await host({ user: 'keeper', sudoers: `${rules}\n` })
    const [ended, stays] = await Promise.all([end(may), end(mayNot)])
    expect(ended).toMatchObject({ signal: 'aborted', stderr: '' })
    expect(commands(may)).toEqual([])
    expect(stays.signal).toBe('aborted')
    expect(stays.stderr.trim()).toBe('sudo still runs on the host: this user may not end it')
  })
})

describe('a connection that is lost', () => {
  it('ends everything under way with words, leaves nothing running, and comes back by itself', async () => {
    const sshd = await host()
    const states: SshState[] = []
    const remote = exec(sshd, {}, states)
    const log = join(folder, 'log')
    await writeFile(log, 'first\n')
    const server = createServer((socket) => socket.pipe(socket)).listen(join(folder, 'socket'))
    const run = failure(remote.run(['sleep', '1000']))
    const lines = failure(
      (async () => {
        for await (const _ of remote.lines(['sleep', '1001']));
      })(),
    )
    const terminal = remote.pty(['sleep', '1002'], { cols: 80, rows: 24 })
    const exits: { signal?: string }[] = []
    terminal.onExit((exit) => void exits.push(exit))
    const lost: Error[] = []
    await remote.follow(log, { tailBytes: 10, onLost: (error) => void lost.push(error) }, () => {})
    const socket = await remote.connect({ kind: 'unix', path: join(folder, 'socket') })
    const broken = once(socket, 'error')
    await expect.poll(() => commands(sshd).filter(({ args }) => args.startsWith('sleep 1')).length, slow).toBe(3)

    await sshd.kill()
    const said = expect.stringMatching(/^The connection to 127\.0\.0\.1 port \d+ was lost: the other side closed it$/)
    expect(await run).toMatchObject({ message: said, reason: 'lost', code: 'unavailable' })
    expect(await lines).toMatchObject({ message: said })
    expect(exits).toEqual([{ code: null, signal: said, lost: true }])
    expect(lost).toMatchObject([{ message: said }])
    expect(await broken).toMatchObject([{ message: said }])
    server.close()

    // Down: whoever asks is told at once.
    await expect.poll(() => states.at(-1), slow).toMatchObject({ state: 'down' })
    expect((await failure(remote.run(['true']))).message).toContain('is sshd running?')
    await sshd.start()
    await expect.poll(() => states.at(-1), slow).toEqual({ state: 'up' })
    expect((await remote.run(['echo', 'again'])).stdout).toBe('again\n')
    expect(states.map(({ state }) => state).slice(0, 4)).toEqual(['connecting', 'up', 'connecting', 'down'])
  })
  it('takes what ran on the host along, though the host itself goes on', async () => {
    const sshd = await host()
    const remote = exec(sshd)
    const run = failure(remote.run([fixture('tree.sh'), 'stubborn']))
    await expect.poll(() => commands(sshd).filter(({ args }) => args.includes('tree.sh')).length, slow).toBe(1)
    const login = sshd.processes().find(({ args }) => args === 'sshd: root@notty')
    process.kill(login?.pid ?? 0, 'SIGKILL')
    expect(await run).toMatchObject({ reason: 'lost' })
    // The stubborn one ignores TERM and gets KILL 2 s later.
    await expect.poll(() => commands(sshd).filter(({ args }) => /tree|trap|sleep/.test(args)), slow).toEqual([])
    expect((await remote.run(['true'])).code).toBe(0)
    await remote.close()
    await onlyListener(sshd)
  })
  it('leaves nothing on either side when the server is killed', async () => {
    const sshd = await host()
    const server = spawn(process.execPath, ['--import', 'tsx', fixture('dies.ts'), JSON.stringify(sshOf(sshd))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(server.stdout, 'data')
    await expect.poll(() => commands(sshd).filter(({ args }) => args.startsWith('sleep')).length, slow).toBe(2)
    const masters = async () =>
      (await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(commandLine))).filter(
        (line) => line.startsWith('ssh\0') && line.includes(`\0${sshd.port}\0`),
      )
    const [master = '', ...others] = await masters()
    expect(others).toEqual([])
    const [sockets = ''] = /[^\0="]*\/bailiwick-\w{6}(?=\/)/.exec(master) ?? []
    expect(sockets).not.toBe('')
    server.kill('SIGKILL')
    await onlyListener(sshd)
    await expect.poll(masters, slow).toEqual([])
    await expect(readdir(sockets)).rejects.toThrow('ENOENT')
  })
})

describe('many commands at once', () => {
  it.each([
    { config: [], kind: 'as sshd comes' },
    { config: ['MaxSessions 3'], kind: 'where three are allowed in a connection' },
  ])('run, $kind', async ({ config }) => {
    const sshd = await host({ config })
    const remote = exec(sshd)
    const first: string[] = []
    const abort = new AbortController()
    setMaxListeners(0, abort.signal)
    const all = Array.from({ length: 14 }, async (_, i) => {
      for await (const line of remote.lines(['sh', '-c', 'echo "$1"; exec sleep 1000', 'sh', String(i)], { signal: abort.signal }))
        first.push(line)
    })
    await expect.poll(() => first.length, { timeout: 20_000 }).toBe(14)
    expect((await remote.run(['echo', 'short'])).stdout).toBe('short\n')
    abort.abort()
    await Promise.all(all)
    await expect.poll(() => commands(sshd).filter(({ args }) => args.startsWith('sleep')), slow).toEqual([])
    await remote.close()
    await onlyListener(sshd)
  })
  it('say what to change where one is allowed', async () => {
    const sshd = await host({ config: ['MaxSessions 1'] })
    expect((await failure(exec(sshd).run(['true']))).message).toContain('MaxSessions')
  })
})

it('says that a host passes no sockets on', async () => {
  const sshd = await host({ config: ['AllowTcpForwarding no', 'AllowStreamLocalForwarding no'] })
  const remote = exec(sshd)
  expect((await failure(remote.connect({ kind: 'tcp', host: '127.0.0.1', port: 1 }))).message).toContain(
    'AllowTcpForwarding in its sshd_config',
  )
  const path = join(folder, 'passed-on')
  const server = createServer().listen(path)
  await once(server, 'listening')
  expect((await failure(remote.connect({ kind: 'unix', path }))).message).toContain('AllowStreamLocalForwarding in its sshd_config')
  server.close()
})

it('changes the keys of a connection under way', async () => {
  const sshd = await host({ config: ['RekeyLimit 1M'] })
  const remote = exec(sshd)
  const sent = Buffer.alloc(6_000_000, 'some bytes')
  const both = await Promise.all([remote.run(['sh', '-c', 'yes | head -c 12000000']), remote.run(['cat'], { stdin: sent })])
  expect(both.map(({ stdout }) => stdout.length)).toEqual([12_000_000, 6_000_000])
})

it('holds back a terminal whose reader is slow, and only that one', async () => {
  const sshd = await host()
  const remote = exec(sshd)
  const terminal = remote.pty(['yes'], { cols: 80, rows: 24 })
  let bytes = 0
  terminal.onData((piece) => {
    bytes += piece.length
    if (bytes > 1000) terminal.pause()
  })
  await expect.poll(() => bytes, slow).toBeGreaterThan(1000)
  expect((await remote.run(['sh', '-c', 'yes | head -c 5000000'])).stdout.length).toBe(5_000_000)
  // The program sleeps in its write: what was granted is full.
  const waits = async () => / S /.test(await readFile(`/proc/${terminal.pid}/stat`, 'utf8'))
  await expect.poll(waits, slow).toBe(true)
  const before = bytes
  await remote.run(['true'])
  expect(bytes).toBe(before)
  terminal.resume()
  await expect.poll(() => bytes, slow).toBeGreaterThan(before)
  const exits: unknown[] = []
  terminal.onExit((exit) => void exits.push(exit))
  terminal.kill()
  await expect.poll(() => exits, slow).toEqual([{ code: null, signal: 'SIGHUP' }])
})

async function commandLine(pid: string): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
