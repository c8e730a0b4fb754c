import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ExecError } from './error'
import { createLocalExec } from './local'
import type { PtyProcess } from './types'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const exec = createLocalExec()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-exec-'))
})
afterAll(async () => {
  await exec.close()
  await rm(folder, { recursive: true })
})

/** A zombie still has a number; its state tells that it is gone. */
async function alive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text !== '' && !/\) [ZX] /.test(text)
}
const numbers = (text: string) => text.trim().split(/\s+/).map(Number)
const failure = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('It should have failed')
    },
    (error: ExecError) => error,
  )

describe('run', () => {
  it('gives code, output and time', async () => {
    const result = await exec.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])
    expect(result).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false })
    expect(result.signal).toBeUndefined()
  })
  it('has no shell: an argument is never a command', async () => {
    const file = join(folder, 'X')
    const result = await exec.run(['printf', '%s', `$(touch ${file}); touch ${file} | \`touch ${file}\``])
    expect(result.stdout).toContain('$(touch')
    await expect(access(file)).rejects.toThrow()
  })
  it('passes only the clean environment and what is given', async () => {
    process.env.BAILIWICK_TEST_SECRET = 'leak'
    const { stdout } = await exec.run(['env'], { env: { GIVEN: '1' } })
    delete process.env.BAILIWICK_TEST_SECRET
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    expect(names.sort()).toEqual(['GIVEN', 'HOME', 'LC_ALL', 'PATH'])
    expect(stdout).toContain('/usr/sbin')
  })
  it('closes the input unless it is given', async () => {
    expect((await exec.run(['cat'])).stdout).toBe('')
    expect((await exec.run(['cat'], { stdin: 'text' })).stdout).toBe('text')
  })
  it('survives a command that does not read its input', async () => {
    expect((await exec.run(['true'], { stdin: 'x'.repeat(1_000_000) })).code).toBe(0)
  })
  it('ends the whole tree on a timeout', async () => {
    const result = await exec.run([fixture('tree.sh')], { timeoutMs: 200 })
    expect(result.signal).toBe('timeout')
    for (const pid of numbers(result.stdout)) expect(await alive(pid)).toBe(false)
  })
  it('ends a grandchild that ignores TERM, though its parent is gone', async () => {
    const result = await exec.run([fixture('tree.sh'), 'stubborn'], { timeoutMs: 200 })
    expect(result.signal).toBe('timeout')
    expect(numbers(result.stdout)).toHaveLength(2)
    for (const pid of numbers(result.stdout)) expect(await alive(pid)).toBe(false)
  })
  it('does not wait for a daemon that holds the output open', async () => {
    const result = await exec.run([fixture('daemon.sh')])
    const [pid = 0] = numbers(result.stdout)
    expect(result).toMatchObject({ code: 0 })
    expect(await alive(pid)).toBe(true)
    process.kill(pid)
  })
  it('drops output beyond the limit and says so', async () => {
    const result = await exec.run(['head', '-c', '300000', '/dev/zero'], { maxBytes: 1000 })
    expect(result.stdout).toHaveLength(1000)
    expect(result).toMatchObject({ code: 0, truncated: true })
  })
  it('ends when called off', async () => {
    const abort = new AbortController()
    const result = await exec.run(['sh', '-c', 'echo up; sleep 1000'], { signal: abort.signal, onOutput: () => abort.abort() })
    expect(result.signal).toBe('aborted')
  })
  it('hands out whole characters as they come', async () => {
    const pieces: string[] = []
    await exec.run(['sh', '-c', "printf '\\303'; sleep 0.1; printf '\\244'"], { onOutput: (_, text) => pieces.push(text) })
    expect(pieces.join('')).toBe('ä')
  })
  it('says in words that a program is missing', async () => {
    const error = await failure(exec.run(['bailiwick-no-such-program', '--version']))
    expect(error.message).toBe('bailiwick-no-such-program is not installed on this host')
    expect(error).toMatchObject({ code: 'unavailable', reason: 'missing' })
  })
  it('masks secrets in the log and in errors', async () => {
    const debug = vi.fn()
    const quiet = createLocalExec({ log: { debug } })
    const error = await failure(quiet.read(['sh', '-c', 'echo "bad $1" >&2; exit 1', 'sh', 'hunter22'], { secrets: ['hunter22'] }))
    expect(JSON.stringify(debug.mock.calls)).toContain('••••')
    expect(JSON.stringify([debug.mock.calls, error.message, error.stderr, error.argv])).not.toContain('hunter22')
    expect(error).toMatchObject({ exitCode: 1, reason: 'exit' })
  })
})

describe('places', () => {
  it('runs four at once and no more, and reads do not wait for runs', async () => {
    const gate = join(folder, 'gate-places')
    const log = join(folder, 'places')
    const few = createLocalExec({ maxConcurrent: 2 })
    const first = few.run([fixture('once.sh'), log, gate])
    const second = few.run([fixture('once.sh'), log, gate])
    expect(await few.read(['echo', 'read'])).toBe('read\n')
    await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toBe('ran\n')
    await writeFile(gate, '')
    expect((await first).code).toBe(0)
    expect((await second).code).toBe(0)
  })
  it('lets short commands pass those that take long', async () => {
    const one = createLocalExec({ maxConcurrent: 1 })
    const long = one.run(['sleep', '1000'])
    expect((await one.run(['echo', 'passed'])).stdout).toBe('passed\n')
    await one.close()
    expect((await long).signal).toBe('aborted')
  })
})

describe('read', () => {
  it('shares one process among equal reads, and one more among those who ask while it runs', async () => {
    const log = join(folder, 'shared')
    const gate = join(folder, 'gate')
    const read = () => exec.read([fixture('once.sh'), log, gate])
    const early = [read(), read(), read()]
    await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toBe('ran\n')
    const late = [read(), read()]
    await writeFile(gate, '')
    expect((await Promise.all(early)).map(Number)).toEqual([1, 1, 1])
    expect((await Promise.all(late)).map(Number)).toEqual([2, 2])
  })
  it('goes on for the others when one gives up', async () => {
    const abort = new AbortController()
    const argv = ['sh', '-c', 'sleep 0.2; echo done'] as const
    const left = failure(exec.read(argv, { signal: abort.signal }))
    const stayed = exec.read(argv)
    abort.abort()
    expect(await left).toMatchObject({ reason: 'aborted' })
    expect(await stayed).toBe('done\n')
  })
  it('tells what the command said when it fails', async () => {
    const error = await failure(exec.read(['sh', '-c', 'echo "no such domain" >&2; exit 1']))
    expect(error.message).toBe('sh -c failed with code 1: no such domain')
  })
})

describe('lines', () => {
  it('gives whole lines and ends with the command', async () => {
    const lines: string[] = []
    for await (const line of exec.lines(['printf', 'a\\nb\\nrest'])) lines.push(line)
    expect(lines).toEqual(['a', 'b', 'rest'])
  })
  it('rejects with what the command said', async () => {
    const work = (async () => {
      for await (const _ of exec.lines(['sh', '-c', 'echo one; echo gone >&2; exit 5']));
    })()
    expect((await failure(work)).message).toBe('sh -c failed with code 5: gone')
  })
  it('ends with its signal and takes the tree along', async () => {
    const abort = new AbortController()
    let pids: number[] = []
    for await (const line of exec.lines([fixture('tree.sh')], { signal: abort.signal })) {
      pids = numbers(line)
      abort.abort()
    }
    expect(pids).toHaveLength(2)
    for (const pid of pids) expect(await alive(pid)).toBe(false)
  })
  it('ends the command when the reader leaves', async () => {
    let pids: number[] = []
    for await (const line of exec.lines([fixture('tree.sh')])) {
      pids = numbers(line)
      break
    }
    for (const pid of pids) expect(await alive(pid)).toBe(false)
  })
})

describe('pty', () => {
  const collect = (terminal: PtyProcess) => {
    const state = { bytes: Buffer.alloc(0), ended: false }
    terminal.onData((bytes) => {
      state.bytes = Buffer.concat([state.bytes, bytes])
    })
    terminal.onExit(() => {
      state.ended = true
    })
    return state
  }
  it('passes every byte both ways, valid UTF-8 or not', async () => {
    const terminal = exec.pty(['sh', '-c', 'stty raw -echo; printf ready; exec head -c 255'], { cols: 80, rows: 24 })
    const seen = collect(terminal)
    await expect.poll(() => seen.bytes.toString()).toBe('ready')
    const all = Buffer.from(Array.from({ length: 255 }, (_, i) => 255 - i))
    terminal.write(all)
    await expect.poll(() => seen.ended).toBe(true)
    expect(seen.bytes.subarray(5).equals(all)).toBe(true)
  })
  it('tells the program its new size', async () => {
    const terminal = exec.pty(['sh', '-c', 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.02; done'], {
      cols: 80,
      rows: 24,
    })
    const seen = collect(terminal)
    await expect.poll(() => seen.bytes.toString()).toContain('ready')
    terminal.resize(132, 43)
    await expect.poll(() => seen.bytes.toString()).toContain('43 132')
    await expect.poll(() => seen.ended).toBe(true)
  })
  it('stops the flow while paused', async () => {
    const terminal = exec.pty(['yes'], { cols: 80, rows: 24 })
    const seen = collect(terminal)
    await expect.poll(() => seen.bytes.length).toBeGreaterThan(0)
    terminal.pause()
    const before = seen.bytes.length
    await exec.run(['sleep', '0.2'])
    expect(seen.bytes.length).toBe(before)
    terminal.resume()
    await expect.poll(() => seen.bytes.length).toBeGreaterThan(before)
    terminal.kill()
    await expect.poll(() => seen.ended).toBe(true)
  })
  it('gives all that was written before the end', async () => {
    const terminal = exec.pty(['sh', '-c', 'stty raw; head -c 60000 /dev/zero; exit 7'], { cols: 80, rows: 24 })
    const exits: unknown[] = []
    terminal.onExit((exit) => void exits.push(exit))
    const seen = collect(terminal)
    await expect.poll(() => exits).toEqual([{ code: 7 }])
    expect(seen.bytes.length).toBe(60_000)
  })
  it('loses nothing when the program ends while paused', async () => {
    const gate = join(folder, 'gate-pty')
    const script = 'stty raw; printf x; while [ ! -e "$0" ]; do sleep 0.02; done; head -c 9000 /dev/zero; exit 7'
    const terminal = exec.pty(['sh', '-c', script, gate], { cols: 80, rows: 24 })
    const seen = collect(terminal)
    await expect.poll(() => seen.bytes.length).toBe(1)
    terminal.pause()
    await writeFile(gate, '')
    await expect.poll(() => alive(terminal.pid)).toBe(false)
    await exec.run(['sleep', '0.5'])
    expect(seen).toMatchObject({ ended: false })
    expect(seen.bytes.length).toBe(1)
    terminal.resume()
    await expect.poll(() => seen.ended).toBe(true)
    expect(seen.bytes.length).toBe(9001)
  })
  it('takes its group along when killed', async () => {
    const terminal = exec.pty([fixture('tree.sh'), 'stubborn'], { cols: 80, rows: 24 })
    const seen = collect(terminal)
    await expect.poll(() => seen.bytes.toString()).toMatch(/^\d+ \d+\r\n/)
    terminal.kill()
    await expect.poll(() => seen.ended).toBe(true)
    for (const pid of numbers(seen.bytes.toString())) await expect.poll(() => alive(pid), { timeout: 5000 }).toBe(false)
  })
  it('says in words that a program is missing', () => {
    expect(() => exec.pty(['bailiwick-no-such-program'], { cols: 80, rows: 24 })).toThrow('is not installed on this host')
  })
})

describe('files and sockets', () => {
  it('writes a file whole, with its mode, and replaces a link instead of following it', async () => {
    const path = join(folder, 'file')
    await exec.writeFile(path, 0o640, 'content')
    expect(await readFile(path, 'utf8')).toBe('content')
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect(await exec.readDir(folder)).not.toContainEqual(expect.stringMatching(/\.part$/))
  })
  it('reads a part, the end, and files whose size is said to be 0', async () => {
    const path = join(folder, 'part')
    await writeFile(path, '0123456789')
    const text = async (options: { offset?: number; maxBytes?: number }) => Buffer.from(await exec.readFile(path, options)).toString()
    expect(await text({ offset: 2, maxBytes: 3 })).toBe('234')
    expect(await text({ offset: -4 })).toBe('6789')
    expect(await text({ offset: -40 })).toBe('0123456789')
    expect(Buffer.from(await exec.readFile('/proc/stat')).toString()).toContain('cpu ')
  })
  it('says in words what is missing', async () => {
    expect((await failure(exec.readFile(join(folder, 'none')))).message).toContain('it does not exist')
    expect(await exec.stat(join(folder, 'none'))).toBeNull()
    expect(await exec.readDir(join(folder, 'none'))).toEqual([])
    expect((await failure(exec.connect({ kind: 'unix', path: join(folder, 'none') }))).message).toContain('there is no such socket')
  })
  it('connects to a Unix socket', async () => {
    const path = join(folder, 'socket')
    const server = createServer((socket) => socket.pipe(socket)).listen(path)
    const socket = await exec.connect({ kind: 'unix', path })
    const back = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())))
    socket.write('hello')
    expect(await back).toBe('hello')
    socket.destroy()
    server.close()
  })
})

it('ends everything it started when closed', async () => {
  const own = createLocalExec()
  const run = own.run([fixture('tree.sh')])
  const terminal = own.pty(['sleep', '1000'], { cols: 80, rows: 24 })
  await own.run(['true'])
  await own.close()
  const { stdout, signal } = await run
  expect(signal).toBe('aborted')
  for (const pid of [...numbers(stdout), terminal.pid]) expect(await alive(pid)).toBe(false)
  expect(await failure(own.run(['true']))).toMatchObject({ reason: 'aborted' })
})
