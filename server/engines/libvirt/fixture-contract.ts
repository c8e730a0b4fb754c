import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractSetup } from '@/server/engines/contract'
import type { ContractHost } from '@/server/engines/contract-hosts'
import { MiB } from '@/server/model/size'
import { tinyImage } from './fixture-tiny'
import { libvirt } from './index'

/** For tests: a VM with Tiny Linux on that host. */
export async function tinyOn({ exec, host, close }: ContractHost, name: string): Promise<ContractSetup> {
  // QEMU runs as its own user and must be able to walk in.
  const store = await mkdtemp(join(tmpdir(), `${name}-`))
  await exec.run(['chmod', '0711', store])
  const image = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? store)
  return {
    engine: libvirt,
    host: { ...host, libvirtUri: 'qemu:///system' },
    context: { exec, images: () => [image], guestsDir: join(store, 'guests'), become: 'none' },
    exec,
    name,
    spec: (of) => ({
      type: 'vm',
      name: of,
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
    refused: [
      {
        title: 'a snapshot that is not there',
        operation: (of) => ({ kind: 'snapshot.restore', name: of, snapshot: 'nope' }),
        words: /no snapshot nope/,
      },
      { title: 'removing while it runs', operation: (of) => ({ kind: 'remove', name: of, disks: true }), words: /Stop it first/ },
      { title: 'cloning while it runs', operation: (of) => ({ kind: 'clone', name: of, newName: `${of}-x` }), words: /Stop it first/ },
    ],
    async close() {
      await rm(store, { recursive: true, force: true })
      await close()
    },
  }
}
