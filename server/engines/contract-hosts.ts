import { startSshd } from '@/e2e/hosts/sshd'
import { createLocalExec } from '@/server/exec/local'
import { createSshExec } from '@/server/exec/ssh'
import type { Exec } from '@/server/exec/types'
import type { Host } from '@/server/model/host'

/** Where the common scenario is played. */
export type ContractHost = { exec: Exec; host: Omit<Host, 'libvirtUri'>; close: () => Promise<void> }

/** For tests: this machine. */
export async function thisMachine(): Promise<ContractHost> {
  const exec = createLocalExec({})
  return { exec, host: { id: 'local', name: 'test', transport: 'local' }, close: () => exec.close() }
}

/** For tests: this machine again, behind a real ssh daemon whose login shell is tcsh. */
export async function overSsh(): Promise<ContractHost> {
  const sshd = await startSshd()
  const { address, port, user, hostKey, keyFile } = sshd
  const ssh = { address, port, user, key: { kind: 'file', path: keyFile }, hostKey } as const
  const exec = createSshExec({ ssh, keys: { dir: '/nonexistent' } })
  return {
    exec,
    host: { id: 'mars', name: 'mars', transport: 'ssh', ssh },
    async close() {
      await exec.close()
      await sshd.stop()
    },
  }
}
