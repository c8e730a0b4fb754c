import { createHash } from 'node:crypto'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { alive, failure, fixture, numbers, onEachHost } from './fixtures/hosts'

onEachHost((host) => {
  describe('run', () => {
    it('gives code, output and time', async () => {
      const result = await host.exec.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])
      expect(result).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n', truncated: false })
      expect(result.signal).toBeUndefined()
    })
    it('has no shell: an argument is never a command', async () => {
      const file = join(host.folder, 'X')
      const result = await host.exec.run(['printf', '%s', `$(touch ${file}); touch ${file} | \`touch ${file}\``])
      expect(result.stdout).toContain('$(touch')
      await expect(access(file)).rejects.toThrow()
    })
    it('passes only the clean environment and what is given', async () => {
      process.env.BAILIWICK_TEST_SECRET = 'leak'
      const { stdout } = await host.exec.run(['env'], { env: { GIVEN: '1' } })
      delete process.env.BAILIWICK_TEST_SECRET
      const names = stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0])
      expect(names.sort()).toEqual(['GIVEN', 'HOME', 'LC_ALL', 'PATH'])
      expect(stdout).toContain('/usr/sbin')
    })
    it('brings every argument through as it is', async () => {
      const every = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).join('')
      const values = ['', ' ', '-n', '--', "'", '"', '$HOME', '`id`', '!!', 'a!b', '\\\\', '\n\n', '~', '*', 'ä€😀', '%s', '_101', every]
      const { stdout } = await host.exec.run(['printf', '%s\\0', ...values])
      expect(stdout.split('\0').slice(0, -1)).toEqual(values)
      const { stdout: given } = await host.exec.run(['sh', '-c', 'printf %s "$GIVEN"'], { env: { GIVEN: every } })
      expect(given).toBe(every)
    })
    it('gives nothing of what a login says, and starts at the root', async () => {
      expect(await host.exec.run(['true'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
      expect((await host.exec.run(['pwd'])).stdout).toBe('/\n')
    })
    it.each([0, 1, 40, 126, 127, 255])('tells the code %i of a command as it is', async (code) => {
      expect(await host.exec.run(['sh', '-c', 'exit "$1"', 'sh', String(code)])).toMatchObject({ code })
    })
    it('tells the signal that ended a command', async () => {
      expect(await host.exec.run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: null, signal: 'SIGTERM' })
    })
    it('passes input of any bytes and any size', async () => {
      const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 256))
      const sum = createHash('sha256').update(bytes).digest('hex')
      expect((await host.exec.run(['sha256sum'], { stdin: bytes })).stdout).toContain(sum)
    })
    it('gives output of 20 MB whole', async () => {
      const { stdout, truncated } = await host.exec.run(['sh', '-c', 'yes | head -c 20000000'])
      expect(stdout.length).toBe(20_000_000)
      expect(truncated).toBe(false)
    })
    it('says that arguments are too long', async () => {
      const error = await failure(host.exec.run(['true', 'ä'.repeat(200_000)]))
      expect(error.message).toBe('The arguments of true are too long')
    })
    it('closes the input unless it is given', async () => {
      expect((await host.exec.run(['cat'])).stdout).toBe('')
      expect((await host.exec.run(['cat'], { stdin: 'text' })).stdout).toBe('text')
    })
    it('survives a command that does not read its input', async () => {
      expect((await host.exec.run(['true'], { stdin: 'x'.repeat(1_000_000) })).code).toBe(0)
    })
    it('ends the whole tree on a timeout', async () => {
      const result = await host.exec.run([fixture('tree.sh')], { timeoutMs: 200 })
      expect(result.signal).toBe('timeout')
      for (const pid of numbers(result.stdout)) expect(await alive(pid)).toBe(false)
    })
    it('ends a grandchild that ignores TERM, though its parent is gone', async () => {
      const result = await host.exec.run([fixture('tree.sh'), 'stubborn'], { timeoutMs: 200 })
      expect(result.signal).toBe('timeout')
      expect(numbers(result.stdout)).toHaveLength(2)
      for (const pid of numbers(result.stdout)) expect(await alive(pid)).toBe(false)
    })
    it('does not wait for a daemon that holds the output open', async () => {
      const result = await host.exec.run([fixture('daemon.sh')])
      const [pid = 0] = numbers(result.stdout)
      expect(result).toMatchObject({ code: 0 })
      expect(await alive(pid)).toBe(true)
      process.kill(pid)
    })
    it('drops output beyond the limit and says so', async () => {
      const result = await host.exec.run(['head', '-c', '300000', '/dev/zero'], { maxBytes: 1000 })
      expect(result.stdout).toHaveLength(1000)
      expect(result).toMatchObject({ code: 0, truncated: true })
    })
    it('ends when called off', async () => {
      const abort = new AbortController()
      const result = await host.exec.run(['sh', '-c', 'echo up; sleep 1000'], { signal: abort.signal, onOutput: () => abort.abort() })
      expect(result.signal).toBe('aborted')
    })
    it('hands out whole characters as they come', async () => {
      const pieces: string[] = []
      await host.exec.run(['sh', '-c', "printf '\\303'; sleep 0.1; printf '\\244'"], { onOutput: (_, text) => pieces.push(text) })
      expect(pieces.join('')).toBe('ä')
    })
    it('says in words that a program is missing', async () => {
      const error = await failure(host.exec.run(['bailiwick-no-such-program', '--version']))
      expect(error.message).toBe('bailiwick-no-such-program is not installed on this host')
      expect(error).toMatchObject({ code: 'unavailable', reason: 'missing' })
    })
    it('masks secrets in the log and in errors', async () => {
      const debug = vi.fn()
      const quiet = host.make({ log: { debug } })
      const error = await failure(quiet.read(['sh', '-c', 'echo "bad $1" >&2; exit 1', 'sh', 'hunter22'], { secrets: ['hunter22'] }))
      expect(JSON.stringify(debug.mock.calls)).toContain('••••')
      expect(JSON.stringify([debug.mock.calls, error.message, error.stderr, error.argv])).not.toContain('hunter22')
      expect(error).toMatchObject({ exitCode: 1, reason: 'exit' })
    })
  })

  describe('places', () => {
    it('runs four at once and no more, and reads do not wait for runs', async () => {
      const gate = join(host.folder, 'gate-places')
      const log = join(host.folder, 'places')
      const few = host.make({ maxConcurrent: 2 })
      const first = few.run([fixture('once.sh'), log, gate])
      const second = few.run([fixture('once.sh'), log, gate])
      expect(await few.read(['echo', 'read'])).toBe('read\n')
      await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toBe('ran\n')
      await writeFile(gate, '')
      expect((await first).code).toBe(0)
      expect((await second).code).toBe(0)
    })
    it('lets short commands pass those that take long', async () => {
      const one = host.make({ maxConcurrent: 1 })
      const long = one.run(['sleep', '1000'])
      expect((await one.run(['echo', 'passed'])).stdout).toBe('passed\n')
      await one.close()
      expect((await long).signal).toBe('aborted')
    })
  })

  describe('read', () => {
    it('shares one process among equal reads, and one more among those who ask while it runs', async () => {
      const log = join(host.folder, 'shared')
      const gate = join(host.folder, 'gate')
      const read = () => host.exec.read([fixture('once.sh'), log, gate])
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
      const left = failure(host.exec.read(argv, { signal: abort.signal }))
      const stayed = host.exec.read(argv)
      abort.abort()
      expect(await left).toMatchObject({ reason: 'aborted' })
      expect(await stayed).toBe('done\n')
    })
    it('tells what the command said when it fails', async () => {
      const error = await failure(host.exec.read(['sh', '-c', 'echo "no such domain" >&2; exit 1']))
      expect(error.message).toBe('sh -c failed with code 1: no such domain')
    })
  })

  describe('lines', () => {
    it('gives whole lines and ends with the command', async () => {
      const lines: string[] = []
      for await (const line of host.exec.lines(['printf', 'a\\nb\\nrest'])) lines.push(line)
      expect(lines).toEqual(['a', 'b', 'rest'])
    })
    it('rejects with what the command said', async () => {
      const work = (async () => {
        for await (const _ of host.exec.lines(['sh', '-c', 'echo one; echo gone >&2; exit 5']));
      })()
      expect((await failure(work)).message).toBe('sh -c failed with code 5: gone')
    })
    it('ends with its signal and takes the tree along', async () => {
      const abort = new AbortController()
      let pids: number[] = []
      for await (const line of host.exec.lines([fixture('tree.sh')], { signal: abort.signal })) {
        pids = numbers(line)
        abort.abort()
      }
      expect(pids).toHaveLength(2)
      for (const pid of pids) expect(await alive(pid)).toBe(false)
    })
    it('ends the command when the reader leaves', async () => {
      let pids: number[] = []
      for await (const line of host.exec.lines([fixture('tree.sh')])) {
        pids = numbers(line)
        break
      }
      for (const pid of pids) expect(await alive(pid)).toBe(false)
    })
  })

  it('ends everything it started when closed', async () => {
    const own = host.make()
    const run = own.run([fixture('tree.sh')])
    const terminal = own.pty(['sleep', '1000'], { cols: 80, rows: 24 })
    await own.run(['true'])
    await own.close()
    const { stdout, signal } = await run
    expect(signal).toBe('aborted')
    for (const pid of [...numbers(stdout), terminal.pid]) expect(await alive(pid)).toBe(false)
    expect(await failure(own.run(['true']))).toMatchObject({ reason: 'aborted' })
  })
})
