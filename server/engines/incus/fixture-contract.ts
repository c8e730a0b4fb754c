import type { ContractSetup } from '@/server/engines/contract'
import type { ContractHost } from '@/server/engines/contract-hosts'
import { MiB } from '@/server/model/size'
import { importBusybox } from './fixture-image'
import { incus } from './index'

/** For tests: the smallest container on that host. `name`: of the guest, and the beginning of its image's. */
export async function containerOn({ exec, host, close }: ContractHost, name: string): Promise<ContractSetup> {
  const image = `${name}-busybox`
  const removeImage = await importBusybox(exec, image)
  return {
    engine: incus,
    host: { ...host, libvirtUri: '' },
    context: { exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' },
    exec,
    name,
    spec: (of) => ({
      type: 'container',
      name: of,
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
      { title: 'keeping the disk', operation: (of) => ({ kind: 'remove', name: of, disks: false }), words: /together with its disk/ },
      {
        title: 'a snapshot that is not there',
        operation: (of) => ({ kind: 'snapshot.restore', name: of, snapshot: 'nope' }),
        words: /no snapshot nope/,
      },
    ],
    async close() {
      await removeImage()
      await close()
    },
  }
}
