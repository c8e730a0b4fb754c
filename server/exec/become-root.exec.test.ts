import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Sshd, type SshdOptions, startSshd } from '@/e2e/hosts/sshd'
import { fixture, sshOf } from './fixtures/hosts'
import { createSshExec } from './ssh'

let folder: string
/** One file: the user may not be able to read this project. */
let program: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-root-'))
  await chmod(folder, 0o755)
  program = join(folder, 'calls-off.cjs')
  await build({
    entryPoints: [fixture('calls-off.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
})
afterAll(() => rm(folder, { recursive: true }))

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

const answer = z.object({ signal: z.string().optional(), stderr: z.string(), seconds: z.number() })
/** Runs as root, and takes no notice of TERM. */
const stubborn = 'trap "" TERM; echo up; while :; do sleep 0.1; done'

/**
 * A dashboard of the made user `keeper` on its own machine: a process of that user runs a command through sudo or doas and
 * calls it off. The machine is one where /etc/sudoers and /etc/doas.conf are the test's.
 */
async function callOff(options: SshdOptions, command: string[]): Promise<{ ended: z.infer<typeof answer>; left: Sshd['processes'] }> {
  const sshd = await startSshd({ user: 'keeper', ...options })
  open.push({ close: sshd.stop })
  const exec = createSshExec(sshOf(sshd))
  open.push(exec)
  const said = await exec.read([process.execPath, program, ...command], { timeoutMs: 30_000 })
  return { ended: answer.parse(JSON.parse(said)), left: () => sshd.processes().filter(({ args }) => args.includes('echo up')) }
}

describe('a command that became root, called off by an ordinary user of this machine', () => {
  const root = 'root ALL=(ALL) ALL\n'
  it('is ended by way of sudo, with what it started', async () => {
    const sudoers = `${root}keeper ALL=(root) NOPASSWD: /bin/sh, /bin/kill, /usr/bin/kill\n`
    const { ended, left } = await callOff({ sudoers }, ['sudo', '-n', '/bin/sh', '-c', stubborn])
    expect(ended).toMatchObject({ signal: 'aborted', stderr: '' })
    expect(left()).toEqual([])
  })
  it('is ended by way of doas', async () => {
    const { ended, left } = await callOff({ doas: 'permit nopass keeper as root\n', sudoers: root }, [
      'doas',
      '-n',
      '/bin/sh',
      '-c',
      stubborn,
    ])
    // doas has words of its own.
    expect(ended.signal).toBe('aborted')
    expect(ended.stderr).not.toContain('still runs')
    expect(left()).toEqual([])
  })
  it('is let go, with words, where the rules let nobody end it', async () => {
    const sudoers = `${root}keeper ALL=(root) NOPASSWD: /bin/sh\n`
    const { ended, left } = await callOff({ sudoers }, ['sudo', '-n', '/bin/sh', '-c', stubborn])
    expect(ended.signal).toBe('aborted')
    expect(ended.stderr).toBe('sudo still runs on the host: this user may not end it\n')
    expect(ended.seconds).toBeLessThan(20)
    expect(left()).not.toEqual([])
  })
})
