import type { Acceleration, Arch } from '@/server/model/guest'
import { document, el, type Xml } from './xml'

/** Namespace of what Bailiwick keeps in a domain's metadata; an identifier, not an address to fetch. */
export const metadataNamespace = 'urn:bailiwick:guest:1'

export type NewDomain = {
  name: string
  uuid: string
  arch: Arch
  accel: Acceleration
  /** Why that accelerator, kept with the domain. */
  accelWhy: string
  cpus: number
  memoryBytes: number
  /** Folder of its disks and logs. */
  folder: string
  os?: string
  /** The account that its seed makes. */
  user?: string
  image?: string
  kernel?: { kernel: string; initrd?: string; cmdline: string }
  disk?: { path: string; format: 'qcow2' }
  /** CDs: an installer to boot from first, a cloud-init seed after it. */
  cds: { path: string; boot: boolean }[]
  network: { name: string; mac: string } | null
}

const machines = { x86_64: 'q35', i686: 'q35', aarch64: 'virt', riscv64: 'virt' } satisfies Record<Arch, string>

/**
 * Linux tests the timer of a PC at boot by counting ticks, and panics when there are too few: "IO-APIC + timer doesn't work".
 * An emulated PC on a busy host is that slow at times. Seen with kernel 6.1 and QEMU 7.2; kernel-parameters.txt, `no_timer_check`.
 */
const pcTimer = 'no_timer_check'

/**
 * The first serial port as each machine's kernel calls it: where Linux shows its console.
 * tty0 comes first so that the serial port, named last, is /dev/console.
 */
export const kernelConsole = {
  x86_64: `${pcTimer} console=tty0 console=ttyS0,115200`,
  i686: `${pcTimer} console=tty0 console=ttyS0,115200`,
  aarch64: 'console=tty0 console=ttyAMA0,115200',
  riscv64: 'console=tty0 console=ttyS0,115200',
} satisfies Record<Arch, string>

/** Where Tiny Linux reads its host name, having no seed to read it from. */
export const kernelName = (name: string): string => `bailiwick.name=${name}`

const isPc = (arch: Arch) => arch === 'x86_64' || arch === 'i686'

function cpu(domain: NewDomain): Xml | null {
  // The self-test boots its kernel with the host's own processor model too, so that is what was proven.
  if (domain.accel === 'kvm') return el('cpu', { mode: 'host-passthrough', check: 'none', migratable: 'on' })
  if (isPc(domain.arch)) return el('cpu', { mode: 'maximum' })
  if (domain.arch === 'aarch64') return el('cpu', { mode: 'custom', match: 'exact' }, el('model', { fallback: 'forbid' }, 'cortex-a57'))
  return null
}

function boot(domain: NewDomain): Xml {
  const machine = el('type', { arch: domain.arch, machine: machines[domain.arch] }, 'hvm')
  const { kernel } = domain
  if (kernel)
    return el(
      'os',
      {},
      machine,
      el('kernel', {}, kernel.kernel),
      kernel.initrd && el('initrd', {}, kernel.initrd),
      el('cmdline', {}, kernel.cmdline),
    )
  // U-Boot stands where a kernel would: OpenSBI, QEMU's own firmware for riscv64, hands over to it.
  if (domain.arch === 'riscv64') return el('os', {}, machine, el('kernel', {}, '/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf'))
  return el('os', domain.arch === 'aarch64' ? { firmware: 'efi' } : {}, machine)
}

function disks(domain: NewDomain): Xml[] {
  const { disk, cds, kernel } = domain
  // Kernels made for clouds know no SATA, and many an installer knows no virtio: what firmware boots stands on SATA where there is one.
  const busOf = (cd: NewDomain['cds'][number]) => (isPc(domain.arch) && cd.boot && !kernel ? 'sata' : 'scsi')
  const firstBoot = cds.some((cd) => cd.boot)
  // riscv64 and direct kernel boots have no firmware that reads a boot order.
  const order = (n: number) => (kernel || domain.arch === 'riscv64' ? null : el('boot', { order: n }))
  const out: Xml[] = []
  if (disk)
    out.push(
      el(
        'disk',
        { type: 'file', device: 'disk' },
        el('driver', { name: 'qemu', type: disk.format, discard: 'unmap' }),
        el('source', { file: disk.path }),
        el('target', { dev: 'vda', bus: 'virtio' }),
        order(firstBoot ? 2 : 1),
      ),
    )
  cds.forEach((cd, i) => {
    out.push(
      el(
        'disk',
        { type: 'file', device: 'cdrom' },
        el('driver', { name: 'qemu', type: 'raw' }),
        el('source', { file: cd.path }),
        el('target', { dev: `sd${String.fromCharCode(97 + i)}`, bus: busOf(cd) }),
        el('readonly'),
        cd.boot ? order(1) : null,
      ),
    )
  })
  if (cds.some((cd) => busOf(cd) === 'scsi')) out.push(el('controller', { type: 'scsi', model: 'virtio-scsi' }))
  return out
}

/** Domain XML of a new VM: serial port with a log, VNC on loopback, virtio everywhere it can be. https://libvirt.org/formatdomain.html */
export function domainXml(domain: NewDomain): string {
  const pc = isPc(domain.arch)
  const uefi = domain.arch === 'aarch64' && !domain.kernel
  const root = el(
    'domain',
    { type: domain.accel === 'kvm' ? 'kvm' : 'qemu' },
    el('name', {}, domain.name),
    el('uuid', {}, domain.uuid),
    el(
      'metadata',
      {},
      el(
        'bailiwick:guest',
        { 'xmlns:bailiwick': metadataNamespace },
        el('bailiwick:folder', {}, domain.folder),
        domain.os && el('bailiwick:os', {}, domain.os),
        domain.user && el('bailiwick:user', {}, domain.user),
        domain.image && el('bailiwick:image', {}, domain.image),
        el('bailiwick:accelerator', {}, domain.accelWhy),
      ),
    ),
    el('memory', { unit: 'KiB' }, Math.ceil(domain.memoryBytes / 1024)),
    el('currentMemory', { unit: 'KiB' }, Math.ceil(domain.memoryBytes / 1024)),
    el('vcpu', { placement: 'static' }, domain.cpus),
    boot(domain),
    // Without UEFI an arm or riscv machine has no ACPI tables, and libvirt refuses to promise them.
    (pc || uefi) && el('features', {}, el('acpi'), pc && el('apic')),
    cpu(domain),
    el('clock', { offset: 'utc' }),
    el('on_poweroff', {}, 'destroy'),
    el('on_reboot', {}, 'restart'),
    el('on_crash', {}, 'destroy'),
    el(
      'devices',
      {},
      disks(domain),
      domain.network &&
        el(
          'interface',
          { type: 'network' },
          el('mac', { address: domain.network.mac }),
          el('source', { network: domain.network.name }),
          el('model', { type: 'virtio' }),
        ),
      el('serial', { type: 'pty' }, el('log', { file: `${domain.folder}/serial.log`, append: 'on' }), el('target', { port: 0 })),
      el('console', { type: 'pty' }, el('target', { type: 'serial', port: 0 })),
      el('channel', { type: 'unix' }, el('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' })),
      el('controller', { type: 'usb', model: 'qemu-xhci' }),
      el('input', { type: 'tablet', bus: 'usb' }),
      !pc && el('input', { type: 'keyboard', bus: 'usb' }),
      el(
        'graphics',
        { type: 'vnc', port: -1, autoport: 'yes', listen: '127.0.0.1' },
        el('listen', { type: 'address', address: '127.0.0.1' }),
      ),
      el('video', {}, el('model', { type: pc ? 'vga' : 'virtio' })),
      el('memballoon', { model: 'virtio' }, el('stats', { period: 5 })),
      el('rng', { model: 'virtio' }, el('backend', { model: 'random' }, '/dev/urandom')),
    ),
  )
  return document(root)
}
