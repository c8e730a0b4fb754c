import { type ContractSetup, contract } from '@/server/engines/contract'
import { GiB, MiB } from '@/server/model/size'
import { type TestHost, testHosts } from './fixture-host'
import { cbsd } from './index'

const common = (host: TestHost): Pick<ContractSetup, 'engine' | 'host' | 'context' | 'exec' | 'close'> => ({
  engine: cbsd,
  host: host.host,
  context: { exec: host.exec, images: () => [], guestsDir: '/nonexistent/guests', become: host.become },
  exec: host.exec,
  close: host.close,
})

for (const { title, open, vms } of testHosts()) {
  contract(`cbsd, a jail, ${title}`, async () => ({
    ...common(await open()),
    name: 'cbcontract',
    spec: (name) => ({
      type: 'jail',
      name,
      profile: 'default',
      release: 'native',
      vnet: false,
      address: 'DHCP',
      network: 'auto',
      ownBase: true,
      packages: [],
      sshKeys: [],
      autostart: false,
      start: true,
    }),
    console: { kind: 'shell', prompt: /[#$%] (?:.\[6n)?$/, withinMs: 20_000 },
    file: '/root/note',
    differs: { pause: /cannot pause|has no bhyve/, sizes: /limits in place/, restoreRunning: /Stop it first/ },
    before: [{ kind: 'hook.install' }],
    after: [{ kind: 'hook.remove' }],
    refused: [
      {
        title: 'a snapshot that is not there',
        operation: (name) => ({ kind: 'snapshot.remove', name, snapshot: 'nope' }),
        words: /no snapshot nope/,
      },
      { title: 'removing while it runs', operation: (name) => ({ kind: 'remove', name, disks: true }), words: /Stop it first/ },
      { title: 'keeping its data', operation: (name) => ({ kind: 'remove', name, disks: false }), words: /together with its data/ },
    ],
  }))

  if (!vms) continue
  contract(`cbsd, a bhyve VM, ${title}`, async () => ({
    ...common(await open()),
    name: 'cbvm',
    spec: (name) => ({
      type: 'vm',
      name,
      image: null,
      iso: null,
      profile: 'linux/cloud-Debian-x86-12',
      hypervisor: 'bhyve',
      arch: 'x86_64',
      cpus: 1,
      memoryBytes: 192 * MiB,
      diskBytes: 5 * GiB,
      network: 'auto',
      autostart: false,
      start: true,
      access: { user: 'jo', sshKeys: [] },
    }),
    console: { kind: 'serial', prompt: /[#$%] $/, withinMs: 120_000, drawn: true },
    file: '/dev/vda',
    noFiles: /no way to its files/,
    differs: {
      restoreRunning: /Stop it first/,
      // The system lies in memory; what stays is the first sector of its disk.
      keep: {
        write: (word) => `echo ${word} | dd of=/dev/vda conv=sync,fsync 2>/dev/null`,
        read: 'dd if=/dev/vda count=1 2>/dev/null | head -n 1',
      },
    },
    before: [{ kind: 'hook.install' }],
    after: [{ kind: 'hook.remove' }],
    refused: [
      { title: 'export while it runs', operation: (name) => ({ kind: 'export', name, compress: 0 }), words: /Stop it first/ },
      {
        title: 'a name that a shell would read',
        operation: (name) => ({ kind: 'rename', name, newName: 'a$(id)' }),
        words: /name|running/i,
      },
    ],
  }))
}
