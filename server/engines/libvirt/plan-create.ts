import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Image } from '@/server/model/image'
import type { Plan, Step } from '@/server/model/plan'
import { formatBytes } from '@/server/model/size'
import type { GuestSpec, VmSpec } from '@/server/model/spec'
import { domainXml, kernelConsole, kernelName, type NewDomain } from './domain-xml'
import { parseNetworks } from './networks'
import { defineSteps, folderSteps, locks, newFolder, newMac, type Planning, refuse } from './planning'
import { seedPath, seedSteps } from './seed'
import { batch, virsh } from './virsh'

/** Firmware that a machine needs to boot from a disk, and the package that brings it. */
const firmware = {
  aarch64: { path: '/usr/share/AAVMF/AAVMF_CODE.fd', remedy: 'sudo apt-get install qemu-efi-aarch64' },
  riscv64: { path: '/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf', remedy: 'sudo apt-get install u-boot-qemu opensbi' },
  x86_64: null,
  i686: null,
} satisfies Record<VmSpec['arch'], { path: string; remedy: string } | null>

function image(p: Planning, id: string, field: 'image' | 'iso', arch: VmSpec['arch']): Image {
  const found = p.context.images().find((i) => i.id === id)
  if (!found) throw new AppError('invalid', `There is no image ${id} on this host`, field)
  if (found.kind === 'container') return refuse(`${found.title} is for containers: choose an image for VMs`, field)
  if (found.arch !== arch) return refuse(`${found.title} is for ${found.arch}, not ${arch}`, field)
  return found
}

async function network(p: Planning, name: string | null): Promise<NewDomain['network']> {
  if (name === null) return null
  const [text] = await batch(p.context.exec, p.uri, [['net-list', '--all']], { signal: p.signal })
  const found = parseNetworks(text ?? null).find((n) => n.name === name)
  if (!found) throw new AppError('invalid', `There is no network ${name} on this libvirt`, 'network')
  if (!found.active) refuse(`The network ${name} is not started: virsh -c ${p.uri} net-start ${name}`, 'network')
  return { name, mac: newMac() }
}

type Parts = { kernel: Image | null; disk: Image | null; iso: Image | null }

function parts(p: Planning, spec: VmSpec): Parts {
  const main = spec.image === null ? null : image(p, spec.image, 'image', spec.arch)
  const cd = spec.iso === null ? null : image(p, spec.iso, 'iso', spec.arch)
  if (cd && cd.kind !== 'iso') refuse(`${cd.title} is not a CD`, 'iso')
  if (main?.kind === 'iso' && cd) refuse('Choose one CD, not two', 'iso')
  return {
    kernel: main?.kind === 'kernel' ? main : null,
    disk: main?.kind === 'disk' ? main : null,
    iso: main?.kind === 'iso' ? main : cd,
  }
}

function diskStep(path: string, spec: VmSpec, { disk }: Parts): Step | null {
  if (disk) {
    const { files, format = 'qcow2', virtualBytes, title } = disk
    if (!files.disk) return refuse(`${title} has no disk file`, 'image')
    if (spec.diskBytes !== null && virtualBytes && spec.diskBytes < virtualBytes)
      refuse(`${title} needs a disk of at least ${formatBytes(virtualBytes)}`, 'diskBytes')
    const size = spec.diskBytes === null ? [] : [String(spec.diskBytes)]
    return {
      title: `Make a disk on top of ${title}`,
      argv: ['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', format, '-b', files.disk, path, ...size],
    }
  }
  if (spec.diskBytes === null) return null
  return { title: 'Make an empty disk', argv: ['qemu-img', 'create', '-q', '-f', 'qcow2', path, String(spec.diskBytes)] }
}

/** A new VM: its folder, disk, seed and definition, each with its undo, then its start. */
export async function planCreate(p: Planning, spec: GuestSpec): Promise<Plan> {
  if (spec.type !== 'vm') return refuse('libvirt makes VMs here; containers are made with Incus', 'type')
  const { name, arch } = spec
  const folder = await newFolder(p, name)
  const support = p.info.arches.find((a) => a.arch === arch)
  if (!support) return refuse(`No QEMU for ${arch} is installed on this host`, 'arch')
  const chosen = parts(p, spec)
  const { kernel, disk, iso } = chosen
  const least = (kernel ?? disk)?.minMemoryBytes
  if (least && spec.memoryBytes < least) refuse(`${(kernel ?? disk)?.title} needs at least ${formatBytes(least)}`, 'memoryBytes')
  const needs = kernel ? null : firmware[arch]
  if (needs && !(await p.context.exec.stat(needs.path))) refuse(`The firmware for ${arch} is missing: ${needs.remedy}`, 'arch')
  if (kernel && !kernel.files.kernel) refuse(`${kernel.title} has no kernel file`, 'image')

  const diskPath = posix.join(folder, 'disk.qcow2')
  const makeDisk = diskStep(diskPath, spec, chosen)
  if (!kernel && !makeDisk && !iso) refuse('It would have nothing to boot from: choose an image, a CD or a disk', 'image')
  const seeded = disk?.cloudInit === true
  const uuid = randomUUID()
  const xml = domainXml({
    name,
    uuid,
    arch,
    accel: support.accel,
    accelWhy: support.why,
    cpus: spec.cpus,
    memoryBytes: spec.memoryBytes,
    folder,
    os: (kernel ?? disk)?.os ?? (kernel ?? disk ?? iso)?.title,
    user: seeded ? spec.access?.user : undefined,
    image: (kernel ?? disk ?? iso)?.id,
    kernel: kernel?.files.kernel
      ? { kernel: kernel.files.kernel, initrd: kernel.files.initrd, cmdline: `${kernelConsole[arch]} ${kernelName(name)}` }
      : undefined,
    disk: makeDisk ? { path: diskPath, format: 'qcow2' } : undefined,
    cds: [...(iso?.files.disk ? [{ path: iso.files.disk, boot: true }] : []), ...(seeded ? [{ path: seedPath(folder), boot: false }] : [])],
    network: await network(p, spec.network),
  })

  const on = (command: string, ...rest: string[]) => virsh(p.uri, command, '--domain', name, ...rest)
  const warnings = support.accel === 'tcg' ? [support.why] : []
  if (spec.access && !seeded) warnings.push('Its image has no cloud-init: user, password and keys are not applied')
  return {
    steps: [
      ...folderSteps(p, folder),
      ...(makeDisk ? [makeDisk] : []),
      ...(seeded ? seedSteps(folder, name, uuid, { access: spec.access, os: disk?.os }) : []),
      ...defineSteps(p, folder, name, xml),
      ...(spec.autostart ? [{ title: 'Start it with the host', argv: on('autostart') }] : []),
      ...(spec.start ? [{ title: 'Start the VM', argv: on('start'), timeoutMs: 120_000, undo: on('destroy') }] : []),
    ],
    expect: {
      kind: 'guest',
      name,
      states: [spec.start ? 'running' : 'stopped'],
      fields: { cpus: spec.cpus, memoryBytes: Math.ceil(spec.memoryBytes / 1024) * 1024, autostart: spec.autostart },
    },
    warnings,
    locks: locks(name),
  }
}
