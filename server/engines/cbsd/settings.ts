import type { GuestSetting } from '@/server/model/guest'
import { fields, isField } from './fields'
import type { Found, Row } from './types'

/** Settings that a running jail takes at once: what `jset` applies to it. The others need it stopped. */
const jailLive = {
  astart: 'starts with the host',
  protected: 'cannot be removed',
  hidden: 'left out of lists',
  b_order: 'its place when the host starts: lower first',
  boot_delay: 'seconds to wait before it starts',
  ip4_addr: 'addresses, with commas between',
  cpuset: 'processors it may use, such as 0-3,6; 0: all',
  nice: 'priority: -20 first, 20 last',
  devfs_ruleset: 'which devices it sees',
  allow_raw_sockets: 'may use ping and the like',
  allow_mount: 'may mount file systems',
  allow_devfs: 'may mount devfs',
  allow_nullfs: 'may mount nullfs',
  allow_procfs: 'may mount procfs',
  allow_tmpfs: 'may mount tmpfs',
  allow_zfs: 'may manage its datasets',
  allow_fusefs: 'may mount FUSE file systems',
  allow_linprocfs: 'may mount linprocfs',
  allow_linsysfs: 'may mount linsysfs',
  allow_mlock: 'may lock memory',
  allow_read_msgbuf: "may read the host's kernel messages",
  allow_reserved_ports: 'may use ports below 1024',
  allow_vmm: 'may run bhyve',
  allow_nfsd: 'may serve NFS',
  allow_unprivileged_proc_debug: 'users may debug their processes',
  mount_src: "sees the host's sources",
  mount_ports: "sees the host's ports",
  mount_procfs: 'has /proc',
} as const

const jailStopped = {
  host_hostname: 'host name',
  interface: 'interface or bridge; auto: the uplink; 0: none',
  vnet: 'a network stack of its own',
  ci_gw4: 'default route, with its own network stack',
  ver: 'release of its base',
  baserw: 'a base of its own that it may write',
  tags: 'words to find it by, with commas between',
  jnameserver: 'name servers, with commas between',
  stop_timeout: 'seconds to wait for its end',
  exec_timeout: 'seconds its start may take',
  exec_fib: 'routing table',
  enforce_statfs: 'how much it sees of mounts: 0 all to 2 its own',
  childrenmax: 'jails it may make itself',
  sysvsem: 'System V semaphores',
  sysvshm: 'System V shared memory',
  sysvmsg: 'System V messages',
  allow_kmem: "may read the host's memory",
  allow_dying: 'may be started while an old one of it dies',
  mount_devfs: 'has /dev',
  mount_fdescfs: 'has /dev/fd',
  mount_linprocfs: 'has /compat/linux/proc',
  mount_linsysfs: 'has /compat/linux/sys',
  floatresolv: "its resolv.conf follows the host's",
  applytpl: 'gets the host’s template files when it is made',
  mkhostsfile: 'its hosts file is kept',
  persist: 'stays without processes',
} as const

/** Settings of VMs: stored at once, in effect from the next start on. */
const vmNext = {
  vm_boot: 'boots from',
  vm_iso_path: 'medium in the drive; 0: none',
  vm_vnc_port: 'port of its screen; 0: the next free one; 1: no screen',
  bhyve_vnc_tcp_bind: 'address its screen listens on',
  qemu_vnc_tcp_bind: 'address its screen listens on',
  bhyve_vnc_resolution: 'size of its screen',
  qemu_vnc_resolution: 'size of its screen',
  bhyve_vnc_kbdlayout: 'keyboard layout of its screen',
  vnc_password: 'password of its screen: never shown, a new one replaces it',
  cd_vnc_wait: 'a start from CD waits for the first look at its screen',
  virtio_type: 'kind of its first disk',
  vm_hostbridge: 'PCI host bridge',
  vm_console: 'how its serial port is reached',
  vm_efi: 'firmware',
  efi_firmware: 'firmware file',
  vm_cpu_topology: 'sockets, cores and threads',
  cpuset: 'processors it may use, such as 0-3,6; 0: all',
  bhyve_generate_acpi: 'ACPI tables',
  bhyve_wire_memory: 'its memory is never swapped out',
  bhyve_rts_keeps_utc: 'its clock is in UTC',
  bhyve_force_msi_irq: 'MSI interrupts only',
  bhyve_x2apic_mode: 'x2APIC',
  bhyve_mptable_gen: 'MP table',
  bhyve_ignore_msr_acc: 'unknown machine registers are ignored',
  virtio_rnd: 'random numbers from the host',
  xhci: 'USB 3 controller',
  tablet: 'pointer that follows the mouse',
  fbuf: 'frame buffer',
  usb: 'USB controller',
  tpm: 'trusted platform module',
  media_auto_eject: 'a medium is taken out after the first start',
  on_poweroff: 'when it powers off',
  on_reboot: 'when it reboots',
  on_crash: 'when it crashes',
  uuid: 'UUID',
  machine: 'machine type',
  machine_accel: 'acceleration',
  vga: 'graphics card',
  cpu: 'processor model',
} as const

/** What of a VM is stored and counts at once, for it is CBSD's own. */
const vmLive = {
  astart: 'starts with the host',
  protected: 'cannot be removed',
  hidden: 'left out of lists',
  boot_delay: 'seconds to wait before it starts',
  tags: 'words to find it by, with commas between',
} as const

const secret = /pass|_pw_|crypto|encryption/i
/** Whether a column holds what nobody may see. */
export const isSecret = (key: string): boolean => secret.test(key)

const known = (row: Row, about: Readonly<Record<string, string>>, applies: GuestSetting['applies'], needsStop?: true): GuestSetting[] =>
  Object.entries(about).flatMap(([key, words]): GuestSetting[] => {
    // A version that lacks the column has no such setting.
    if (!(key in row) || !isField(key)) return []
    const value = row[key]
    return [
      {
        key,
        value: isSecret(key) || value === null || value === undefined ? '' : String(value),
        applies,
        ...(needsStop && { needsStop }),
        ...(fields[key].type && { type: fields[key].type }),
        about: words,
      },
    ]
  })

/** What can be seen and set of a guest beyond processors and memory. `row`, `settings`: whole rows. */
export function settingsOf(found: Found, row: Row, settings: Row): GuestSetting[] {
  if (found.kind === 'jail') return [...known(row, jailLive, 'live'), ...known(row, jailStopped, 'next-start', true)]
  return [
    ...known(settings, vmLive, 'live'),
    ...known(row, { b_order: jailLive.b_order }, 'live'),
    ...known(settings, vmNext, 'next-start'),
  ]
}
