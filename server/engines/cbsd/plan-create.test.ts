import { describe, expect, test } from 'vitest'
import type { Step } from '@/server/model/plan'
import { GiB, MiB } from '@/server/model/size'
import { type GuestSpec, guestSpec } from '@/server/model/spec'
import { aJail, type Given, knownOf } from './fixture-known'
import { planCbsd } from './plan'

const create = (spec: object, given: Given = {}) =>
  planCbsd({ kind: 'create', spec: guestSpec.parse(spec) satisfies GuestSpec }, knownOf(given))
const argvOf = (step: Step | undefined) => (step && 'argv' in step ? [...step.argv] : [])
/** The words of the step that creates, without those that every line has. */
const words = async (spec: object, given?: Given) => {
  const steps = (await create(spec, given)).steps.map(argvOf)
  return steps.find((argv) => /^[jbq]create$/.test(argv[4] ?? ''))?.slice(4) ?? []
}

const jail = { type: 'jail', name: 'web1', network: 'auto' }
const vm = { type: 'vm', name: 'vm1', image: null, arch: 'x86_64', cpus: 2, memoryBytes: GiB, diskBytes: 8 * GiB, network: 'auto' }
const cloud = { ...vm, profile: 'linux/cloud-Debian-x86-12' }
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ anna@laptop'

describe('jails', () => {
  test('a plain one', async () => {
    expect(await words(jail)).toEqual([
      ...['jcreate', 'jname=web1', 'host_hostname=web1.my.domain', 'jprofile=default', 'ver=native', 'ip4_addr=DHCP', 'interface=auto'],
      ...['vnet=0', 'baserw=0', 'astart=0', 'pkg_bootstrap=0', 'runasap=0', 'inter=0'],
    ])
  })
  test('with everything', async () => {
    const spec = {
      ...{ ...jail, release: '14.1', vnet: true, gateway: '10.0.0.1', address: '10.0.0.5/24', ownBase: true, autostart: true },
      ...{ packages: ['nginx', 'vim-tiny'], sshKeys: [key], hostName: 'www.example.org' },
    }
    expect(await words(spec)).toEqual([
      ...[
        'jcreate',
        'jname=web1',
        'host_hostname=www.example.org',
        'jprofile=default',
        'ver=14.1',
        'ip4_addr=10.0.0.5/24',
        'interface=auto',
      ],
      ...['vnet=1', 'ci_gw4=10.0.0.1', 'baserw=1', 'astart=1', 'pkg_bootstrap=1', 'pkglist=nginx vim-tiny', `ci_user_pubkey=${key}`],
      ...['runasap=0', 'inter=0'],
    ])
  })
  test('Linux: the profile brings release and base', async () => {
    const made = await words({ ...jail, profile: 'debian_bookworm' })
    expect(made).toContain('jprofile=debian_bookworm')
    expect(made.filter((word) => /^(ver|baserw)=/.test(word))).toEqual([])
  })
  test('another instruction set', async () => {
    const made = await words({ ...jail, emulate: 'riscv64' })
    expect(made).toEqual(
      expect.arrayContaining([
        ...['emulator=qemu-riscv64-static', 'arch=riscv', 'pkg_bootstrap=0'],
        ...['exec_start=/bin/qemu-riscv64-static /bin/sh /etc/rc', 'exec_stop=/bin/qemu-riscv64-static /bin/sh /etc/rc.shutdown'],
      ]),
    )
  })
  test('limits are set before it starts', async () => {
    const { steps } = await create({ ...jail, cpuPercent: 50, memoryBytes: 512 * MiB })
    expect(steps.map((step) => argvOf(step).slice(3).join(' ')).slice(-3)).toEqual([
      'cbsd jrctl mode=set jname=web1 pcpu=50 memoryuse=512m',
      'cbsd jget mode=quiet jname=web1 astart',
      'cbsd jstart jname=web1 inter=0',
    ])
  })
  test.each<[object, object, Given?]>([
    [{ profile: 'nope' }, { code: 'invalid', field: 'operation.spec.profile' }],
    [{ network: 'nope' }, { code: 'invalid', field: 'operation.spec.network' }],
    [{ name: 'web-1' }, { code: 'invalid', field: 'operation.spec.name' }],
    [{ name: 'web' }, { code: 'conflict', field: 'operation.spec.name' }],
    [{ release: 'empty' }, { code: 'invalid', field: 'operation.spec.start' }],
    [{ emulate: 'mips64' }, { code: 'refused', field: 'operation.spec.emulate' }],
    [{ vnet: true }, { code: 'refused', message: 'no VIMAGE' }, { catalog: { vnet: 'no VIMAGE' } }],
    [{ gateway: '10.0.0.1' }, { code: 'invalid', field: 'operation.spec.gateway' }],
    [{ memoryBytes: GiB }, { code: 'refused' }, { node: { racct: false } }],
    [
      { profile: 'debian_bookworm', packages: ['vim'] },
      { code: 'invalid', field: 'operation.spec.packages' },
    ],
  ])('%j', async (more, error, given) => {
    await expect(create({ ...jail, ...more }, given)).rejects.toMatchObject(error)
  })
})

describe('VMs', () => {
  test('bhyve from an ISO', async () => {
    const made = await create({ ...vm, profile: 'linux/TinyCore-x86-15', autostart: true })
    expect(await words({ ...vm, profile: 'linux/TinyCore-x86-15', autostart: true })).toEqual([
      ...['bcreate', 'jname=vm1', 'vm_os_type=linux', 'vm_os_profile=TinyCore-x86-15', 'vm_cpus=2', 'vm_ram=1g', 'imgsize=8g'],
      ...['interface=auto', 'astart=1', 'runasap=0', 'inter=0'],
    ])
    expect(made.expect).toEqual({
      ...{ kind: 'guest', name: 'vm1', states: ['running'] },
      fields: { cpus: 2, memoryBytes: GiB, autostart: true },
    })
    expect(made.warnings.join(' ')).toMatch(/fetches the ISO.*screen \(VNC\)/)
  })
  test('QEMU from a cloud profile, with account and fixed address', async () => {
    const access = { user: 'anna', password: 'geheim-genug', sshKeys: [key] }
    const spec = { ...cloud, hypervisor: 'qemu', access, address: '10.0.0.5/24', gateway: '10.0.0.1', start: false }
    expect(await words(spec)).toEqual([
      ...['qcreate', 'jname=vm1', 'vm_os_type=linux', 'vm_os_profile=cloud-Debian-x86-12', 'vm_cpus=2', 'vm_ram=1g', 'imgsize=8g'],
      ...['interface=auto', 'ci_ip4_addr=10.0.0.5/24', 'ci_gw4=10.0.0.1', 'ci_user_add=anna', 'ci_user_pw_user=geheim-genug'],
      ...[`ci_user_pubkey=${key}`, 'astart=0', 'runasap=0', 'inter=0'],
    ])
    const made = await create(spec)
    expect(made.steps.find((step) => step.secrets)?.secrets).toEqual(['geheim-genug'])
    expect(made.expect).toMatchObject({ states: ['stopped'] })
  })
  test('a flavour takes the place of sizes', async () => {
    const made = await words({ ...cloud, flavour: 'small1' })
    expect(made).toContain('flavor=small1')
    expect(made.filter((word) => /^(vm_cpus|vm_ram|imgsize)=/.test(word))).toEqual([])
    expect((await create({ ...cloud, flavour: 'small1' })).expect).toMatchObject({ fields: { cpus: 1, memoryBytes: GiB } })
  })
  test('several keys go through a file that is there only meanwhile; comments a shell would read are dropped', async () => {
    const { steps } = await create({ ...cloud, access: { user: 'anna', sshKeys: [key, 'ssh-rsa AAAAB3Nz $(touch x)'] } })
    const path = '/usr/jails/tmp/bailiwick-vm1.pub'
    const at = steps.findIndex((step) => 'write' in step)
    expect(steps[at]).toMatchObject({ write: { path, content: `${key}\nssh-rsa AAAAB3Nz\n` }, undo: ['rm', '-f', '--', path] })
    expect(argvOf(steps[at + 1])).toContain(`ci_user_pubkey=${path}`)
    expect(argvOf(steps[at + 2])).toEqual(['rm', '-f', '--', path])
  })
  test.each<[object, object, Given?]>([
    [{ profile: undefined }, { code: 'invalid', message: 'Choose a profile' }],
    [{ image: 'tiny' }, { code: 'invalid', field: 'operation.spec.image' }],
    [{ diskBytes: GiB }, { code: 'invalid', message: expect.stringContaining('4 GiB or more') }],
    [{ flavour: 'huge' }, { code: 'invalid', field: 'operation.spec.flavour' }],
    [{ network: null }, { code: 'refused', field: 'operation.spec.network' }],
    [{ arch: 'riscv64' }, { code: 'refused', field: 'operation.spec.arch' }],
    [{ address: '10.0.0.5' }, { code: 'invalid', field: 'operation.spec.address' }],
    [{ gateway: '10.0.0.1' }, { code: 'invalid', field: 'operation.spec.gateway' }],
    [
      { profile: 'linux/TinyCore-x86-15', access: { user: 'anna' } },
      { code: 'invalid', field: 'operation.spec.access' },
    ],
    [{ access: { user: 'anna', password: 'a"b' } }, { code: 'invalid', field: 'operation.spec.access.password' }],
    [{ memoryBytes: GiB + 1 }, { code: 'invalid', field: 'operation.spec.memoryBytes' }],
    [
      { hypervisor: 'bhyve' },
      { code: 'refused', message: 'no vmm' },
      { catalog: { hypervisors: [{ id: 'bhyve', title: '', allowed: 'no vmm' }] } },
    ],
  ])('%j', async (more, error, given) => {
    await expect(create({ ...cloud, ...more }, given)).rejects.toMatchObject(error)
  })
})

describe('a create that fails leaves nothing', () => {
  test('names are looked at first, and undoing that look removes all of the name', async () => {
    const { steps } = await create(jail)
    expect(argvOf(steps[0]).slice(0, 5)).toEqual(['test', '!', '-e', '/usr/jails/jails-system/web1', '-a'])
    expect(steps[0]?.undo).toEqual([
      ...['rm', '-rf', '--', '/usr/jails/jails-system/web1', '/usr/jails/jails-data/web1-data', '/usr/jails/vm/web1'],
      ...['/usr/jails/jails-rcconf/rc.conf_web1', '/usr/jails/jails-fstab/fstab.web1'],
    ])
    const undo = steps[1]?.undo ?? []
    expect(undo.slice(3, 6)).toEqual(['sh', '/usr/jails', 'web1'])
    expect(undo.slice(6)).toEqual(['env', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'jremove', 'jname=web1', 'inter=0'])
  })
  test('whether it is there is asked before it is started: creating may say 0 and have made nothing', async () => {
    const { steps } = await create(cloud)
    expect(steps.slice(-2).map((step) => argvOf(step).slice(4))).toEqual([
      ['bget', 'mode=quiet', 'jname=vm1', 'astart'],
      ['bstart', 'jname=vm1', 'inter=0'],
    ])
  })
  test('a copy and an import begin the same way', async () => {
    const clone = await planCbsd({ kind: 'clone', name: 'web', newName: 'shop' }, knownOf({ guests: [aJail('web')] }))
    expect(clone.steps.map((step) => argvOf(step)[0])).toEqual(['test', 'test', 'env'])
    expect(argvOf(clone.steps[2]).slice(4)).toEqual([
      ...['jclone', 'old=web', 'new=shop', 'host_hostname=shop.my.domain', 'ip4_addr=DHCP', 'checkstate=1'],
    ])
    expect(clone.locks).toEqual(['guest:web', 'guest:shop'])
    const path = '/usr/jails/export/old.img'
    const made = await planCbsd({ kind: 'import', path, newName: 'back' }, knownOf())
    expect(argvOf(made.steps[2]).slice(4)).toEqual([
      ...['jimport', `jname=${path}`, 'new_jname=back', 'new_host_hostname=back.my.domain', 'new_ip4_addr=DHCP', 'inter=0'],
    ])
    expect(made.steps[0]?.undo).toContain('/usr/jails/jails-system/back')
  })
})
