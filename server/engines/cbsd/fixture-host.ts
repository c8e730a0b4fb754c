import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pino from 'pino'
import { startSshd } from '@/e2e/hosts/sshd'
import { tinyImage } from '@/server/engines/libvirt/fixture-tiny'
import { defaultPath } from '@/server/exec/environment'
import { createLocalExec } from '@/server/exec/local'
import { createSshExec } from '@/server/exec/ssh'
import type { Exec } from '@/server/exec/types'
import type { Become, Host } from '@/server/model/host'

const call = promisify(execFile)
const program = (name: string) => fileURLToPath(new URL(`../../../e2e/hosts/${name}`, import.meta.url))

/** A CBSD for tests. */
export type TestHost = { host: Host; exec: Exec; become: Become; close: () => Promise<void> }

/** A host of the stand-in that accounts for what guests use. `options`: of make-host.sh. */
export const makeStandIn = (options: string[] = []) => make(options)

type StandIn = { workdir: string; path: string; remove: () => Promise<void> }

/** `group`: may read it, as group cbsd may. */
async function make(options: string[], group?: number): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'cbsd-'))
  const workdir = join(folder, 'jails')
  // CBSD's own files are 0660 in folders of 0770.
  const guarded = (file: string, ...args: string[]) => ['-c', 'umask 007; exec /bin/sh "$0" "$@"', program(file), ...args]
  await call('/bin/sh', guarded('make-host.sh', workdir, ...options))
  if (group !== undefined) {
    await chmod(folder, 0o755)
    await call('chgrp', ['-R', String(group), workdir])
    await call('find', [workdir, '-type', 'd', '-exec', 'chmod', 'g+s', '{}', '+'])
  }
  const accounting = spawn('/bin/sh', guarded('racct-statsd.sh', workdir), { stdio: 'ignore' })
  return {
    workdir,
    path: `${workdir}/bin:${defaultPath}`,
    async remove() {
      const ended = once(accounting, 'exit')
      if (accounting.exitCode === null && accounting.kill()) await ended
      await call('/bin/sh', [program('make-host.sh'), '--end', workdir])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The options that give VMs a kernel. */
export async function withKernel(store: string): Promise<string[]> {
  const exec = createLocalExec({})
  try {
    const { files } = await tinyImage(exec, store)
    return files.kernel && files.initrd ? ['--kernel', files.kernel, '--initrd', files.initrd] : []
  } finally {
    await exec.close()
  }
}

const local = (workdir: string): Host => ({ id: 'local', name: 'test', transport: 'local', libvirtUri: '', cbsdWorkdir: workdir })

/** Runs `work` with a folder for images, which outlives it only where the tests share one. */
async function withStore(): Promise<{ store: string; remove: () => Promise<void> }> {
  const shared = process.env.BAILIWICK_TEST_STORE
  if (shared) return { store: shared, remove: async () => {} }
  const store = await mkdtemp(join(tmpdir(), 'cbsd-store-'))
  return { store, remove: () => rm(store, { recursive: true, force: true }) }
}

async function openLocal(): Promise<TestHost> {
  const { store, remove } = await withStore()
  const made = await makeStandIn(await withKernel(store))
  const exec = createLocalExec({ env: { PATH: made.path } })
  return {
    host: local(made.workdir),
    exec,
    become: 'none',
    async close() {
      await exec.close()
      await made.remove()
      await remove()
    },
  }
}

/** Its account has this number as user and as group (e2e/hosts/sshd.ts). */
const userNumber = 54321
/** The rules of packaging/sudoers.d, for programs where this machine has them. */
const sudoers = (workdir: string, user: string) =>
  [
    `Defaults secure_path="${workdir}/bin:${defaultPath}", umask=0007, umask_override, !use_pty`,
    `${user} ALL=(root) NOPASSWD:SETENV: ${workdir}/bin/cbsd, NOPASSWD: ${workdir}/bin/tmux, ${workdir}/bin/jexec, ${['rm', 'cp', 'mv', 'chmod', 'tee'].map((name) => `/bin/${name}, /usr/bin/${name}`).join(', ')}`,
    '',
  ].join('\n')

/** The line of packaging/doas.conf, for this user. */
const doasLine = (user: string) => `permit nopass setenv { NOINTER NOCOLOR ALWAYS_YES workdir TERM } ${user} as root\n`

/** The same behind a real ssh daemon whose login shell is tcsh: as root, or as a user who has sudo or doas for the least there is. */
async function openOverSsh(user?: string, become: Exclude<Become, 'none'> = 'sudo'): Promise<TestHost> {
  const { store, remove } = await withStore()
  const made = await make(await withKernel(store), user ? userNumber : undefined)
  const rules =
    become === 'sudo' ? { sudoers: sudoers(made.workdir, user ?? '') } : { doas: doasLine(user ?? ''), sudoers: 'root ALL=(ALL) ALL\n' }
  const sshd = await startSshd({ path: made.path, ...(user ? { user, ...rules } : {}) })
  const key = { kind: 'file', path: sshd.keyFile } as const
  const ssh = { address: sshd.address, port: sshd.port, user: sshd.user, key, hostKey: sshd.hostKey }
  const exec = createSshExec({ ssh, keys: { dir: join(store, 'keys') }, log: pino({ level: 'silent' }) })
  const by = user ? become : 'none'
  return {
    host: { ...local(made.workdir), id: 'far', transport: 'ssh', ssh, become: by },
    exec,
    become: by,
    async close() {
      await exec.close()
      await sshd.stop()
      await made.remove()
      await remove()
    },
  }
}

/** A real host, as the environment names it: HOST=user@host[:port], KEY=file, HOSTKEY="ssh-ed25519 …", BECOME, WORKDIR. */
async function openReal(where: string): Promise<TestHost> {
  const [, user = 'root', address = '', port = '22'] = /^(?:([^@]+)@)?([^:]+)(?::(\d+))?$/.exec(where) ?? []
  const become = process.env.BECOME === 'sudo' || process.env.BECOME === 'doas' ? process.env.BECOME : 'none'
  const hostKey = process.env.HOSTKEY
  if (!hostKey) throw new Error(`Set HOSTKEY to the host's public key: ssh-keyscan -t ed25519 ${address}`)
  const key = process.env.KEY ? ({ kind: 'file', path: process.env.KEY } as const) : ({ kind: 'agent' } as const)
  const ssh = { address, port: Number(port), user, key, hostKey }
  const keys = await mkdtemp(join(tmpdir(), 'cbsd-keys-'))
  const exec = createSshExec({ ssh, keys: { dir: keys }, log: pino({ level: 'silent' }) })
  return {
    host: { id: 'real', name: address, transport: 'ssh', ssh, become, libvirtUri: '', cbsdWorkdir: process.env.WORKDIR },
    exec,
    become,
    async close() {
      await exec.close()
      await rm(keys, { recursive: true, force: true })
    },
  }
}

/** Where the scenario is played: a real CBSD where HOST names one, else the stand-in here and over ssh. `vms`: with VMs, too. */
export function testHosts(): { title: string; open: () => Promise<TestHost>; vms: boolean }[] {
  const real = process.env.HOST
  if (real) return [{ title: real, open: () => openReal(real), vms: true }]
  return [
    { title: 'on this machine', open: openLocal, vms: true },
    { title: 'over ssh with csh', open: () => openOverSsh(), vms: false },
    { title: 'over ssh as a user with sudo', open: () => openOverSsh('bailiwick'), vms: true },
    { title: 'over ssh as a user with doas', open: () => openOverSsh('bailiwick', 'doas'), vms: false },
  ]
}
