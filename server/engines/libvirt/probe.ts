import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { Exec } from '@/server/exec/types'
import type { AcceleratorEvidence, ArchSupport, EngineInfo, EngineStatus } from '@/server/model/capability'
import { type Arch, arches } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import { type OperationKind, withoutFurther } from '@/server/model/operation'
import { batch, keyValues, virsh, virshWords } from './virsh'

/** libvirt starts every installed QEMU once to learn what it can do: 25 s were seen for sixteen of them on two cores. */
const probeWithinMs = 90_000

const install = 'sudo apt-get install libvirt-daemon-system libvirt-clients qemu-system-x86 qemu-utils'

/** What a person can do about a libvirt that does not answer, where its words tell: a command, for it is there to be copied. */
export function remedy(words: string): string | undefined {
  if (/permission denied|access denied|authentication|polkit/i.test(words))
    return 'sudo usermod -aG libvirt "$USER" && echo "Now sign in again"'
  // libvirtd asks polkit who may use it, over a D-Bus that it looked for when it started.
  if (/system bus connection/i.test(words))
    return 'sudo service dbus start && sudo kill "$(cat /run/libvirtd.pid)" && sleep 3 && sudo libvirtd -d'
  // Modular daemons, one for each driver: libvirt's words name the socket of the one that is missing.
  const modular = /\b(virt[a-z]+d)-sock/.exec(words)?.[1]
  if (modular && modular !== 'virtlogd') return `sudo systemctl enable --now ${modular}.socket || { sudo virtlogd -d; sudo ${modular} -d; }`
  if (/libvirt(d)?[-/].*sock|Failed to connect socket|Cannot recv|end of file/i.test(words))
    return 'sudo systemctl start libvirtd || { sudo virtlogd -d; sudo libvirtd -d; }'
  return undefined
}

/** The driver and the place out of a connection address: "qemu+ssh://me@host/system" is qemu, not local. */
export function readUri(uri: string): { driver: string; local: boolean; path: string } {
  const [, scheme = '', authority = '', path = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)([^?]*)/.exec(uri) ?? []
  return { driver: scheme.split('+')[0] ?? '', local: authority === '' && !/\+(ssh|tcp|tls|libssh2?|ext)/.test(scheme), path }
}

const many = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const domainType = z.looseObject({ '@type': z.string() })
const guestShape = z.looseObject({
  arch: z.looseObject({
    '@name': z.string(),
    emulator: z.string().optional(),
    domain: z.union([domainType, z.array(domainType)]).optional(),
  }),
})
const capabilitiesShape = z.object({
  capabilities: z.looseObject({
    host: z.looseObject({ cpu: z.looseObject({ arch: z.string().default('') }).default({ arch: '' }) }),
    guest: z.union([guestShape, z.array(guestShape)]).optional(),
  }),
})

export type Capabilities = { hostArch: string; guests: { arch: string; emulator?: string; types: string[] }[] }

/** Out of `virsh capabilities`: the host's instruction set, and what the installed emulators run. */
export function parseCapabilities(xml: string): Capabilities {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false })
  const { capabilities } = capabilitiesShape.parse(parser.parse(xml))
  return {
    hostArch: capabilities.host.cpu.arch,
    guests: many(capabilities.guest).map(({ arch }) => ({
      arch: arch['@name'],
      emulator: arch.emulator,
      types: many(arch.domain).map((d) => d['@type']),
    })),
  }
}

/** What a VM of one instruction set would run on, and why. KVM only after it was seen to boot a kernel here with this QEMU. */
export function accelerationOf(
  arch: Arch,
  found: Capabilities,
  evidence: AcceleratorEvidence | undefined,
  now: { qemu: string; kernel: string },
): ArchSupport {
  const support = found.guests.find((guest) => guest.arch === arch)
  const same = arch === found.hostArch || (arch === 'i686' && found.hostArch === 'x86_64')
  if (!same) return { arch, accel: 'tcg', why: `Emulated: ${arch} on an ${found.hostArch} host, slow` }
  if (!support?.types.includes('kvm')) return { arch, accel: 'tcg', why: 'Emulated: this host offers no KVM' }
  if (!evidence) return { arch, accel: 'tcg', why: 'Emulated: KVM has not been tested on this host yet' }
  if (evidence.kvm === 'absent') return { arch, accel: 'tcg', why: 'Emulated, and so slower: this host has no KVM', detail: evidence.why }
  if (evidence.kvm === 'fails')
    return { arch, accel: 'tcg', why: 'Emulated, and so slower: KVM does not work on this host', detail: evidence.why }
  if (evidence.qemu !== now.qemu || evidence.kernel !== now.kernel)
    return { arch, accel: 'tcg', why: `Emulated: KVM was tested with Linux ${evidence.kernel} and QEMU ${evidence.qemu}; test it again` }
  return { arch, accel: 'kvm', why: `KVM: ${evidence.why}, Linux ${evidence.kernel}, QEMU ${evidence.qemu}` }
}

const changing = [
  'create',
  'start',
  'stop',
  'kill',
  'restart',
  'pause',
  'resume',
  'rename',
  'clone',
  'remove',
  'set',
  'snapshot.create',
  'snapshot.restore',
  'snapshot.remove',
] as const satisfies readonly OperationKind[]

/** Which operations make no sense at all behind this address, with the reason. */
export function operationsOf(uri: string): EngineInfo['operations'] {
  const { driver, local } = readUri(uri)
  // With a transport (test+unix://) the state lives in a daemon and lasts.
  if (uri.startsWith('test://'))
    return Object.fromEntries(changing.map((kind) => [kind, "libvirt's test driver forgets everything when a command ends"]))
  if (driver !== 'qemu') {
    const reason = 'Only for VMs that QEMU runs'
    return { create: reason, clone: reason }
  }
  if (!local) {
    const reason = 'The disks are on another machine: add that machine as a host of its own'
    return { create: reason, clone: reason }
  }
  return {}
}

/** With modular daemons QEMU's may run while that of the networks does not: VMs are there, and no network to choose. */
async function networksMissing(exec: Exec, uri: string, signal: AbortSignal): Promise<EngineInfo['details']> {
  if (readUri(uri).driver !== 'qemu') return []
  const listed = await exec.run(virsh(uri, 'net-list', '--name'), { signal })
  if (listed.code === 0) return []
  const words = virshWords(listed.stderr)
  const mend = remedy(words)
  return [['Networks', `not answering: ${words}${mend ? `. To mend it, run ${mend}` : ''}`]]
}

/** Reads whether libvirt is here and what it can do. Never rejects. */
export async function probe(host: Host, exec: Exec, signal: AbortSignal): Promise<EngineStatus> {
  const kind = 'libvirt'
  const uri = host.libvirtUri
  if (uri === '') return { kind, state: 'absent', cause: 'Switched off for this host' }
  const version = await exec
    .run(virsh(uri, '--version'), { signal })
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (version instanceof Error) return { kind, state: 'absent', cause: 'virsh is not installed', remedy: install }
  if (version.code !== 0) return { kind, state: 'broken', cause: `virsh does not run: ${virshWords(version.stderr)}` }
  try {
    const [versions, capabilities] = await batch(exec, uri, [['version'], ['capabilities']], { signal, timeoutMs: probeWithinMs })
    if (!versions || !capabilities) throw new Error('libvirt does not tell its capabilities')
    const says = keyValues(versions)
    const found = parseCapabilities(capabilities)
    const hypervisor = says.get('Running hypervisor') ?? 'unknown'
    const kernel = (await exec.read(['uname', '-r'], { signal })).trim()
    const now = { qemu: hypervisor.replace(/^QEMU /, ''), kernel }
    const supported = arches.filter((arch) => found.guests.some((guest) => guest.arch === arch))
    const info: EngineInfo = {
      kind,
      name: 'libvirt',
      version: (says.get('Using library') ?? version.stdout).replace(/^libvirt /, '').trim(),
      details: [['Hypervisor', hypervisor], ['Address', uri], ...(await networksMissing(exec, uri, signal))],
      guestTypes: { vm: supported.length > 0 || readUri(uri).driver !== 'qemu' ? true : 'No QEMU system emulator is installed' },
      names: { pattern: '^[a-z][a-z0-9-]*$', words: 'Only a–z, 0–9 and -' },
      arches: supported.map((arch) => accelerationOf(arch, found, host.accelerator, now)),
      operations: { ...withoutFurther('Not offered for libvirt yet'), ...operationsOf(uri) },
    }
    return { kind, state: 'ready', info }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    return { kind, state: 'broken', cause, remedy: remedy(cause) }
  }
}
