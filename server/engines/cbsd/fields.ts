import { flag, oneOf, orEmpty, type Rule, size, text, whole } from './field-rules'

/*
 * Every value that CBSD gets is put into `eval "KEY=\"VALUE\""` by its init(), as root, in commands that only read too; then it
 * goes on into SQL within double quotes, and into unquoted words. So each key says here what may pass, and nothing else does.
 * What no rule may ever let through is written down once more in argv.ts.
 */

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ip4 = `${octet}(?:\\.${octet}){3}`
const ip6 = '[0-9a-fA-F:]{2,39}'
const address = `(?:${ip4}(?:/(?:3[0-2]|[12]?\\d))?|${ip6}(?:/\\d{1,3})?)`
const interfaceName = '[a-z][a-z0-9_]{0,14}'

const guestName = text('[a-z][a-z0-9_]{0,29}', 'A name of a–z, 0–9 and _, at most 30 long, starting with a letter')
/** What CBSD itself lets through; `*` and other masks, which would mean many guests, are no part of it. */
const existing = text('[A-Za-z0-9_@%:][A-Za-z0-9_.@%:-]{0,254}', 'The name of a guest, without * and other marks')
const word = text('[A-Za-z0-9_][A-Za-z0-9_.@:+-]{0,127}', 'One word of letters, digits and _ . @ : + -, and first a letter, a digit or _')
const path = text('/(?!.*\\.\\.(?:/|$))[A-Za-z0-9_.@:+,=/-]{0,1023}', 'An absolute path of letters, digits and _ . @ : + , = -')
const nic = text(`0|auto|${interfaceName}`, 'auto, 0, or an interface such as bridge1')
const hostName = text(
  '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*',
  'A host name such as web.example.org',
)
const addresses = text(
  `0|DHCPv6|DHCP|(?:${interfaceName}#)?${address}(?:,(?:${interfaceName}#)?${address}){0,15}`,
  'DHCP, DHCPv6, or addresses such as 10.0.0.5/24 with commas between',
)
const gateway = text(`0|auto|${ip4}|${ip6}`, 'An address such as 10.0.0.1')
const words = text('[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(?: [A-Za-z0-9][A-Za-z0-9._+-]{0,63}){0,31}', 'Package names')
const cpuset = text('0|\\d{1,3}(?:-\\d{1,3})?(?:,\\d{1,3}(?:-\\d{1,3})?){0,63}', 'Processors such as 0-3,6, or 0 for all')
const ends = oneOf('destroy', 'restart', 'preserve')
const limit = text('0|[1-9]\\d{0,14}[kmgt]?', 'A number, with k, m, g or t behind it where it counts bytes; 0 for none')

const rules = {
  // Which guest, and how the command behaves.
  jname: existing,
  old: existing,
  new: guestName,
  new_jname: guestName,
  /** Written as `jname`: jimport takes the path of an archive in its place. */
  archive: path,
  inter: flag,
  mode: oneOf(
    ...['create', 'rollback', 'destroy', 'destroyall', 'attach', 'detach', 'delete', 'modify', 'add', 'set', 'unset', 'on', 'off', 'quiet'],
    ...['register', 'unregister'],
  ),
  fast: flag,
  noacpi: flag,
  hard_timeout: whole(1, 3600),
  checkstate: flag,
  mac_reinit: flag,
  start: flag,
  suspend: flag,
  checkpoint: text('[a-z][a-z0-9_-]{0,62}', 'A name of a–z, 0–9, _ and -, and first a letter'),
  snapname: text('[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}', 'A name of letters, digits and _ . : -, and first a letter, a digit or _'),
  name: word,
  node: text('[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}', 'The name of a node'),
  // Making guests.
  jprofile: word,
  ver: text('native|empty|\\d{1,2}(?:\\.\\d{1,2})?|[a-z][a-z0-9_.-]{0,31}', 'A release such as 14.1, or native or empty'),
  arch: text('native|[a-z0-9_]{2,16}', 'An instruction set such as amd64'),
  platform: text('[A-Za-z][A-Za-z0-9]{0,31}', 'A platform such as FreeBSD'),
  emulator: oneOf(...['qemu-aarch64-static', 'qemu-arm-static', 'qemu-ppc64-static', 'qemu-mips64-static', 'qemu-riscv64-static']),
  exec_start: text('/bin/qemu-[a-z0-9]+-static /bin/sh /etc/rc', 'The start of a foreign system'),
  exec_stop: text('/bin/qemu-[a-z0-9]+-static /bin/sh /etc/rc\\.shutdown', 'The end of a foreign system'),
  host_hostname: hostName,
  new_host_hostname: hostName,
  ip4_addr: addresses,
  new_ip4_addr: addresses,
  interface: nic,
  vnet: flag,
  baserw: flag,
  pkg_bootstrap: flag,
  pkglist: words,
  runasap: flag,
  ci_gw4: gateway,
  ci_ip4_addr: addresses,
  ci_user_add: text('[a-z_][a-z0-9_-]{0,31}', 'A Unix user name'),
  /** CBSD puts it into a file for cloud-init by way of a shell: no mark that one reads. */
  ci_user_pw_user: text(
    '[A-Za-z0-9_][A-Za-z0-9_.,:@+=-]{0,127}',
    'Letters, digits and _ . , : @ + = - only, and first a letter, a digit or _: CBSD hands it to a shell',
  ),
  ci_user_pubkey: text(
    '(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: [A-Za-z0-9_.@+-]{1,128})?|/(?!.*\\.\\.(?:/|$))[A-Za-z0-9_./-]{1,255}',
    'A public key in OpenSSH form',
  ),
  vm_os_type: text('[a-z][a-z0-9_]{0,31}', 'A type such as linux'),
  vm_os_profile: word,
  flavor: text('[A-Za-z0-9][A-Za-z0-9_.-]{0,63}', 'The name of a flavour'),
  imgsize: size,
  vm_cpus: whole(1, 512),
  vm_ram: size,
  // Parts of guests.
  dsk_controller: oneOf('virtio-blk', 'ahci-hd', 'nvme'),
  dsk_path: text('[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}', 'A disk such as dsk2.vhd'),
  dsk_size: size,
  p9device: text('[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}', 'A name for the share: letters, digits and _ . -, and first a letter, a digit or _'),
  p9path: path,
  ro: flag,
  in: whole(1, 65_535),
  out: whole(1, 65_535),
  proto: oneOf('tcp', 'udp'),
  path,
  type: oneOf('iso', 'hdd'),
  compress: whole(0, 9),
  // Bases and media of the host.
  action: oneOf('get'),
  sources: oneOf('base'),
  dstdir: oneOf('default'),
  cloud: flag,
  conv2zvol: flag,
  stable: flag,
  // Settings of any guest.
  astart: flag,
  protected: flag,
  hidden: flag,
  b_order: whole(0, 999),
  boot_delay: whole(0, 3600),
  tags: orEmpty(text('[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}(?:,[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}){0,31}', 'Words with commas between')),
  cpuset,
  nice: text('-?(?:20|1?\\d)', 'A number from -20 to 20'),
  // Settings of jails.
  jnameserver: text(`0|(?:${ip4}|${ip6})(?:,(?:${ip4}|${ip6})){0,7}`, 'Addresses with commas between'),
  devfs_ruleset: whole(0, 65_535),
  enforce_statfs: whole(0, 2),
  childrenmax: whole(0, 999),
  stop_timeout: whole(0, 3600),
  exec_timeout: whole(0, 3600),
  exec_fib: whole(0, 255),
  sysvsem: oneOf('inherit', 'new', 'disable'),
  sysvshm: oneOf('inherit', 'new', 'disable'),
  sysvmsg: oneOf('inherit', 'new', 'disable'),
  allow_raw_sockets: flag,
  allow_mount: flag,
  allow_devfs: flag,
  allow_nullfs: flag,
  allow_procfs: flag,
  allow_tmpfs: flag,
  allow_zfs: flag,
  allow_fusefs: flag,
  allow_linprocfs: flag,
  allow_linsysfs: flag,
  allow_kmem: flag,
  allow_mlock: flag,
  allow_read_msgbuf: flag,
  allow_reserved_ports: flag,
  allow_vmm: flag,
  allow_nfsd: flag,
  allow_unprivileged_proc_debug: flag,
  allow_dying: flag,
  mount_devfs: flag,
  mount_fdescfs: flag,
  mount_procfs: flag,
  mount_linprocfs: flag,
  mount_linsysfs: flag,
  mount_ports: flag,
  mount_src: flag,
  floatresolv: flag,
  applytpl: flag,
  mkhostsfile: flag,
  persist: flag,
  // Settings of VMs.
  vm_boot: oneOf('hdd', 'cd', 'net'),
  vm_iso_path: text('0|[A-Za-z0-9_][A-Za-z0-9_.@:+-]{0,127}', 'A medium of the list, or 0 for none'),
  vm_vnc_port: text('0|1|59\\d\\d|[6-9]\\d{3}', '0 for the next free one, 1 for none, or a port from 5900'),
  bhyve_vnc_tcp_bind: text(ip4, 'An address of this host such as 127.0.0.1'),
  qemu_vnc_tcp_bind: text(ip4, 'An address of this host such as 127.0.0.1'),
  bhyve_vnc_resolution: text('[1-9]\\d{2,3}x[1-9]\\d{2,3}', 'A size such as 1024x768'),
  qemu_vnc_resolution: text('[1-9]\\d{2,3}x[1-9]\\d{2,3}', 'A size such as 1024x768'),
  bhyve_vnc_kbdlayout: text('0|[a-z]{2}(?:_[a-z0-9]{1,16})?', 'A layout such as de, or 0'),
  vnc_password: text('[A-Za-z0-9]{1,8}', '1 to 8 letters and digits: VNC takes no more'),
  cd_vnc_wait: flag,
  virtio_type: oneOf('virtio-blk', 'ahci-hd', 'nvme'),
  vm_hostbridge: oneOf('hostbridge', 'amd_hostbridge', 'none'),
  vm_console: oneOf('tmux', 'nmdm'),
  vm_efi: oneOf('none', 'uefi', 'uefi_csm'),
  efi_firmware: word,
  hdd_boot_firmware: word,
  vm_cpu_topology: word,
  bhyve_generate_acpi: flag,
  bhyve_wire_memory: flag,
  bhyve_rts_keeps_utc: flag,
  bhyve_force_msi_irq: flag,
  bhyve_x2apic_mode: flag,
  bhyve_mptable_gen: flag,
  bhyve_ignore_msr_acc: flag,
  virtio_rnd: flag,
  xhci: flag,
  tablet: flag,
  fbuf: flag,
  usb: flag,
  tpm: flag,
  media_auto_eject: flag,
  on_poweroff: ends,
  on_reboot: ends,
  on_crash: ends,
  uuid: text('0|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', 'A UUID'),
  machine: text('[a-z0-9][a-z0-9._-]{0,31}', 'A machine such as q35'),
  machine_accel: oneOf('auto', 'kvm', 'nvmm', 'tcg'),
  vga: oneOf('std', 'cirrus', 'vmware', 'qxl', 'virtio', 'none'),
  cpu: text('[A-Za-z0-9][A-Za-z0-9_.-]{0,63}', 'A processor model'),
  // Limits: what rctl(8) knows, and four of CBSD's own (`cpu` is above).
  datasize: limit,
  stacksize: limit,
  coredumpsize: limit,
  memoryuse: limit,
  memorylocked: limit,
  maxproc: limit,
  openfiles: limit,
  vmemoryuse: limit,
  pseudoterminals: limit,
  swapuse: limit,
  nthr: limit,
  msgqqueued: limit,
  msgqsize: limit,
  nmsgq: limit,
  nsem: limit,
  nsemop: limit,
  nshm: limit,
  shmsize: limit,
  wallclock: limit,
  pcpu: limit,
  readbps: limit,
  writebps: limit,
  readiops: limit,
  writeiops: limit,
  fsquota: limit,
  bw: limit,
} satisfies Record<string, Rule>

export type FieldKey = keyof typeof rules
/** What may pass for each key that CBSD is ever given. */
export const fields: Readonly<Record<FieldKey, Rule>> = rules
export const isField = (key: string): key is FieldKey => Object.hasOwn(rules, key)
