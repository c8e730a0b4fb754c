import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Arch } from '@/server/model/guest'
import { debianRelease } from './apt'
import { demandAgent } from './fixture-agent'
import { bootVm } from './fixture-boot'
import { type Bench, createBench } from './fixture-images'

let folder: string
let bench: Bench
let vm: ReturnType<typeof bootVm> | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-images-'))
  bench = createBench(folder)
})
afterEach(async () => {
  vm?.kill()
  await vm?.exit
  vm = undefined
})
afterAll(async () => {
  await bench.close()
  await rm(folder, { recursive: true, force: true })
})

const build = (recipe: 'tiny' | 'debian-disk', arch: Arch) => bench.run({ kind: 'build', host: 'local', recipe, arch })
const find = (id: string) => {
  const image = bench.images.list('local').find((each) => each.id === id)
  if (!image) throw new Error(`there is no image ${id}`)
  return image
}

/** Leaves an image that took minutes to build, and boots, to the browser tests of the same run. */
async function leave(id: string): Promise<void> {
  const store = process.env.BAILIWICK_TEST_STORE
  if (!store) return
  const to = join(store, 'images', id)
  await rm(to, { recursive: true, force: true })
  await mkdir(join(store, 'images'), { recursive: true, mode: 0o755 })
  await bench.exec.read(['mv', '-T', '--', join(folder, 'store', 'images', id), to], { timeoutMs: 300_000 })
}

const machines = {
  x86_64: ['qemu-system-x86_64', '-M', 'q35'],
  aarch64: ['qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a57'],
} as const
const tinyArgv = (arch: keyof typeof machines, cmdline: string) => {
  const { kernel = '', initrd = '' } = find(`tiny-linux-${arch}`).files
  return [
    ...machines[arch],
    '-accel',
    'tcg',
    '-m',
    '192',
    '-kernel',
    kernel,
    '-initrd',
    initrd,
    '-append',
    cmdline,
    '-nic',
    'user,model=virtio',
  ] as const
}

describe('Tiny Linux', () => {
  it.each([
    ['x86_64', 'no_timer_check console=tty0 console=ttyS0', 'ttyS0'],
    ['aarch64', 'console=ttyAMA0', 'ttyAMA0'],
  ] as const)('for %s boots to a shell with job control, network and a power button', async (arch, cmdline, port) => {
    const job = await build('tiny', arch)
    expect(job.error).toBeUndefined()
    expect(await readdir(join(folder, 'store', 'images', `tiny-linux-${arch}`))).toEqual(
      expect.arrayContaining(['image.json', 'initrd.gz', 'vmlinuz']),
    )
    vm = bootVm(bench.exec, tinyArgv(arch, cmdline), join(folder, `qmp-${arch}`))
    await vm.expect(/bailiwick-tiny ready/, 60_000)
    await vm.expect(/tiny:~# /, 20_000)
    vm.type('uname -m; tty\r')
    const seen = await vm.expect(new RegExp(`/dev/${port}[^]*tiny:~# `), 20_000)
    expect(seen).toContain(arch)
    // Its own words tell that it runs: Ctrl-C before that would reach nobody.
    vm.type(`sh -c 'echo under-""way; exec sleep 1000'\r`)
    await vm.expect(/under-way/, 20_000)
    vm.type('\x03')
    await vm.expect(/tiny:~# /, 20_000)
    vm.type('until ifconfig eth0 | grep "inet addr"; do usleep 100000; done\r')
    await vm.expect(/inet addr:10\.0\.2\.15/, 20_000)
    await vm.powerButton()
    await vm.exit
  })

  it('powers off by itself in a self-test', async () => {
    vm = bootVm(bench.exec, tinyArgv('x86_64', 'no_timer_check console=ttyS0 bailiwick.selftest'), join(folder, 'qmp-self'))
    await vm.expect(/bailiwick-tiny ready/, 60_000)
    await vm.exit
  })

  it('is not built over itself, and leaves nothing when it is cancelled', async () => {
    await expect(build('tiny', 'x86_64')).rejects.toMatchObject({ code: 'conflict' })
    await bench.run({ kind: 'remove', host: 'local', id: 'tiny-linux-aarch64' })
    const anna = { id: 'u-anna', name: 'anna', role: 'admin' } as const
    const { id } = await bench.images.request({ kind: 'build', host: 'local', recipe: 'tiny', arch: 'aarch64' }, anna)
    await bench.jobs.cancel(id, anna)
    expect((await bench.jobs.finished(id)).state).toBe('cancelled')
    expect(await readdir(join(folder, 'store', 'images'))).toEqual(['tiny-linux-x86_64'])
  })
})

describe('a first start', () => {
  it('makes Tiny Linux for every arch that QEMU is installed for, and the next one makes nothing', async () => {
    const jobs = async () => (await bench.jobs.list({ limit: 200 })).filter(({ user }) => user === 'system')
    await bench.images.prepare()
    expect(bench.images.list('local').map(({ id }) => id)).toEqual(expect.arrayContaining(['tiny-linux-x86_64', 'tiny-linux-aarch64']))
    const first = await jobs()
    expect(first.every(({ state, kind }) => state === 'done' && kind === 'image.build')).toBe(true)
    expect(first.length).toBeGreaterThan(0)
    await bench.images.prepare()
    expect(await jobs()).toHaveLength(first.length)
  })
})

describe('Debian', () => {
  it('as a disk boots by itself, grows, and does as its seed says', { timeout: 900_000 }, async () => {
    const { version } = await debianRelease(bench.exec)
    const job = await build('debian-disk', 'x86_64')
    expect(job.error).toBeUndefined()
    const image = find(`debian-${version}-x86_64`)
    expect(image).toMatchObject({ kind: 'disk', format: 'qcow2', cloudInit: true })
    const overlay = join(folder, 'disk.qcow2')
    await bench.exec.read(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', image.files.disk ?? '', overlay, '9G'])
    const key = `ssh-ed25519 ${'A'.repeat(68)} anna`
    await writeFile(join(folder, 'meta-data'), 'instance-id: im-1\nlocal-hostname: im-web\n')
    await writeFile(
      join(folder, 'user-data'),
      `#cloud-config\nusers:\n  - name: anna\n    shell: /bin/bash\n    sudo: ALL=(ALL) NOPASSWD:ALL\n    lock_passwd: false\n    plain_text_passwd: secret-word\n    ssh_authorized_keys: ['${key}']\n`,
    )
    const agent = join(folder, 'agent.sock')
    const seed = join(folder, 'seed.iso')
    await bench.exec.read([
      'genisoimage',
      '-quiet',
      '-V',
      'cidata',
      '-J',
      '-r',
      '-o',
      seed,
      join(folder, 'meta-data'),
      join(folder, 'user-data'),
    ])
    vm = bootVm(
      bench.exec,
      [
        ...machines.x86_64,
        '-accel',
        'tcg',
        '-m',
        '1024',
        '-drive',
        `file=${overlay},if=virtio`,
        '-cdrom',
        seed,
        '-nic',
        'user,model=virtio',
        // The channel that libvirt gives each VM for its guest agent.
        ...['-device', 'virtio-serial', '-chardev', `socket,path=${agent},server=on,wait=off,id=agent`],
        ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
      ],
      join(folder, 'qmp-debian'),
    )
    await vm.expect(/im-web login: /, 300_000)
    await vm.expect(/Cloud-init.*finished/, 120_000)
    vm.type('\r')
    await vm.expect(/im-web login: /, 30_000)
    vm.type('anna\r')
    await vm.expect(/assword: /, 30_000)
    vm.type('secret-word\r')
    await vm.expect(/anna@im-web:\S*\$ /, 60_000)
    vm.type('cat .ssh/authorized_keys; df -BG --output=size / | tail -1; cloud-init status; systemctl is-system-running; echo all-""told\r')
    const seen = await vm.expect(/all-told/, 60_000)
    expect(seen).toContain(key)
    expect(seen).toMatch(/\n\s*9G/)
    expect(seen).toContain('status: done')
    await demandAgent(agent)
    await vm.powerButton()
    await vm.exit
    await leave(image.id)
  })
})
