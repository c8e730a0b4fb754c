import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { importBusybox, testProgram } from '@/server/engines/incus/fixture-image'
import { incus } from '@/server/engines/incus/index'
import { tinyImage } from '@/server/engines/libvirt/fixture-tiny'
import { libvirt } from '@/server/engines/libvirt/index'
import type { Engine, EngineHost } from '@/server/engines/types'
import { createLocalExec } from '@/server/exec/local'
import type { Host } from '@/server/model/host'
import type { Argv } from '@/server/model/plan'
import { consoleServer } from './fixtures/console-server'
import { SocketClient } from './fixtures/socket-client'

const exec = createLocalExec()
const vm = 'po-life'
const box = 'po-life-box'
const host: Host = { id: 'local', name: 'test', transport: 'local', libvirtUri: 'qemu:///system' }
let folder = ''
let removeImage = async () => {}
let program: 'incus' | 'lxc' = 'incus'

const must = async (...argv: Argv) => {
  const result = await exec.run(argv, { timeoutMs: 60_000 })
  if (result.code !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`)
  return result.stdout
}
const virsh = (...words: string[]) => must('virsh', '-q', '-c', 'qemu:///system', ...words)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'po-life-'))
  await exec.run(['chmod', '0711', folder])
  program = await testProgram(exec)
  removeImage = await importBusybox(exec, 'po-life-busybox')
})
afterAll(async () => {
  await exec.run(['virsh', '-q', '-c', 'qemu:///system', 'destroy', '--domain', vm])
  await exec.run(['virsh', '-q', '-c', 'qemu:///system', 'undefine', '--domain', vm, '--snapshots-metadata'])
  await exec.run([program, 'delete', '--force', box])
  await removeImage()
  await exec.close()
  await rm(folder, { recursive: true })
})

async function open(engine: Engine): Promise<EngineHost> {
  const context = { exec, images: () => [], guestsDir: folder, become: 'none' as const }
  const found = await engine.probe(host, context, AbortSignal.timeout(60_000))
  if (found.state !== 'ready') throw new Error(`${engine.kind} is ${found.state}`)
  return engine.open(host, context, found.info)
}

/** A console server before a real engine; `tell` reads the guest from it as the inventory does, and publishes what it says. */
async function serve(engine: EngineHost, name: string) {
  const signal = AbortSignal.timeout(200_000)
  const read = async () => (await engine.list(signal)).find((guest) => guest.name === name)
  const first = await read()
  if (!first) throw new Error(`There is no ${name}`)
  const server = await consoleServer({
    target: () => expect.fail('The engine tells'),
    console: (guest, kind) => engine.console(guest, kind, signal),
    guests: [first],
    folder: join(folder, 'kept'),
  })
  const url = (kind: 'serial' | 'shell') => `ws://127.0.0.1:${server.port}/ws/console?guest=${encodeURIComponent(first.id)}&kind=${kind}`
  const tell = async () => {
    const guest = await read()
    server.publish(guest ? { type: 'guest', guest } : { type: 'guest.removed', id: first.id })
    return guest
  }
  return { ...server, url, tell, first }
}

/** Counts for ever on its serial port, beginning with a word of its own, and says which boot it is. */
const domain = (word: string, files: Record<string, string>, log: string) => {
  const cmdline = `no_timer_check console=ttyS0 quiet rdinit=/bin/busybox -- sh -c "echo ${word} boots; i=0; while /bin/busybox usleep 50000; do i=$((i+1)); echo ${word} $i; done"`
  return `<domain type='qemu'><name>${vm}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type><kernel>${files.kernel}</kernel><initrd>${files.initrd}</initrd><cmdline>${cmdline.replaceAll('"', '&quot;')}</cmdline></os>
    <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
    <devices><serial type='pty'><log file='${log}' append='on'/></serial><console type='pty'/><memballoon model='none'/></devices></domain>`
}
const last = (client: SocketClient, word: string) =>
  Number([...client.text.matchAll(new RegExp(`${word} (\\d+)\\r\\n`, 'g'))].at(-1)?.[1] ?? 0)
const define = async (word: string, devices = '') => {
  const { files } = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? folder)
  const file = join(folder, `${word}.xml`)
  const xml = domain(word, { kernel: files.kernel ?? '', initrd: files.initrd ?? '' }, join(folder, `${word}.log`))
  await exec.writeFile(file, 0o600, xml.replace('<devices>', `<devices>${devices}`))
  await virsh('define', file)
  await virsh('start', '--domain', vm)
}

/** The text of the guest alone: lines of ours may stand within its own. */
const withoutLines = (text: string) => text.replace(/(?:\p{Cc}\[[!?0-9;]*[a-z])*\r\n\p{Cc}\[33m── .*? ──\p{Cc}\[0m\r\n/gu, '')

/** Waits for what must come, and says how far it came when it does not. */
async function until(client: SocketClient, what: string, condition: (client: SocketClient) => boolean): Promise<void> {
  let late: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    late = setTimeout(
      () =>
        reject(new Error(`${what}: did not come. ${JSON.stringify(client.last('state'))} … ${JSON.stringify(client.text.slice(-600))}`)),
      120_000,
    )
  })
  await Promise.race([client.until(condition), timeout]).finally(() => clearTimeout(late))
}

it('follows a VM through pause, resume, stop and start, and never shows the VM that has its name next', async () => {
  await define('first')
  const engine = await open(libvirt)
  const server = await serve(engine, vm)
  const client = new SocketClient(server.url('serial'))
  try {
    await until(client, 'step 1', (c) => last(c, 'first') > 20)
    await virsh('suspend', '--domain', vm)
    await server.tell()
    await until(client, 'step 2', (c) => c.text.includes('the VM is paused'))
    const held = last(client, 'first')
    await virsh('resume', '--domain', vm)
    await server.tell()
    await until(client, 'step 3', (c) => c.text.includes('the VM runs again') && last(c, 'first') > held + 10)

    await virsh('destroy', '--domain', vm)
    await server.tell()
    await until(client, 'step 5', (c) => c.text.includes('the VM stopped') && c.last('state')?.state === 'waiting')
    await virsh('start', '--domain', vm)
    await server.tell()
    await until(client, 'step 6', (c) => c.text.includes('the VM started') && (c.text.match(/first boots\r\n/g) ?? []).length === 2)
    await until(client, 'step 7', (c) => c.last('state')?.state === 'attached')
    // Every line of each life once and in order.
    const lives = withoutLines(client.text).split('first boots\r\n').slice(1)
    for (const life of lives) {
      const counts = [...life.matchAll(/^first (\d+)\r$/gm)].map(([, n]) => Number(n))
      expect(counts).toEqual(counts.map((_, i) => i + 1))
    }
    expect(client.messages.filter(({ t }) => t === 'hello')).toHaveLength(1)

    await virsh('destroy', '--domain', vm)
    await virsh('undefine', '--domain', vm)
    await define('second')
    await server.tell()
    await until(client, 'step 8', (c) => c.closed !== null)
    expect(client.closed?.code).toBe(4404)
    const fresh = new SocketClient(server.url('serial'))
    await until(fresh, 'step 9', (c) => last(c, 'second') > 10)
    expect(fresh.text).not.toContain('first')
    expect(client.text).not.toContain('second')
    fresh.socket.terminate()
  } finally {
    client.socket.terminate()
    await server.close()
  }
}, 600_000)

it('follows a VM that is put back to a snapshot with its memory, and shows what its log has', async () => {
  // Snapshots with memory need a disk that can hold them.
  const disk = join(folder, 'memory.qcow2')
  await must('qemu-img', 'create', '-q', '-f', 'qcow2', disk, '1G')
  await must('chmod', '0666', disk)
  await exec.run(['virsh', '-q', '-c', 'qemu:///system', 'destroy', '--domain', vm])
  await exec.run(['virsh', '-q', '-c', 'qemu:///system', 'undefine', '--domain', vm])
  const drive = `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${disk}'/><target dev='vda' bus='virtio'/></disk>`
  await define('third', drive)
  const engine = await open(libvirt)
  const server = await serve(engine, vm)
  const client = new SocketClient(server.url('serial'))
  try {
    await until(client, 'step 10', (c) => last(c, 'third') > 10)
    await virsh('snapshot-create-as', '--domain', vm, '--name', 'then')
    const then = last(client, 'third')
    await until(client, 'step 11', (c) => last(c, 'third') > then + 20)
    await virsh('snapshot-revert', '--domain', vm, '--snapshotname', 'then')
    await server.tell()
    // It counts on from the snapshot, in the same console. The first that is seen of it may be the first since it was put back.
    await until(client, 'step 12', (c) => {
      const counts = [...c.text.matchAll(/third (\d+)\r\n/g)].map(([, n]) => Number(n))
      const back = counts.findIndex((count, i) => i > 0 && count < (counts[i - 1] ?? 0))
      return back >= 0 && counts.length > back + 10
    })
    await until(client, 'step 13', (c) => c.last('state')?.state === 'attached')
    expect(client.messages.filter(({ t }) => t === 'hello')).toHaveLength(1)
    const seen = withoutLines(client.text)
    expect(seen).toBe(
      Buffer.from(await exec.readFile(join(folder, 'third.log')))
        .toString()
        .slice(0, seen.length),
    )
  } finally {
    client.socket.terminate()
    await server.close()
  }
})

/** What is typed before Incus has reached a container may be lost: Enter until the shell on its console answers. */
async function answers(client: SocketClient): Promise<void> {
  const before = client.text.length
  const answered = () => {
    client.type('\r')
    expect(client.text.slice(before)).toContain('/ # ')
  }
  await vi.waitFor(answered, { timeout: 60_000, interval: 500 })
}

it('follows a container through a restart; its console has what was printed while nobody watched, its shell opens anew', async () => {
  await must(program, 'launch', 'po-life-busybox', box)
  await must(program, 'exec', box, '--', '/bin/sh', '-c', 'echo said to nobody >/dev/console')
  const engine = await open(incus)
  const server = await serve(engine, box)
  const serial = new SocketClient(server.url('serial'))
  const shell = new SocketClient(server.url('shell'))
  try {
    await until(serial, 'step 14', (c) => c.text.includes('said to nobody'))
    await until(shell, 'step 15', (c) => c.last('state')?.state === 'attached')
    shell.type('echo in the fi""rst\r')
    await until(shell, 'step 16', (c) => c.text.includes('in the first\r\n'))
    await must(program, 'restart', '--force', box)
    await server.tell()
    await until(shell, 'step 17', (c) => c.last('state')?.state === 'ended')
    expect(shell.text).not.toContain('same console')
    await until(serial, 'step 18', (c) => c.text.includes('same console goes on'))
    await answers(serial)
    serial.type('echo on the con""sole\r')
    await until(serial, 'step 19', (c) => /on the console\r+\n/.test(c.text))
    expect(serial.text.split('said to nobody')).toHaveLength(2)
    expect(serial.text).not.toContain('To detach')
    shell.send({ t: 'reconnect' })
    await until(shell, 'step 20', (c) => c.text.includes('this is a new one'))
    shell.type('echo in the sec""ond\r')
    await until(shell, 'step 21', (c) => c.text.includes('in the second\r\n'))
    expect(server.first.identity).toMatch(/^[0-9a-f-]{36}$/)
  } finally {
    for (const client of [serial, shell]) client.socket.terminate()
    await server.close()
  }
}, 300_000)
