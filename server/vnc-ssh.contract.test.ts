import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sshd, startSshd } from '@/e2e/hosts/sshd'
import { consoleServer, guestOf } from './consoles/fixtures/console-server'
import { SocketClient } from './consoles/fixtures/socket-client'
import { libvirt } from './engines/libvirt'
import { sshOf } from './exec/fixtures/hosts'
import { createLocalExec } from './exec/local'
import { createSshExec, type SshExec } from './exec/ssh'
import type { Host } from './model/host'

const name = 'ssh-vnc'
let folder = ''
let sshd: Sshd
let exec: SshExec
// Not through ssh: the hub of the test closes that way with itself.
const here = createLocalExec()
const virsh = (...words: string[]) => here.run(['virsh', '-q', '-c', 'qemu:///system', ...words])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-vnc-'))
  sshd = await startSshd()
  exec = createSshExec(sshOf(sshd))
  const file = join(folder, 'domain.xml')
  await here.writeFile(
    file,
    0o600,
    `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
      <os><type arch='x86_64' machine='q35'>hvm</type></os>
      <devices><graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/><video><model type='vga'/></video></devices></domain>`,
  )
  const made = await virsh('create', file)
  if (made.code !== 0) throw new Error(made.stderr)
})
afterAll(async () => {
  await virsh('destroy', '--domain', name)
  await here.close()
  await exec.close()
  await sshd.stop()
  await rm(folder, { recursive: true })
})

it('shows the screen of a VM of a host over ssh, through that connection and no other', async () => {
  const host: Host = { id: 'local', name: 'mars', ...sshOf(sshd), transport: 'ssh', libvirtUri: 'qemu:///system' }
  const context = { exec, images: () => [], guestsDir: '/nonexistent/guests', become: 'none' as const }
  const status = await libvirt.probe(host, context, AbortSignal.timeout(90_000))
  if (status.state !== 'ready') throw new Error(status.cause)
  const target = await libvirt.open(host, context, status.info).console(name, 'vnc', AbortSignal.timeout(30_000))
  const ways: unknown[] = []
  const counted: SshExec = {
    ...exec,
    connect(to) {
      ways.push(to)
      return exec.connect(to)
    },
  }
  const server = await consoleServer({
    target: () => target,
    exec: counted,
    transport: 'ssh',
    guests: [guestOf('a', { engine: 'libvirt' })],
  })
  const client = new SocketClient(server.url('a', 'vnc'), false)
  try {
    await client.until((c) => c.bytes.length >= 12 || c.closed !== null)
    expect(client.text).toBe('RFB 003.008\n')
    client.type('RFB 003.008\n')
    await client.until((c) => c.bytes.length >= 14)
    client.type('\x01\x01')
    await client.until((c) => c.bytes.length >= 18 + 24)
    expect(client.bytes.toString('latin1', 18 + 24)).toContain(`QEMU (${name})`)
    expect(ways).toEqual([target])
  } finally {
    client.close()
    await server.close()
  }
})
