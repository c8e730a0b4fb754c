import { describe, expect, test } from 'vitest'
import type { Operation } from '@/server/model/operation'
import type { Plan } from '@/server/model/plan'
import { GiB, MiB } from '@/server/model/size'
import { fields } from './fields'
import { aJail, aVm, bhyve, type Given, jail, knownOf, runningJail, runningQemu, runningVm, snapshots } from './fixture-known'
import { planCbsd } from './plan'

const plan = (op: Operation, given?: Given): Promise<Plan> => planCbsd(op, knownOf(given))

describe('who runs it', () => {
  const start: Operation = { kind: 'start', name: 'web' }
  test.each<[Given, string[]]>([
    [{}, ['env', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ cbsdWorkdir: '/zroot/jails' }, ['env', 'NOINTER=1', 'NOCOLOR=1', 'workdir=/zroot/jails', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ become: 'sudo' }, ['sudo', '-n', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
    [{ become: 'doas' }, ['env', 'NOINTER=1', 'NOCOLOR=1', 'doas', '-n', 'cbsd', 'jstart', 'jname=web', 'inter=0']],
  ])('%j', async (given, argv) => expect((await plan(start, given)).steps[0]).toMatchObject({ argv }))
  test('CBSD 15 is asked by the name alone when it takes the key for a part of it, and older ones never are', async () => {
    const start = async (version: string, more: object = {}) => {
      const [step] = (
        await plan(
          { kind: 'start', name: 'vm1', ...more },
          { ...bhyve, node: { version }, become: 'sudo', detail: { checkpoints: [{ key: 'noon' }] } },
        )
      ).steps
      return step && 'argv' in step ? step.otherwise : undefined
    }
    expect(await start('14.1.3a')).toBeUndefined()
    expect(await start('15.0.9', { checkpoint: 'noon' })).toBeUndefined()
    expect(await start('15.0.9')).toEqual({
      said: expect.arrayContaining(['No such domain: jname=vm1']),
      argv: ['sudo', '-n', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'bstart', 'vm1'],
    })
  })
  test('removing folders is done by the same', async () => {
    const made = await plan({ kind: 'debris.remove', debris: 'half' }, { become: 'sudo' })
    expect(made.steps[0]).toMatchObject({ argv: expect.arrayContaining(['sudo', '-n', 'rm', '-rf', '--', '/usr/jails/jails-system/half']) })
  })
})

describe('what decides', () => {
  test('never the exit code of a removal: it is 0 also when nothing was removed', async () => {
    expect((await plan({ kind: 'remove', name: 'web', disks: true })).expect).toEqual({ kind: 'absent', name: 'web' })
  })
  test('settings are read back, except what CBSD replaces and what nobody may see', async () => {
    const made = await plan({ kind: 'set', name: 'vm1', settings: { vm_boot: 'cd', ip4_addr: 'DHCP', vnc_password: 'geheim1' } }, runningVm)
    const entry = { kind: 'detail', name: 'vm1', list: 'settings', present: true }
    expect(made.expect).toMatchObject({
      of: [{ kind: 'guest' }, { ...entry, key: 'vm_boot', value: 'cd' }, { ...entry, key: 'ip4_addr' }, { ...entry, key: 'vnc_password' }],
    })
    expect(JSON.stringify(made.expect)).not.toContain('geheim1')
    expect(made.steps[0]).toMatchObject({ secrets: ['geheim1'] })
    expect(made.warnings).toEqual(['Takes effect at its next start: vm_boot, vnc_password.'])
  })
  test('a rollback: newer snapshots are gone, and that is said before', async () => {
    const made = await plan({ kind: 'snapshot.restore', name: 'vm1', snapshot: 's1' }, { ...bhyve, snapshots })
    expect(made.expect).toMatchObject({ of: [{}, { snapshot: 's1', present: true }, { snapshot: 's2', present: false }] })
    expect(made.warnings.join(' ')).toMatch(/destroyed: s2\..*Only its first disk \(dsk1\.vhd\)/)
  })
  test('a start is long, shows progress, is taken back when cancelled and explains a failure', async () => {
    const [start] = (await plan({ kind: 'start', name: 'vm1' }, bhyve)).steps
    expect(start).toMatchObject({ progress: 'percent', timeoutMs: 6 * 3_600_000 })
    expect(start?.undo?.join(' ')).toContain('bstop jname=vm1 noacpi=1')
    expect(start?.explain).toContain('/usr/jails/jails-system/vm1/bhyve.log')
  })
  test.each([
    ['geheim1\n', ['geheim1']],
    ['cbsd\n', undefined],
  ])('the password of a screen, %j, is masked where CBSD prints it', async (said, secrets) => {
    const asked = ['env', 'NOINTER=1', 'NOCOLOR=1', 'cbsd', 'bget', 'mode=quiet', 'jname=vm1', 'vnc_password']
    const says = (argv: readonly string[]) => (argv.join(' ') === asked.join(' ') ? said : undefined)
    expect((await plan({ kind: 'start', name: 'vm1' }, { ...bhyve, says })).steps[0]?.secrets).toEqual(secrets)
    expect((await plan({ kind: 'restart', name: 'vm1' }, { ...runningVm, says })).steps[0]?.secrets).toEqual(secrets)
  })
  test('taking limits away and setting one that fails puts back those that were', async () => {
    const made = await plan(
      { kind: 'limits', name: 'web', limits: { pcpu: '50' } },
      { ...runningJail, detail: { limits: [{ key: 'pcpu', value: '20' }] } },
    )
    expect(made.steps[0]?.undo?.join(' ')).toContain('jrctl mode=set jname=web pcpu=20')
  })
})

describe('refusals', () => {
  test.each<[string, Operation, Given, object]>([
    ['a guest that is not here', { kind: 'start', name: 'nobody' }, {}, { code: 'not-found' }],
    [
      'protected',
      { kind: 'remove', name: 'web', disks: true },
      { guests: [aJail('web', 'stopped', {}, { protected: true })] },
      { code: 'refused', message: expect.stringContaining('protected') },
    ],
    ['keeping disks', { kind: 'remove', name: 'web', disks: false }, {}, { code: 'refused', field: 'operation.disks' }],
    ['removing what runs', { kind: 'remove', name: 'web', disks: true }, runningJail, { code: 'refused' }],
    ['a copy of another node', { kind: 'start', name: 'web' }, { guests: [aJail('web', 'stopped', { status: 2 })] }, { code: 'refused' }],
    ['maintenance', { kind: 'start', name: 'web' }, { guests: [aJail('web', 'stopped', { status: '3' })] }, { code: 'refused' }],
    [
      'pausing a jail',
      { kind: 'pause', name: 'web' },
      runningJail,
      { code: 'refused', message: 'CBSD cannot pause jails: only bhyve VMs' },
    ],
    ['pausing QEMU', { kind: 'pause', name: 'vm1' }, runningQemu, { code: 'refused' }],
    ['cloning QEMU', { kind: 'clone', name: 'vm1', newName: 'x' }, { guests: [aVm('vm1', 'qemu')] }, { code: 'refused' }],
    [
      'snapshots without ZFS',
      { kind: 'snapshot.create', name: 'web', snapshot: 's' },
      { ...jail, node: { zfs: false } },
      { code: 'refused', message: expect.stringContaining('ZFS') },
    ],
    [
      'rollback of what runs',
      { kind: 'snapshot.restore', name: 'web', snapshot: 's1' },
      { ...runningJail, snapshots },
      { code: 'refused' },
    ],
    [
      'growing without ZFS',
      { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: 20 * GiB },
      { ...bhyve, node: { zfs: false } },
      { code: 'refused' },
    ],
    [
      'shrinking',
      { kind: 'disk.grow', name: 'vm1', disk: 'dsk1.vhd', sizeBytes: GiB },
      bhyve,
      { code: 'invalid', field: 'operation.sizeBytes' },
    ],
    [
      'limits without RACCT',
      { kind: 'limits', name: 'web', limits: { pcpu: '5' } },
      { ...jail, node: { racct: false } },
      { code: 'refused', message: expect.stringContaining('kern.racct.enable') },
    ],
    ['an unknown limit', { kind: 'limits', name: 'web', limits: { path: '5' } }, jail, { code: 'invalid', field: 'operation.limits.path' }],
    [
      'a setting that runs commands',
      { kind: 'set', name: 'web', settings: { exec_master_prestart: 'id' } },
      jail,
      { code: 'invalid', field: 'operation.settings.exec_master_prestart' },
    ],
    [
      'a setting that needs a stop',
      { kind: 'set', name: 'web', settings: { vnet: '1' } },
      runningJail,
      { code: 'refused', field: 'operation.settings.vnet' },
    ],
    ['processors of a jail', { kind: 'set', name: 'web', cpus: 2 }, jail, { code: 'refused' }],
    [
      'memory that is no whole MiB',
      { kind: 'set', name: 'vm1', memoryBytes: 100 * MiB + 1 },
      bhyve,
      { code: 'invalid', field: 'operation.memoryBytes' },
    ],
    ['nothing', { kind: 'set', name: 'web' }, jail, { code: 'invalid' }],
    ['exporting a VM that runs', { kind: 'export', name: 'vm1', compress: 0 }, runningVm, { code: 'refused' }],
    [
      'importing what is no archive',
      { kind: 'import', path: '/etc/passwd', newName: 'x' },
      {},
      { code: 'not-found', field: 'operation.path' },
    ],
    ['moving a jail live', { kind: 'migrate', name: 'web', node: 'node2.my.domain', live: true }, runningJail, { code: 'refused' }],
    ['moving to nobody', { kind: 'migrate', name: 'web', node: 'nix', live: false }, runningJail, { code: 'not-found' }],
    [
      'removing a base in use',
      { kind: 'base.remove', platform: 'FreeBSD', version: '14.1', arch: 'amd64' },
      jail,
      { code: 'refused', message: 'The jail web stands on it' },
    ],
    [
      'a file of the system as a medium',
      { kind: 'media.add', medium: 'a.iso', path: '/etc/shadow' },
      {},
      { code: 'refused', field: 'operation.path' },
    ],
    ['debris that is a guest', { kind: 'debris.remove', debris: 'half' }, { guests: [aJail('half')] }, { code: 'refused' }],
    [
      'debris elsewhere',
      { kind: 'debris.remove', debris: 'half' },
      { host: { debris: [{ key: 'half', path: '/etc/half' }] } },
      { code: 'refused' },
    ],
    [
      'what was unregistered is no debris',
      { kind: 'debris.remove', debris: 'half' },
      { files: { '/usr/jails/jails-system/half/rc.conf_half': '' } },
      { code: 'refused', message: expect.stringContaining('jregister') },
    ],
    [
      'a forward without an address',
      { kind: 'forward.add', name: 'web', proto: 'tcp', hostPort: 1, guestPort: 1 },
      { guests: [aJail('web', 'stopped', {}, { addresses: [] })] },
      { code: 'refused' },
    ],
    [
      'a medium in use',
      { kind: 'media.remove', medium: 'i' },
      { host: { media: [{ key: 'i', path: '/i', kind: 'iso', attachedTo: 'vm1' }] } },
      { code: 'refused' },
    ],
  ])('%s', async (_, op, given, error) => {
    await expect(plan(op, given)).rejects.toMatchObject(error)
  })
})

test('a rule that takes - everywhere but first says so', () => {
  for (const rule of Object.values(fields).filter((each) => / -(?:$|[ ,;:])/.test(each.words) && each.write('a-d') !== null))
    expect(rule.words).toMatch(/first a letter|An absolute path/)
  expect(fields.p9device.write('-d')).toBeNull()
})

test('all settings that are wrong are named at once, each with its own words', async () => {
  const settings = { ip4_addr: 'nowhere', allow_raw_sockets: '2', tags: 'one', vnet: 'perhaps' }
  await expect(plan({ kind: 'set', name: 'web', settings })).rejects.toMatchObject({
    code: 'invalid',
    field: 'operation.settings.ip4_addr',
    faults: ['ip4_addr', 'allow_raw_sockets', 'vnet'].map((key) => ({
      field: `operation.settings.${key}`,
      message: expect.stringContaining(`${key}: `),
    })),
  })
})
