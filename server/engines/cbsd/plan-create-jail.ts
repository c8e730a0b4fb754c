import { formatBytes } from '@/server/model/size'
import type { JailSpec } from '@/server/model/spec'
import type { Values } from './argv'
import { limitsOff } from './guest-rules'
import { keySteps } from './plan-keys'
import { downloadMs, invalid, type Making, refuse, step } from './plan-parts'
import type { Known } from './types'

const at = (field: string) => `operation.spec.${field}`

/** How CBSD and QEMU call an instruction set that is emulated for a jail. */
const foreign = {
  aarch64: { emulator: 'qemu-aarch64-static', arch: 'arm64' },
  armv7: { emulator: 'qemu-arm-static', arch: 'arm' },
  ppc64: { emulator: 'qemu-ppc64-static', arch: 'powerpc' },
  mips64: { emulator: 'qemu-mips64-static', arch: 'mips' },
  riscv64: { emulator: 'qemu-riscv64-static', arch: 'riscv' },
} as const

const origins = {
  jname: at('name'),
  host_hostname: at('hostName'),
  ver: at('release'),
  jprofile: at('profile'),
  ip4_addr: at('address'),
  ci_gw4: at('gateway'),
  interface: at('network'),
  pkglist: at('packages'),
}

function foreignValues(spec: JailSpec): Values {
  if (!spec.emulate) return {}
  const { emulator, arch } = foreign[spec.emulate]
  return {
    emulator,
    arch,
    exec_start: `/bin/${emulator} /bin/sh /etc/rc`,
    exec_stop: `/bin/${emulator} /bin/sh /etc/rc.shutdown`,
  }
}

/** What of the choice does not fit together, or is not on this host. */
function demand(spec: JailSpec, profiles: NonNullable<Awaited<ReturnType<Known['catalog']>>['profiles']>): { linux: boolean } {
  const profile = profiles.jail.find((each) => each.id === spec.profile)
  if (!profile) throw invalid(`There is no jail profile ${spec.profile} on this host`, at('profile'))
  if (spec.vnet && profiles.vnet !== true) throw refuse(profiles.vnet, at('vnet'))
  if (spec.gateway && !spec.vnet) throw invalid('Only a jail with a network stack of its own has a gateway', at('gateway'))
  if (spec.release === 'empty' && spec.start) throw invalid('An empty jail has nothing to start: leave starting out', at('start'))
  if (spec.emulate && profile.linux) throw invalid('A Linux jail has the instruction set of this host', at('emulate'))
  if (spec.emulate && !profiles.jailArches.includes(spec.emulate))
    throw refuse(`This host cannot emulate ${spec.emulate} for jails: install emulators/qemu-user-static and start it`, at('emulate'))
  if (spec.packages.length > 0 && (profile.linux || spec.release === 'empty' || spec.emulate))
    throw invalid('Packages are installed in FreeBSD jails of this host’s own instruction set only', at('packages'))
  return { linux: profile.linux }
}

/** The limits a jail starts with, where the host accounts for them. */
function limits(spec: JailSpec, { cbsd }: Known) {
  const { cpuPercent, memoryBytes, diskBytes, name } = spec
  if (cpuPercent === undefined && memoryBytes === undefined && diskBytes === undefined) return []
  if (!cbsd.node.racct) throw refuse(limitsOff, at('memoryBytes'))
  if (diskBytes !== undefined && !cbsd.node.zfs) throw refuse('The disk of a jail can be limited on ZFS only', at('diskBytes'))
  const values: Values = { mode: 'set', jname: name }
  if (cpuPercent !== undefined) values.pcpu = String(cpuPercent)
  if (memoryBytes !== undefined) values.memoryuse = sized(memoryBytes, at('memoryBytes'))
  if (diskBytes !== undefined) values.fsquota = sized(diskBytes, at('diskBytes'))
  return [step(cbsd, 'Set its limits', 'jrctl', values)]
}

/** Bytes with a unit, as text. */
function sized(bytes: number, field: string): string {
  const mebi = bytes / 1024 ** 2
  if (!Number.isInteger(mebi)) throw invalid('A whole number of MiB', field)
  return `${mebi}m`
}

/** A FreeBSD jail, a Linux jail, or one of another instruction set. Reads the catalogue; changes nothing. */
export async function planJail(spec: JailSpec, known: Known): Promise<Making> {
  const { cbsd } = known
  const catalog = await known.catalog()
  if (!catalog.profiles) throw refuse('The profiles of this host could not be read')
  const { linux } = demand(spec, catalog.profiles)
  if (spec.network !== null && !catalog.networks.some((each) => each.name === spec.network))
    throw invalid(`There is no network ${spec.network} on this host`, at('network'))
  const keys = keySteps(cbsd, spec.name, spec.sshKeys, at('sshKeys'))
  const values: Values = {
    jname: spec.name,
    host_hostname: spec.hostName ?? `${spec.name}.${domain(cbsd.node.local.domain)}`,
    jprofile: spec.profile,
    ...(linux ? {} : { ver: spec.release }),
    ip4_addr: spec.network === null ? '0' : spec.address,
    interface: spec.network ?? '0',
    vnet: spec.vnet,
    ...(spec.gateway ? { ci_gw4: spec.gateway } : {}),
    // A Linux jail brings a system of its own, and its profile says so.
    ...(linux ? {} : { baserw: spec.ownBase || spec.release === 'empty' }),
    astart: spec.autostart,
    pkg_bootstrap: spec.packages.length > 0,
    ...(spec.packages.length > 0 ? { pkglist: spec.packages.join(' ') } : {}),
    ...(keys.value ? { ci_user_pubkey: keys.value } : {}),
    ...foreignValues(spec),
    runasap: false,
    inter: false,
  }
  const create = step(cbsd, `Create the jail ${spec.name}`, 'jcreate', values, {
    timeoutMs: downloadMs,
    progress: 'percent',
    origins: { ...origins, ci_user_pubkey: at('sshKeys') },
  })
  return {
    letter: 'j',
    steps: [...keys.before, create, ...keys.after, ...limits(spec, known)],
    fields: { autostart: spec.autostart },
    warnings: warningsOf(spec, catalog),
  }
}

const domain = (said: string | number | null | undefined) => (typeof said === 'string' && /^[a-z0-9.-]+$/i.test(said) ? said : 'my.domain')

function warningsOf(spec: JailSpec, catalog: Awaited<ReturnType<Known['catalog']>>): string[] {
  const warnings: string[] = []
  const releases = catalog.profiles?.releases ?? []
  const profile = catalog.profiles?.jail.find((each) => each.id === spec.profile)
  const versioned = spec.release !== 'native' && spec.release !== 'empty'
  if (!profile?.linux && versioned && !releases.some((each) => each.version === spec.release && each.present))
    warnings.push(`The base of ${spec.release} is fetched first, which takes minutes.`)
  if (profile?.linux) warnings.push('Its Linux system is fetched first if it is not here yet, which takes minutes.')
  if (spec.emulate) warnings.push(`Every program in it is emulated (${spec.emulate}): about 10 times slower.`)
  if (spec.release === 'empty') warnings.push('It is empty: it can start once you have put a system into it.')
  if (spec.ownBase) warnings.push('A base of its own takes about 1 GiB and is not updated with the others.')
  if (spec.memoryBytes !== undefined && spec.memoryBytes > catalog.limits.memoryBytes)
    warnings.push(`The host has only ${formatBytes(catalog.limits.memoryBytes)} of memory.`)
  return warnings
}
