import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyImage } from '@/server/engines/libvirt/fixture-tiny'
import { libvirt } from '@/server/engines/libvirt/index'
import { createLocalExec } from '@/server/exec/local'
import { consoleServer, guestOf } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const exec = createLocalExec()
const name = 'po-count'
const last = 20_000
const virsh = (...words: string[]) => exec.run(['virsh', '-q', '-c', 'qemu:///system', ...words])
let folder = ''
let log = ''
let xml = ''

/** Counts on its serial port from the moment it boots, then writes back what is typed. */
const program = `i=0; while [ $i -lt ${last} ]; do i=$((i+1)); echo count $i; done; echo all counted; exec /bin/busybox cat`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'po-serial-'))
  await exec.run(['chmod', '0711', folder])
  const { files } = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? folder)
  log = join(folder, 'serial.log')
  const cmdline = `no_timer_check console=ttyS0 quiet rdinit=/bin/busybox -- sh -c "${program}"`
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
  xml = `<domain type='qemu'><name>${name}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type><kernel>${files.kernel}</kernel><initrd>${files.initrd}</initrd><cmdline>${cmdline}</cmdline></os>
    <on_poweroff>destroy</on_poweroff><on_crash>destroy</on_crash>
    <devices><serial type='pty'><log file='${log}' append='on'/></serial><console type='pty'/><memballoon model='none'/></devices></domain>`
})
afterAll(async () => {
  await virsh('destroy', '--domain', name)
  await exec.close()
  await rm(folder, { recursive: true })
})

const boot = async () => {
  const file = join(folder, 'domain.xml')
  await exec.writeFile(file, 0o600, xml)
  const made = await virsh('create', file)
  if (made.code !== 0) throw new Error(made.stderr)
}
/** Servers of the VM's console as the engine tells it. */
async function console() {
  const signal = AbortSignal.timeout(500_000)
  const context = { exec, images: () => [], guestsDir: folder, become: 'none' as const }
  const found = await libvirt.probe(
    { id: 'local', name: 'test', transport: 'local', libvirtUri: 'qemu:///system' },
    context,
    AbortSignal.timeout(60_000),
  )
  if (found.state !== 'ready') throw new Error(`libvirt is ${found.state}`)
  const engine = libvirt.open({ id: 'local', name: 'test', transport: 'local', libvirtUri: 'qemu:///system' }, context, found.info)
  return () => consoleServer({ target: () => expect.fail('The engine tells'), console: () => engine.console(name, 'serial', signal) })
}

const counts = (text: string) => [...text.matchAll(/^count (\d+)\r$/gm)].map(([, n]) => Number(n))
const whole = Array.from({ length: last }, (_, i) => i + 1)

describe('the serial console of a VM', () => {
  it('has every byte since it booted exactly once, opened in the middle and over a restart', async () => {
    await boot()
    const serve = await console()
    // In the middle of it: some are printed, more are to come.
    await expect
      .poll(async () => Buffer.from(await exec.readFile(log).catch(() => Buffer.alloc(0))).includes('count 100\r'), {
        timeout: 60_000,
        interval: 20,
      })
      .toBe(true)
    const server = await serve()
    const client = new SocketClient(server.url('a', 'serial'))
    await client.until((c) => c.bytes.length > 0)
    expect(client.text).not.toContain('all counted')
    await client.until((c) => c.text.includes('all counted'))
    expect(counts(client.text)).toEqual(whole)
    client.type('typed by a person\n')
    await client.until((c) => c.text.includes('typed by a person\r\ntyped by a person\r\n'))
    expect(client.text).not.toMatch(/Connected to domain|Escape character|Authorization|error:|terminal taken/)

    await virsh('destroy', '--domain', name)
    server.publish({ type: 'guest', guest: guestOf('a', { state: 'stopped' }) })
    await client.until((c) => c.last('state')?.state === 'waiting')
    const before = client.bytes.length
    await boot()
    server.publish({ type: 'guest', guest: guestOf('a') })
    await client.until((c) => c.text.slice(before).includes('all counted'))
    expect(counts(client.text.slice(before))).toEqual(whole)
    client.type('typed once more\n')
    await client.until((c) => c.text.slice(before).includes('typed once more\r\ntyped once more\r\n'))
    expect(client.text).not.toContain('terminal taken')
    client.close()
    await server.close()

    // Typed at once, while virsh is still on its way to the VM.
    for (let i = 0; i < 12; i++) {
      const again = await serve()
      const hasty = new SocketClient(again.url('a', 'serial'))
      await hasty.until((c) => c.last('hello') !== undefined)
      hasty.type(`early ${i}\n`)
      await hasty.until((c) => c.text.includes(`early ${i}\r\nearly ${i}\r\n`))
      expect(hasty.text.split(`early ${i}\r\n`)).toHaveLength(3)
      hasty.close()
      await again.close()
    }
  })
})
