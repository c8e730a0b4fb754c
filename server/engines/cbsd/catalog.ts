import type { Catalog, Flavour, NetworkChoice, ProfileCatalog, Release } from '@/server/model/catalog'
import type { Caller } from './argv'
import { question } from './ask'
import { basesOf } from './host-detail'
import type { Output } from './output'
import { type Profiles, parseCapabilities } from './profiles'
import { bytes, flag, integer, text } from './row'
import type { Node, Row } from './types'

/** Releases that CBSD's mirrors and FreeBSD's own have kept for long; newer ones work by `native`, which is the host's. */
const fetchable = ['13.4', '13.5', '14.1', '14.2', '14.3', '15.0'] as const

/** What qemu-user-static calls an instruction set that jails may have. */
const emulators: Readonly<Record<string, string>> = {
  aarch64: 'aarch64',
  arm: 'armv7',
  ppc64: 'ppc64',
  mips64: 'mips64',
  riscv64: 'riscv64',
}

const rowsOf = (output: Output, tag: string): Row[] => output.rows('whole').flatMap((each) => (each.tag === tag ? [each.row] : []))

/** "14.1-RELEASE-p5" → "14.1". */
export const releaseOf = (osrelease: string | undefined): string | undefined => /^\d+\.\d+/.exec(osrelease ?? '')?.[0]

function releasesOf(output: Output, node: Node): Release[] {
  const arch = text(node.local, 'hostarch') ?? 'amd64'
  const present = basesOf(output)
    .filter((base) => base.present)
    .map(({ version, platform, arch: of }) => ({ version, platform, arch: of, present: true }))
  const own = releaseOf(text(node.local, 'osrelease'))
  const could = [...new Set([...(own ? [own] : []), ...fetchable])]
    .filter((version) => !present.some((base) => base.platform === 'FreeBSD' && base.version === version && base.arch === arch))
    .map((version) => ({ version, arch, platform: 'FreeBSD', present: false }))
  return [...present, ...could]
}

const flavoursOf = (output: Output): Flavour[] =>
  rowsOf(output, 'flavour').flatMap((row) => {
    const id = text(row, 'name')
    const memoryBytes = bytes(row.pkg_vm_ram)
    return id && memoryBytes ? [{ id, cpus: integer(row, 'pkg_vm_cpus') ?? 1, memoryBytes, diskBytes: bytes(row.pkg_vm_disk) ?? 0 }] : []
  })

/** Interfaces and bridges of the node; `auto` lets CBSD choose the one that leads out. */
function networksOf(output: Output): NetworkChoice[] {
  const seen = new Map<string, NetworkChoice>()
  for (const row of rowsOf(output, 'net')) {
    const name = text(row, 'nic')
    if (!name || /^(lo\d*|tap\d*|pflog\d*|enc\d*)$/.test(name) || !/^[a-z][a-z0-9_.]{0,14}$/.test(name)) continue
    const address = text(row, 'ip4')
    seen.set(name, { name, title: address ? `${name} (${address})` : name, isDefault: false, active: text(row, 'status') !== 'no carrier' })
  }
  return [{ name: 'auto', title: 'auto: the way out of this host', isDefault: true, active: true }, ...seen.values()]
}

const hypervisorTitles = { bhyve: 'bhyve', qemu: 'QEMU' } as const
const hypervisorsOf = (can: ReadonlyMap<string, boolean>): ProfileCatalog['hypervisors'] =>
  (['bhyve', 'qemu'] as const).map((id) => ({
    id,
    title: hypervisorTitles[id],
    allowed:
      can.get(id) || (id === 'bhyve' ? 'This host has no bhyve: load vmm (kldload vmm)' : 'QEMU is not installed here: pkg install qemu'),
  }))

/** Which hypervisors may run a profile, as the profiles' files say: "bhyve linux-Debian-x86-12". Empty: they do not say. */
export function activeProfiles(output: Output): ReadonlyMap<string, ReadonlySet<string>> {
  const active = new Map([
    ['bhyve', new Set<string>()],
    ['qemu', new Set<string>()],
  ])
  for (const line of output.lines('active')) {
    const [engine = '', name] = line.split(' ')
    if (name) active.get(engine)?.add(name)
  }
  return active
}

const firstAddress = (stdout: string): string | undefined => /\b\d{1,3}(\.\d{1,3}){3}\b/.exec(stdout)?.[0]

/** What can be made here. `profiles`: cached, for CBSD takes seconds to list them. */
export async function readCatalog(caller: Caller, node: Node, output: Output, profiles: Profiles, signal: AbortSignal): Promise<Catalog> {
  const { exec } = caller.context
  const [can, next] = await Promise.all([
    exec.read(question(caller, 'capabilities'), { signal }).then(parseCapabilities),
    exec.read(question(caller, 'next address'), { signal, timeoutMs: 10_000 }).then(firstAddress, () => undefined),
  ])
  return {
    images: [],
    networks: networksOf(output),
    pools: [],
    profiles: {
      hypervisors: hypervisorsOf(can),
      vm: profiles.vm,
      jail: profiles.jail,
      releases: releasesOf(output, node),
      flavours: flavoursOf(output),
      // A folder may be in PATH twice.
      jailArches: [...new Set(output.lines('emulators').flatMap((file) => emulators[file.replace(/-static$/, '')] ?? []))],
      vnet: flag(node.local, 'vimage_feature') || 'This kernel has no VIMAGE: jails share the network of the host',
      addressPool: next,
    },
    limits: {
      cpus: Math.max(1, integer(node.local, 'ncpu') ?? 1),
      memoryBytes: integer(node.local, 'physmem') ?? 0,
      memoryFreeBytes: integer(node.local, 'freemem'),
    },
  }
}
