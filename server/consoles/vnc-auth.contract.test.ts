import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalExec } from '@/server/exec/local'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const exec = createLocalExec()
const name = 'po-vnc'
const virsh = (...words: string[]) => exec.run(['virsh', '-q', '-c', 'qemu:///system', ...words])
let folder = ''
let port = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'po-vnc-'))
  const file = join(folder, 'domain.xml')
  await exec.writeFile(
    file,
    0o600,
    `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
      <os><type arch='x86_64' machine='q35'>hvm</type></os>
      <devices><graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1' passwd='hunter2'/><video><model type='vga'/></video></devices></domain>`,
  )
  const made = await virsh('create', file)
  if (made.code !== 0) throw new Error(made.stderr)
  port = 5900 + Number((await virsh('vncdisplay', '--domain', name)).stdout.trim().split(':').at(-1))
})
afterAll(async () => {
  await virsh('destroy', '--domain', name)
  await exec.close()
  await rm(folder, { recursive: true })
})

/** Speaks RFB 3.8 as noVNC does, to the screen of a real QEMU. */
async function open(password: string) {
  const server = await consoleServer({ target: () => ({ kind: 'tcp', host: '127.0.0.1', port, password }) })
  const client = new SocketClient(server.url('a', 'vnc'), false)
  const close = async () => {
    client.close()
    await server.close()
  }
  return { client, close }
}

it('signs in to a screen with a password for a page that never sees one', async () => {
  const { client, close } = await open('hunter2')
  await client.until((c) => c.bytes.length >= 12 || c.closed !== null)
  expect(client.text).toBe('RFB 003.008\n')
  client.type('RFB 003.008\n')
  await client.until((c) => c.bytes.length >= 14)
  expect([...client.bytes.subarray(12)]).toEqual([1, 1])
  // The choice and ClientInit in one frame: what comes early is not lost.
  client.type('\x01\x01')
  await client.until((c) => c.bytes.length >= 18 + 24)
  expect(client.bytes.readUInt32BE(14)).toBe(0)
  expect(client.bytes.toString('latin1', 18 + 24)).toContain(`QEMU (${name})`)
  await close()
})

it('says that the password was refused, and not which', async () => {
  const { client, close } = await open('wrong')
  await client.until((c) => c.closed !== null)
  expect(client.closed).toMatchObject({ code: 4410, reason: 'The screen refused the password that its definition holds' })
  await close()
})
