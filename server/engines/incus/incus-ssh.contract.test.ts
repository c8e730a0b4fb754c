import { startSshd } from '@/e2e/hosts/sshd'
import { contract } from '@/server/engines/contract'
import { createSshExec } from '@/server/exec/ssh'
import { MiB } from '@/server/model/size'
import { importBusybox } from './fixture-image'
import { incus } from './index'

/** The same life of a container, on a host behind ssh whose login shell is tcsh. */
contract('incus over ssh', async () => {
  const sshd = await startSshd()
  const { address, port, user, hostKey, keyFile } = sshd
  const ssh = { address, port, user, key: { kind: 'file', path: keyFile }, hostKey } as const
  const exec = createSshExec({ ssh, keys: { dir: '/nonexistent' } })
  const image = 'ic-ssh-contract-busybox'
  const removeImage = await importBusybox(exec, image)
  return {
    engine: incus,
    host: { id: 'mars', name: 'mars', transport: 'ssh', ssh, libvirtUri: '' },
    context: { exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' },
    exec,
    name: 'ic-ssh-contract',
    spec: (name) => ({
      type: 'container',
      name,
      image,
      cpus: 1,
      memoryBytes: 64 * MiB,
      network: null,
      autostart: false,
      start: true,
      diskBytes: null,
      access: null,
    }),
    console: { kind: 'shell', prompt: /[#$] (?:.\[6n)?$/, withinMs: 20_000 },
    file: '/root/note',
    refused: [
      { title: 'keeping the disk', operation: (name) => ({ kind: 'remove', name, disks: false }), words: /together with its disk/ },
    ],
    async close() {
      await removeImage()
      await exec.close()
      await sshd.stop()
    },
  }
})
