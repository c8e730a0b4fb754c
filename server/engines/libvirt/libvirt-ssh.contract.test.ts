import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSshd } from '@/e2e/hosts/sshd'
import { contract } from '@/server/engines/contract'
import { createSshExec } from '@/server/exec/ssh'
import { MiB } from '@/server/model/size'
import { tinyImage } from './fixture-tiny'
import { libvirt } from './index'

/** The same life of a guest, on a host behind ssh whose login shell is tcsh. */
contract('libvirt over ssh', async () => {
  const sshd = await startSshd()
  const { address, port, user, hostKey, keyFile } = sshd
  const ssh = { address, port, user, key: { kind: 'file', path: keyFile }, hostKey } as const
  const exec = createSshExec({ ssh, keys: { dir: '/nonexistent' } })
  const store = await mkdtemp(join(tmpdir(), 'lv-ssh-contract-'))
  await exec.run(['chmod', '0711', store])
  const image = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? store)
  return {
    engine: libvirt,
    host: { id: 'mars', name: 'mars', transport: 'ssh', ssh, libvirtUri: 'qemu:///system' },
    context: { exec, images: () => [image], guestsDir: join(store, 'guests'), become: 'none' },
    exec,
    name: 'lv-ssh-contract',
    spec: (name) => ({
      type: 'vm',
      name,
      image: image.id,
      iso: null,
      arch: 'x86_64',
      cpus: 1,
      memoryBytes: 192 * MiB,
      diskBytes: 64 * MiB,
      network: 'default',
      autostart: false,
      start: true,
      access: null,
    }),
    console: { kind: 'serial', prompt: /tiny:~# |[^\n]# $/, withinMs: 60_000 },
    file: '/root/note',
    noFiles: /no guest agent/,
    refused: [{ title: 'removing while it runs', operation: (name) => ({ kind: 'remove', name, disks: true }), words: /Stop it first/ }],
    async close() {
      await rm(store, { recursive: true, force: true })
      await exec.close()
      await sshd.stop()
    },
  }
})
