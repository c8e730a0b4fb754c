import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sshd, startSshd } from '../e2e/hosts/sshd'
import { withStore } from './engines/libvirt/store'
import type { Exec } from './exec/types'
import { createHostTrial } from './host-trial'
import { createLog } from './log'
import { createMakeExec } from './make-exec'
import type { EngineStatus } from './model/capability'
import type { HostSettings } from './model/host'

const log = createLog('silent')
const publicLine = 'ssh-ed25519 AAAA bailiwick'
const status = (kind: EngineStatus['kind'], found: 'absent' | 'broken'): EngineStatus => ({
  kind,
  state: found,
  cause: `${kind} is ${found}`,
  remedy: `mend ${kind}`,
})

let folder: string
let root: Sshd
let ada: Sshd
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-trial-'))
  await chmod(folder, 0o755)
  root = await startSshd()
  ada = await startSshd({ user: 'ada', sudoers: 'ada ALL=(root) NOPASSWD: SETENV: /usr/local/bin/cbsd\n' })
}, 30_000)
afterAll(async () => {
  await Promise.all([root.stop(), ada.stop()])
  await rm(folder, { recursive: true })
})

const parts: Parameters<typeof createHostTrial>[0] = {
  keys: { publicKey: async () => publicLine, scan: async () => [] },
  makeExec: createMakeExec({ log, keys: { dir: '/nonexistent' } }),
  probes: [
    async () => status('libvirt', 'absent'),
    async () => status('incus', 'broken'),
    async (_, exec) => ({ kind: 'cbsd', state: 'absent', cause: (await exec.read(['id', '-un'])).trim() }),
  ],
  log,
}
const trial = createHostTrial(parts)

const settings = (sshd: Sshd, change: Partial<HostSettings> = {}): HostSettings => ({
  name: 'trial',
  transport: 'ssh',
  ssh: { address: sshd.address, port: sshd.port, user: sshd.user, key: { kind: 'file', path: sshd.keyFile }, hostKey: sshd.hostKey },
  libvirtUri: 'qemu:///system',
  ...change,
})

describe('a trial of a host', () => {
  it('tells what it found behind a csh login, and what mends the rest', async () => {
    const found = await trial.test(settings(root))
    expect(found.map(({ title, state }) => `${title} ${state}`)).toEqual(['Reach it ok', 'libvirt absent', 'Incus failed', 'CBSD absent'])
    expect(found[0]?.words).toMatch(/^Signed in as root: .*Linux/)
    expect(found[2]).toMatchObject({ words: 'incus is broken', remedy: 'mend incus' })
    expect(found[3]?.words).toBe('root')
  })

  it('names what the user lacks where an engine works, and mends it by that very command', async () => {
    const store = join(folder, 'store')
    await mkdir(store)
    const ready = { kind: 'libvirt', name: 'libvirt', version: '9', details: [], guestTypes: {}, arches: [], operations: {} } as const
    const look = (exec: Exec) =>
      withStore(
        { kind: 'libvirt', state: 'ready', info: { ...ready, details: [], arches: [] } },
        'qemu:///system',
        { exec, guestsDir: join(store, 'new', 'guests') },
        AbortSignal.timeout(10_000),
      )
    const made = createHostTrial({ ...parts, probes: [(_, exec) => look(exec)] })
    const [, lacking] = await made.test(settings(ada))
    expect(lacking).toMatchObject({
      state: 'failed',
      words: `libvirt 9. Disks and images are kept in ${store}/new, where ada may not write`,
    })
    expect(lacking?.remedy).toBe(`sudo install -d -m 755 -o ada ${store}/new`)
    const [, mended] = await made.test(settings(root))
    expect(mended).toMatchObject({ state: 'ok', words: 'libvirt 9' })
    // What ada is told to have run, by the host's root.
    const exec = createMakeExec({ log, keys: { dir: '/nonexistent' } })({ id: 'r', ...settings(root) })
    const [, ...command] = (lacking?.remedy ?? '').split(' ')
    await exec.read([command[0] ?? '', ...command.slice(1).map((word) => (word === 'ada' ? '54321' : word))])
    await exec.close()
    const [, again] = await made.test(settings(ada))
    expect(again).toMatchObject({ state: 'ok', words: 'libvirt 9' })
  })

  it('leaves out engines that nobody wants', async () => {
    const found = await trial.test(settings(root, { libvirtUri: '', incusDir: '' }))
    expect(found.map(({ title }) => title)).toEqual(['Reach it', 'CBSD'])
    await expect(trial.test(settings(root, { libvirtUri: '', incusDir: '', cbsdWorkdir: '' }))).rejects.toThrow('at least one engine')
  })

  it('says whether sudo and doas let the user, with the rule that is missing', async () => {
    const [, sudo] = await trial.test(settings(ada, { become: 'sudo' }))
    expect(sudo).toMatchObject({ title: 'Root by sudo', state: 'ok' })
    const [, doas] = await trial.test(settings(ada, { become: 'doas' }))
    expect(doas).toMatchObject({ title: 'Root by doas', state: 'failed', field: 'become' })
    expect(doas?.remedy).toContain('permit nopass setenv')
    expect(doas?.remedy).toContain('ada as root')
    const [, needless] = await trial.test(settings(root, { become: 'sudo' }))
    expect(needless?.words).toBe('It is root already: sudo is not needed')
  })

  it('shows the line to add when the door stays shut, and believes no other host', async () => {
    const { ssh } = settings(root)
    if (!ssh) throw new Error('no ssh')
    const shut = await trial.test(settings(root, { ssh: { ...ssh, key: { kind: 'file', path: ada.keyFile } } }))
    expect(shut).toMatchObject([{ title: 'Reach it', state: 'failed', field: 'ssh.key' }])
    expect(shut[0]?.words).toContain('does not let root in')
    const other = await trial.test(settings(root, { ssh: { ...ssh, hostKey: ada.hostKey } }))
    expect(other).toMatchObject([{ state: 'failed' }])
    expect(other[0]?.words).toContain('has changed')
    const nobody = await trial.test(settings(root, { ssh: { ...ssh, port: 1 } }))
    expect(nobody).toMatchObject([{ state: 'failed', field: 'ssh.address' }])
  })
})
