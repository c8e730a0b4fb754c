import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
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
const script = program('make-host.sh')

/** A CBSD for tests. */
export type TestHost = { host: Host; exec: Exec; become: Become; close: () => Promise<void> }

/** A host of the stand-in that accounts for what guests use. `options`: of make-host.sh. */
export async function makeStandIn(...options: string[]): Promise<{ workdir: string; path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cbsd-'))
  const workdir = join(folder, 'jails')
  await call('/bin/sh', [script, workdir, ...options])
  const accounting = spawn('/bin/sh', [program('racct-statsd.sh'), workdir], { stdio: 'ignore' })
  return {
    workdir,
    path: `${workdir}/bin:${defaultPath}`,
    async remove() {
      const ended = once(accounting, 'exit')
      if (accounting.exitCode === null && accounting.kill()) await ended
      await call('/bin/sh', [script, '--end', workdir])
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

async function openLocal(): Promise<TestHost> {
  const store = process.env.BAILIWICK_TEST_STORE ?? (await mkdtemp(join(tmpdir(), 'cbsd-store-')))
  const made = await makeStandIn(...(await withKernel(store)))
  const exec = createLocalExec({ env: { PATH: made.path } })
  return {
    host: local(made.workdir),
    exec,
    become: 'none',
    async close() {
      await exec.close()
      await made.remove()
      if (!process.env.BAILIWICK_TEST_STORE) await rm(store, { recursive: true, force: true })
    },
  }
}

/** The same behind a real ssh daemon whose login shell is tcsh. */
async function openOverSsh(): Promise<TestHost> {
  const store = process.env.BAILIWICK_TEST_STORE ?? (await mkdtemp(join(tmpdir(), 'cbsd-store-')))
  const made = await makeStandIn(...(await withKernel(store)))
  const sshd = await startSshd({ path: made.path, shell: existsSync('/bin/tcsh') ? '/bin/tcsh' : '/bin/csh' })
  const ssh = {
    address: sshd.address,
    port: sshd.port,
    user: sshd.user,
    key: { kind: 'file', path: sshd.keyFile },
    hostKey: sshd.hostKey,
  } as const
  const exec = createSshExec({ ssh, keys: { dir: join(store, 'keys') }, log: pino({ level: 'silent' }) })
  return {
    host: { ...local(made.workdir), id: 'far', transport: 'ssh', ssh },
    exec,
    become: 'none',
    async close() {
      await exec.close()
      await sshd.stop()
      await made.remove()
      if (!process.env.BAILIWICK_TEST_STORE) await rm(store, { recursive: true, force: true })
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

/** Where the scenario is played: a real CBSD where HOST names one, else the stand-in here and over ssh. */
export function testHosts(): { title: string; open: () => Promise<TestHost> }[] {
  const real = process.env.HOST
  if (real) return [{ title: real, open: () => openReal(real) }]
  return [
    { title: 'on this machine', open: openLocal },
    { title: 'over ssh with csh', open: openOverSsh },
  ]
}
