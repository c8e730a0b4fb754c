import type { VmProfile } from '@/server/model/catalog'
import { formatBytes } from '@/server/model/size'
import type { VmSpec } from '@/server/model/spec'
import type { Values } from './argv'
import { keySteps } from './plan-keys'
import { downloadMs, invalid, type Making, refuse, step } from './plan-parts'
import type { Known } from './types'

type Catalog = Awaited<ReturnType<Known['catalog']>>
type Profiles = NonNullable<Catalog['profiles']>

const at = (field: string) => `operation.spec.${field}`
const origins = {
  jname: at('name'),
  vm_os_type: at('profile'),
  vm_os_profile: at('profile'),
  flavor: at('flavour'),
  imgsize: at('diskBytes'),
  vm_cpus: at('cpus'),
  vm_ram: at('memoryBytes'),
  interface: at('network'),
  ci_ip4_addr: at('address'),
  ci_gw4: at('gateway'),
  ci_user_add: at('access.user'),
  ci_user_pw_user: at('access.password'),
  ci_user_pubkey: at('access.sshKeys'),
}
const programs = { bhyve: 'bhyve', qemu: 'QEMU' } as const

function chosen(spec: VmSpec, profiles: Profiles): { profile: VmProfile; hypervisor: 'bhyve' | 'qemu' } {
  if (spec.image !== null) throw invalid('CBSD makes VMs from profiles, not from images', at('image'))
  if (spec.iso !== null) throw invalid('The profile brings its own ISO; attach another once the VM is there', at('iso'))
  const profile = profiles.vm.find((each) => each.id === spec.profile)
  if (!profile) throw invalid(spec.profile ? `There is no profile ${spec.profile} on this host` : 'Choose a profile', at('profile'))
  const allowed = profiles.hypervisors.find((each) => each.allowed === true && profile.hypervisors.includes(each.id))?.id
  const hypervisor = spec.hypervisor ?? allowed ?? 'bhyve'
  const may = profiles.hypervisors.find((each) => each.id === hypervisor)?.allowed ?? `This host has no ${programs[hypervisor]}`
  if (may !== true) throw refuse(may, at('hypervisor'))
  if (!profile.hypervisors.includes(hypervisor))
    throw invalid(`The profile ${profile.title} is not made for ${programs[hypervisor]}`, at('hypervisor'))
  return { profile, hypervisor }
}

/** Processors, memory and disk: by a flavour, or one by one. */
function sizes(spec: VmSpec, profile: VmProfile, profiles: Profiles): { values: Values; fields: Making['fields']; disk?: number } {
  if (spec.flavour) {
    const flavour = profiles.flavours.find((each) => each.id === spec.flavour)
    if (!flavour) throw invalid(`There is no flavour ${spec.flavour} on this host`, at('flavour'))
    return {
      values: { flavor: flavour.id },
      fields: { cpus: flavour.cpus, memoryBytes: flavour.memoryBytes },
      disk: flavour.diskBytes,
    }
  }
  const disk = spec.diskBytes ?? profile.defaultDiskBytes
  if (disk === undefined) throw invalid('Give its disk a size', at('diskBytes'))
  return {
    values: { vm_cpus: spec.cpus, vm_ram: spec.memoryBytes, imgsize: disk },
    fields: { cpus: spec.cpus, memoryBytes: spec.memoryBytes },
    disk,
  }
}

/** What cloud-init is told. Only profiles with a ready disk have it. */
function cloudValues(spec: VmSpec, profile: VmProfile): Values {
  const asked = spec.access ?? spec.address ?? spec.gateway
  if (!profile.cloud) {
    if (asked) throw invalid('An installer asks for account and address itself: choose a cloud profile, or leave them out', at('access'))
    return {}
  }
  if (spec.address && /^[0-9a-f.:]+$/i.test(spec.address) && !spec.address.includes('/'))
    throw invalid('Give the length of its network too, such as 10.0.0.5/24', at('address'))
  const fixed = spec.address !== undefined && !spec.address.startsWith('DHCP')
  if (spec.gateway && !fixed) throw invalid('With DHCP the gateway comes by itself', at('gateway'))
  const { access } = spec
  return {
    ci_ip4_addr: spec.address ?? 'DHCP',
    ...(spec.gateway ? { ci_gw4: spec.gateway } : {}),
    ...(access ? { ci_user_add: access.user } : {}),
    ...(access?.password ? { ci_user_pw_user: access.password } : {}),
  }
}

/** A bhyve VM or QEMU guest from an ISO or cloud profile. Reads the catalogue; changes nothing. */
export async function planVm(spec: VmSpec, known: Known): Promise<Making> {
  const { cbsd } = known
  const catalog = await known.catalog()
  const { profiles } = catalog
  if (!profiles) throw refuse('The profiles of this host could not be read')
  const { profile, hypervisor } = chosen(spec, profiles)
  if (!cbsd.info.arches.some((each) => each.arch === spec.arch)) throw refuse(`This host runs no ${spec.arch} VMs`, at('arch'))
  if (spec.network === null) throw refuse('CBSD gives every VM a network card: choose a network', at('network'))
  if (!catalog.networks.some((each) => each.name === spec.network))
    throw invalid(`There is no network ${spec.network} on this host`, at('network'))
  const { values, fields, disk } = sizes(spec, profile, profiles)
  if (disk !== undefined && profile.minDiskBytes !== undefined && disk < profile.minDiskBytes)
    throw invalid(
      `${profile.title} needs a disk of ${formatBytes(profile.minDiskBytes)} or more`,
      spec.flavour ? at('flavour') : at('diskBytes'),
    )
  const cloud = cloudValues(spec, profile)
  const keys = keySteps(cbsd, spec.name, spec.access?.sshKeys ?? [], at('access.sshKeys'))
  const letter = hypervisor === 'bhyve' ? 'b' : 'q'
  const [osType = '', ...name] = profile.id.split('/')
  const create = step(
    cbsd,
    `Create the VM ${spec.name} from ${profile.title}`,
    `${letter}create`,
    {
      jname: spec.name,
      vm_os_type: osType,
      vm_os_profile: name.join('/'),
      ...values,
      interface: spec.network,
      ...cloud,
      ...(keys.value ? { ci_user_pubkey: keys.value } : {}),
      astart: spec.autostart,
      runasap: false,
      inter: false,
    },
    { timeoutMs: downloadMs, progress: 'percent', origins, secrets: spec.access?.password ? [spec.access.password] : undefined },
  )
  return {
    letter,
    steps: [...keys.before, create, ...keys.after],
    fields: { ...fields, autostart: spec.autostart },
    warnings: warningsOf(spec, profile, fields, catalog),
  }
}

function warningsOf(spec: VmSpec, profile: VmProfile, fields: Making['fields'], { limits }: Catalog): string[] {
  const warnings: string[] = []
  const what = profile.cloud ? 'disk' : 'ISO'
  warnings.push(`Its first start fetches the ${what} of ${profile.title} if it is not here yet, which may take long.`)
  if (!profile.cloud) warnings.push('It waits at its first start until somebody opens its screen (VNC).')
  if (profile.cloud && spec.access && !spec.access.password && spec.access.sshKeys.length === 0)
    warnings.push('Nobody can sign in: the account has neither a password nor a key.')
  if (spec.access?.password) warnings.push('The password stands on the command line of CBSD while the VM is created.')
  if ((fields.cpus ?? 0) > limits.cpus) warnings.push(`The host has only ${limits.cpus} processors.`)
  if ((fields.memoryBytes ?? 0) > limits.memoryBytes) warnings.push(`The host has only ${formatBytes(limits.memoryBytes)} of memory.`)
  return warnings
}
