import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '@/server/model/capability'
import type { ProfileCatalog, VmProfile } from '@/server/model/catalog'
import { GiB, MiB } from '@/server/model/size'
import { guestSpec } from '@/server/model/spec'
import {
  chooseJail,
  chooseVm,
  jailSpecOf,
  ownArch,
  type ProfileDraft,
  type Shared,
  usualProfile,
  usualUser,
  vmSpecOf,
} from './profile-draft'
import { faultOf, unplaced } from './typed'

const vm = (id: string, title: string, change: Partial<VmProfile> = {}): VmProfile => ({
  id,
  title,
  osType: 'linux',
  cloud: id.includes('cloud'),
  hypervisors: ['bhyve', 'qemu'],
  ...change,
})
const profiles: ProfileCatalog = {
  hypervisors: [
    { id: 'bhyve', title: 'bhyve', allowed: true },
    { id: 'qemu', title: 'QEMU', allowed: true },
  ],
  vm: [
    vm('linux/cloud-Alma-9-x86_64', 'AlmaLinux: 9.3 (cloud)', { hypervisors: ['bhyve'] }),
    vm('linux/cloud-Debian-x86-9', 'Debian: 9 (cloud)'),
    vm('linux/cloud-Debian-x86-12', 'Debian: 12 (cloud)', { minDiskBytes: 20 * GiB, defaultDiskBytes: 5 * GiB }),
    vm('linux/cloud-firestarter-debian-11', 'Debian: Firestarter 11 (cloud)'),
    vm('linux/TinyCore-x86-15', 'TinyCore: 15'),
  ],
  jail: [
    { id: 'trusted', title: 'Trusted', linux: false },
    { id: 'default', title: 'Default', linux: false },
    { id: 'ubuntu_jammy', title: 'Ubuntu', linux: true },
  ],
  releases: [
    { version: '14.1', arch: 'amd64', platform: 'FreeBSD', present: true },
    { version: '13.2', arch: 'amd64', platform: 'FreeBSD', present: false },
    { version: '14.1', arch: 'aarch64', platform: 'FreeBSD', present: false },
    { version: 'bookworm', arch: 'amd64', platform: 'Linux', present: true },
  ],
  flavours: [{ id: 'small1', cpus: 1, memoryBytes: GiB, diskBytes: 10 * GiB }],
  jailArches: ['aarch64'],
  vnet: true,
}
const limits = { cpus: 8, memoryBytes: 16 * GiB }
const chosen = { network: 'auto', start: true }
const draft = (change: Partial<ProfileDraft & Shared> = {}): ProfileDraft & Shared => ({
  name: 'web1',
  password: '',
  key: '',
  autostart: false,
  ...change,
})
const makeVm = (change: Partial<ProfileDraft & Shared> = {}) => {
  const asked = draft(change)
  return vmSpecOf(asked, chooseVm(asked, profiles, limits), 'x86_64', chosen)
}
const makeJail = (change: Partial<ProfileDraft & Shared> = {}, may = { vnet: true, limits: true }) => {
  const asked = draft(change)
  return jailSpecOf(asked, chooseJail(asked, profiles, 'x86_64'), may, chosen)
}
const noInfo: EngineInfo = { kind: 'cbsd', name: 'CBSD', version: '14', details: [], guestTypes: {}, arches: [], operations: {} }
const faults = (spec: unknown) => guestSpec.safeParse(spec).error?.issues.map((issue) => issue.path.join('.')) ?? []

describe('a VM from a profile', () => {
  it('needs nothing but a name', () => {
    const spec = makeVm()
    expect(faults(spec)).toEqual([])
    expect(spec).toMatchObject({
      hypervisor: 'bhyve',
      profile: 'linux/cloud-Debian-x86-12',
      address: 'DHCP',
      network: 'auto',
      access: null,
    })
    expect(spec.diskBytes).toBe(20 * GiB)
  })

  it('takes the newest Debian of the clouds, by number', () => {
    expect(usualProfile(profiles.vm)?.id).toBe('linux/cloud-Debian-x86-12')
    expect(usualProfile(profiles.vm.filter((each) => !each.id.includes('Debian')))?.id).toBe('linux/cloud-Alma-9-x86_64')
  })

  it('guesses the account from the title', () => {
    expect(usualUser(profiles.vm[0])).toBe('almalinux')
    expect(usualUser(undefined)).toBe('admin')
  })

  it('leaves a profile that the hypervisor cannot run', () => {
    const choice = chooseVm(draft({ hypervisor: 'qemu', profile: 'linux/cloud-Alma-9-x86_64' }), profiles, limits)
    expect(choice.profile?.id).toBe('linux/cloud-Debian-x86-12')
    expect(choice.list.map(({ id }) => id)).not.toContain('linux/cloud-Alma-9-x86_64')
  })

  it('never takes a hypervisor that the host refuses', () => {
    const refused = {
      ...profiles,
      hypervisors: profiles.hypervisors.map((each) => ({ ...each, allowed: each.id === 'qemu' || 'no VT-x' })),
    }
    expect(chooseVm(draft({ hypervisor: 'bhyve' }), refused, limits).hypervisor?.id).toBe('qemu')
  })

  it('lets a flavour take the place of the sizes typed', () => {
    expect(makeVm({ flavour: 'small1', cpus: 'two', memory: 'much' })).toMatchObject({
      flavour: 'small1',
      cpus: 1,
      memoryBytes: GiB,
      diskBytes: 10 * GiB,
    })
  })

  it('sends nothing of cloud-init with an ISO', () => {
    const spec = makeVm({ profile: 'linux/TinyCore-x86-15', fixed: true, address: '10.0.0.5', user: 'x', password: 'secret' })
    expect(spec.access).toBeNull()
    expect(spec.address).toBeUndefined()
  })

  it('has all faults named at once', () => {
    expect(faults(makeVm({ name: '9 lives', cpus: 'two', memory: 'x', disk: '', fixed: true, address: 'here', user: 'No One' }))).toEqual(
      expect.arrayContaining(['name', 'cpus', 'memoryBytes', 'diskBytes', 'address', 'access.user']),
    )
  })
})

describe('a jail', () => {
  it('needs nothing but a name', () => {
    const spec = makeJail()
    expect(faults(spec)).toEqual([])
    expect(spec).toMatchObject({ profile: 'default', release: 'native', vnet: false, ownBase: false, address: 'DHCP' })
  })

  it('offers the releases of the instruction set chosen', () => {
    const versions = (change: ProfileDraft) => chooseJail(change, profiles, 'x86_64').releases.map(({ version }) => version)
    expect(versions({})).toEqual(['14.1', '13.2'])
    expect(versions({ emulate: 'aarch64' })).toEqual(['14.1'])
    expect(chooseJail({ release: '13.2' }, profiles, 'amd64').known?.present).toBe(false)
  })

  it('gives a Linux profile its own base and neither release nor emulation', () => {
    expect(makeJail({ jailProfile: 'ubuntu_jammy', release: '14.1', emulate: 'aarch64', ownBase: false })).toMatchObject({
      release: 'native',
      emulate: undefined,
      ownBase: true,
    })
  })

  it('has a gateway only with a network stack of its own and a fixed address', () => {
    expect(makeJail({ vnet: true, fixed: true, address: '10.0.0.5/24', gateway: '10.0.0.1' }).gateway).toBe('10.0.0.1')
    expect(makeJail({ vnet: true, gateway: '10.0.0.1' }).gateway).toBeUndefined()
    expect(
      makeJail({ vnet: true, fixed: true, address: '10.0.0.5', gateway: '10.0.0.1' }, { vnet: false, limits: true }).gateway,
    ).toBeUndefined()
  })

  it('splits packages, and limits only where the host accounts', () => {
    const typed = { packages: 'nginx, vim\n tmux', jailMemory: '512m', cpuPercent: '50' }
    expect(makeJail(typed)).toMatchObject({ packages: ['nginx', 'vim', 'tmux'], memoryBytes: 512 * MiB, cpuPercent: 50 })
    expect(makeJail(typed, { vnet: true, limits: false }).memoryBytes).toBeUndefined()
  })

  it('has all faults named at once', () => {
    expect(
      faults(
        makeJail({ name: 'Big', jailMemory: 'much', cpuPercent: 'x', packages: '$(touch)', key: 'nonsense', fixed: true, hostName: 'a_b' }),
      ),
    ).toEqual(expect.arrayContaining(['name', 'memoryBytes', 'cpuPercent', 'packages.0', 'sshKeys.0', 'address', 'hostName']))
  })
})

describe('the host', () => {
  it('is known by the names of FreeBSD too', () => {
    expect(ownArch('amd64', undefined)).toBe('x86_64')
    expect(ownArch('arm64', undefined)).toBe('aarch64')
    expect(ownArch(undefined, undefined)).toBe('x86_64')
    const only: EngineInfo = { ...noInfo, arches: [{ arch: 'i686', accel: 'tcg', why: '' }] }
    expect(ownArch('x86_64', only)).toBe('i686')
    expect(ownArch('x86_64', noInfo)).toBe('x86_64')
  })
})

describe('faults', () => {
  it('are found at their input, those of lists too, and none is lost', () => {
    const errors = { name: 'a', 'sshKeys.2': 'b', iso: 'c' }
    expect(faultOf(errors, 'sshKeys')).toBe('b')
    expect(unplaced(errors, ['name', 'sshKeys'])).toEqual(['iso: c'])
  })
})
