import { contract } from '@/server/engines/contract'
import { createLocalExec } from '@/server/exec/local'
import { MiB } from '@/server/model/size'
import { importBusybox } from './fixture-image'
import { incus } from './index'

contract('incus', async () => {
  const exec = createLocalExec({})
  const image = 'ic-contract-busybox'
  const removeImage = await importBusybox(exec, image)
  return {
    engine: incus,
    host: { id: 'local', name: 'test', transport: 'local', libvirtUri: '' },
    context: { exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' },
    exec,
    name: 'ic-contract',
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
      {
        title: 'a snapshot that is not there',
        operation: (name) => ({ kind: 'snapshot.restore', name, snapshot: 'nope' }),
        words: /no snapshot nope/,
      },
    ],
    async close() {
      await removeImage()
      await exec.close()
    },
  }
})
