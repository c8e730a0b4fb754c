import type { GuestSetting } from '@/server/model/guest'
import { type FieldKey, fields, isField } from './fields'
import type { Found } from './types'

type Applies = 'live' | 'next-start'
/** `stop`: CBSD takes a change only while the guest is off. */
type About = { applies: Applies; stop?: true; about?: string; named?: Named }
/** What single values mean: most of CBSD's zeros are no numbers. */
type Named = Record<string, string>

const live = (about?: string, named?: Named): About => ({ applies: 'live', about, named })
const later = (about?: string, named?: Named): About => ({ applies: 'next-start', about, named })
const off = (about?: string, named?: Named): About => ({ applies: 'next-start', stop: true, about, named })
const zero = (words: string): Named => ({ '0': words })
const noDelay = zero('no delay')
const allProcessors = zero('all')
const byDefault = zero('the default')

/**
 * Which settings of jails may be changed, and when a change shows: jset applies the first group to a running jail, and the others
 * need a stop. Commands that run on the host or in the jail (exec_*, mnt_*), paths and what ties a jail to its base are left out.
 */
const jail = {
  ip4_addr: live('Its addresses', { '0': 'none', DHCP: 'the next free one of the host’s pool' }),
  jnameserver: live('Name servers', zero('those of the host')),
  cpuset: live('The processors it may use', allProcessors),
  devfs_ruleset: live('Which devices it sees', zero('all of them: no rules')),
  boot_delay: live('Seconds to wait before the next guest starts', noDelay),
  tags: live('Words to find it by', zero('none')),
  allow_raw_sockets: live('ping and the like'),
  allow_mount: live('May mount file systems'),
  allow_devfs: live(),
  allow_nullfs: live(),
  allow_procfs: live(),
  allow_tmpfs: live(),
  allow_zfs: live(),
  allow_fusefs: live(),
  allow_linprocfs: live(),
  allow_linsysfs: live(),
  allow_mlock: live(),
  allow_read_msgbuf: live('May read the messages of the kernel'),
  allow_reserved_ports: live('May use ports below 1024'),
  allow_vmm: live('May run bhyve'),
  allow_nfsd: live(),
  allow_unprivileged_proc_debug: live(),
  enforce_statfs: live('How much of the mounts it sees', { '0': 'all of the host', '1': 'those below its root', '2': 'its root only' }),
  childrenmax: live('How many jails it may make itself', zero('none')),
  mount_ports: live('Sees the ports tree of the host'),
  mount_src: live('Sees the sources of the host'),
  host_hostname: off('Its host name'),
  interface: off('The card its addresses are put on', { '0': 'none', auto: 'chosen by CBSD' }),
  vnet: off('A network stack of its own'),
  ci_gw4: off('The gateway of its own network stack', { '0': 'none', auto: 'chosen by CBSD' }),
  mount_devfs: off(),
  mount_fdescfs: off(),
  mount_procfs: off(),
  mount_linprocfs: off(),
  mount_linsysfs: off(),
  allow_kmem: off('May read the memory of the kernel'),
  allow_dying: off(),
  sysvsem: off('Semaphores between processes'),
  sysvshm: off('Memory between processes'),
  sysvmsg: off('Messages between processes'),
  exec_timeout: off('Seconds that its start may take', zero('no limit')),
  stop_timeout: off('Seconds that its stop may take', zero('ended at once, without being asked')),
  exec_fib: off('The routing table it uses', zero('the host’s own')),
  floatresolv: off('Gets the name servers of the host at each start'),
  applytpl: off('Gets the files of the skeleton at each start'),
  mkhostsfile: off('Gets a hosts file at each start'),
  persist: off('Stays when its last process ends'),
} satisfies Partial<Record<FieldKey, About>>

const anyVm = {
  vm_boot: later('What it boots from'),
  vm_vnc_port: later('The port of its screen', { '0': 'the next free one', '1': 'no screen' }),
  cd_vnc_wait: later('Booting from CD waits for somebody at the screen'),
  vnc_password: later('The password of its screen'),
  ip4_addr: live('The address that CBSD notes and forwards ports to', { '0': 'none', DHCP: 'by DHCP' }),
  tags: live('Words to find it by', zero('none')),
  boot_delay: live('Seconds to wait before the next guest starts', noDelay),
  on_poweroff: later(),
  on_reboot: later(),
  on_crash: later(),
  tablet: later('A pointer that follows the mouse'),
  xhci: later('USB 3'),
} satisfies Partial<Record<FieldKey, About>>

const bhyve = {
  ...anyVm,
  bhyve_vnc_tcp_bind: later('The address of its screen'),
  bhyve_vnc_resolution: later('The size of its screen'),
  bhyve_vnc_kbdlayout: later('The keyboard of its screen', byDefault),
  virtio_type: later('How new disks are attached'),
  vm_hostbridge: later(),
  vm_console: later('Where its serial console leads'),
  vm_efi: later('Its firmware'),
  efi_firmware: later(undefined, byDefault),
  hdd_boot_firmware: later(undefined, byDefault),
  vm_cpu_topology: later('Sockets, cores and threads by name', byDefault),
  cpuset: later('The processors it may use', allProcessors),
  bhyve_generate_acpi: later(),
  bhyve_wire_memory: later('Keeps its memory from being swapped out'),
  bhyve_rts_keeps_utc: later('Its clock runs in UTC'),
  bhyve_force_msi_irq: later(),
  bhyve_x2apic_mode: later(),
  bhyve_mptable_gen: later(),
  bhyve_ignore_msr_acc: later(),
  virtio_rnd: later('A source of random numbers'),
  fbuf: later('A screen at all'),
  tpm: later('A trusted platform module'),
  uuid: later(undefined, byDefault),
  media_auto_eject: later(),
} satisfies Partial<Record<FieldKey, About>>

const qemu = {
  ...anyVm,
  qemu_vnc_tcp_bind: later('The address of its screen'),
  qemu_vnc_resolution: later('The size of its screen'),
  machine: later('The machine that QEMU plays'),
  machine_accel: later('What runs its processors'),
  vga: later('Its graphics card'),
  usb: later(),
  cpu: later('Its processor model', byDefault),
} satisfies Partial<Record<FieldKey, About>>

/** Whether a setting holds what nobody may see: its value is never read back. */
export const isSecret = (key: string): boolean => /pass/i.test(key)

function tableOf(found: Found): Partial<Record<string, About>> {
  if (found.kind === 'jail') return jail
  if (found.engine === 'bhyve') return bhyve
  return found.engine === 'qemu' ? qemu : {}
}

/** The settings of a guest that may be changed, with its present values from its row: for `GuestDetail.settings`. */
export function settingsOf(found: Found, valueAt: (key: string) => string | undefined): GuestSetting[] {
  const all: GuestSetting[] = []
  for (const [key, about] of Object.entries(tableOf(found))) {
    const value = valueAt(key)
    if (!about || value === undefined) continue
    const type = isField(key) ? fields[key].type : undefined
    all.push({
      key,
      value,
      applies: about.applies,
      ...(about.stop ? { needsStop: true } : {}),
      ...(type ? { type } : {}),
      ...(about.about ? { about: about.about } : {}),
      ...(about.named ? { named: about.named } : {}),
    })
  }
  return all
}
