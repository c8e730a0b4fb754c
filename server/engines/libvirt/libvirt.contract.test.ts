import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contract } from '@/server/engines/contract'
import { createLocalExec } from '@/server/exec/local'
import { MiB } from '@/server/model/size'
import { tinyImage } from './fixture-tiny'
import { libvirt } from './index'

contract('libvirt', async () => {
  const exec = createLocalExec({})
  // QEMU runs as its own user and must be able to walk in.
  const store = await mkdtemp(join(tmpdir(), 'lv-contract-'))
  await exec.run(['chmod', '0711', store])
  const image = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? store)
  return {
    engine: libvirt,
    host: { id: 'local', name: 'test', transport: 'local', libvirtUri: 'qemu:///system' },
    context: { exec, images: () => [image], guestsDir: join(store, 'guests'), become: 'none' },
    exec,
    name: 'lv-contract',
    spec: (name) => ({
      type: 'vm',
      name,
      image: image.id,
      iso: null,
      arch: 'x86_64',
      cpus: 1,
      memoryBytes: 192 * MiB,
      diskBytes: null,
      network: 'default',
      autostart: false,
      start: true,
      access: null,
    }),
    console: { kind: 'serial', prompt: /tiny:~# |[^\n]# $/, withinMs: 60_000 },
    file: '/root/note',
    refused: [
      {
        title: 'a snapshot that is not there',
        operation: (name) => ({ kind: 'snapshot.restore', name, snapshot: 'nope' }),
        words: /no snapshot nope/,
      },
      { title: 'removing while it runs', operation: (name) => ({ kind: 'remove', name, disks: true }), words: /Stop it first/ },
      { title: 'cloning while it runs', operation: (name) => ({ kind: 'clone', name, newName: `${name}-x` }), words: /Stop it first/ },
    ],
    async close() {
      await rm(store, { recursive: true, force: true })
      await exec.close()
    },
  }
})
