/** What lies in Tiny Linux's first file system beside BusyBox and the kernel's modules: its few scripts. */

/** Loaded before the shells, in this order: each needs the ones before it. A kernel that has one built in simply lacks the file. */
export const firstModules = [
  'button',
  'evdev',
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_mmio',
  'failover',
  'net_failover',
  'virtio_net',
  'virtio_blk',
  'virtio_balloon',
] as const

/** Loaded while the shell is already there. */
export const laterModules = [
  'virtio-rng',
  'virtio_console',
  'scsi_common',
  'scsi_mod',
  'sd_mod',
  'virtio_scsi',
  'libata',
  'ata_piix',
  'cdrom',
  'sr_mod',
  'isofs',
  'fat',
  'vfat',
  'nls_ascii',
  'nls_cp437',
] as const

const init = `#!/bin/sh
# The first process: makes the bare system, then hands over to BusyBox init.
export PATH=/bin HOME=/root TERM=linux
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp
case " $(cat /proc/cmdline) " in
  *' bailiwick.selftest '*)
    echo 'bailiwick-tiny ready: self-test'
    poweroff -f
    ;;
esac
exec /bin/init
`

const start = `#!/bin/sh
# Name, drivers, network, power button. Nothing here may keep the shells waiting.
export PATH=/bin HOME=/root
load() {
  for module in $(cat "$1"); do
    [ -s "/lib/modules/$module.ko" ] && insmod "/lib/modules/$module.ko" 2>/dev/null
  done
}
echo 0 >/proc/sys/kernel/printk
name=tiny
for word in $(cat /proc/cmdline); do
  case "$word" in bailiwick.name=*) name=\${word#*=} ;; esac
done
hostname "$name"
ifconfig lo 127.0.0.1 up
load /etc/modules
for nic in /sys/class/net/eth*; do
  [ -e "$nic" ] || continue
  nic=\${nic##*/}
  ifconfig "$nic" up
  udhcpc -b -S -t 10 -T 1 -A 10 -i "$nic" -s /etc/dhcp -x "hostname:$name" >/dev/null 2>&1 &
done
# The power button is an input event under ACPI, and pin 3 of the GPIO chip on QEMU's "virt" machine without ACPI.
if [ -e /sys/bus/acpi ] && [ -e /dev/input/event0 ]; then acpid -c /etc/acpi -p /run/acpid.pid -l /dev/null
elif [ -d /sys/class/gpio ]; then /etc/button </dev/null >/dev/null 2>&1 &
fi
load /etc/modules.later &
exit 0
`

const button = `#!/bin/sh
# QEMU raises pin 3 for a tenth of a second. That is too short to poll for, so its interrupts are counted.
export PATH=/bin
for chip in /sys/class/gpio/gpiochip*; do
  read -r base <"$chip/base"
  break
done
pin=$((base + 3))
echo "$pin" >/sys/class/gpio/export
echo rising >"/sys/class/gpio/gpio$pin/edge"
mkfifo /run/button
while :; do
  while read -r _ count rest; do
    case "$rest" in *gpiolib*) [ "$count" = 0 ] || exec poweroff ;; esac
  done </proc/interrupts
  read -r -t 1 _ <>/run/button
done
`

const dhcp = `#!/bin/sh
# Called by udhcpc: applies the lease.
case "$1" in
  deconfig) ifconfig "$interface" 0.0.0.0 ;;
  bound | renew)
    ifconfig "$interface" "$ip" netmask "\${subnet:-255.255.255.0}"
    for gateway in $router; do route add default gw "$gateway" dev "$interface" 2>/dev/null; done
    : >/etc/resolv.conf
    for server in $dns; do echo "nameserver $server" >>/etc/resolv.conf; done
    [ -n "$hostname" ] && hostname "$hostname"
    echo "$ip" >/run/address
    ;;
esac
exit 0
`

const shell = `#!/bin/sh
export PATH=/bin HOME=/root TERM=linux PS1='tiny:\\w# '
# On the screen the first line belongs to /etc/status.
[ "$(tty)" = /dev/tty1 ] && printf '\\033[2J\\033[2;25r\\033[2;1H'
cd /root
echo "bailiwick-tiny ready: Linux $(uname -r) on $(uname -m)"
exec sh
`

const status = `#!/bin/sh
# The first line of the screen: a clock, so that one sees the guest is alive. Shell built-ins only; it costs next to nothing.
read -r _ _ release _ </proc/version
mkfifo /run/never
while :; do
  read -r up _ </proc/uptime
  read -r name </proc/sys/kernel/hostname
  address='no address'
  [ -e /run/address ] && read -r address </run/address
  printf '\\0337\\033[1;1H\\033[7m\\033[K Tiny Linux %s   %s   %s   up %s s\\033[0m\\0338' "$release" "$name" "$address" "\${up%.*}" >/dev/tty1
  read -r -t 1 _ <>/run/never
done
`

/** `serial`: the kernel's name of the serial console. `screen`: whether the kernel drives a text screen there. */
function inittab({ serial, screen }: { serial: string; screen: boolean }): string {
  const lines = ['::sysinit:/etc/start', `${serial}::respawn:/etc/shell`]
  if (screen) lines.push('tty1::respawn:/etc/shell', '::respawn:/etc/status')
  lines.push('::ctrlaltdel:/bin/reboot', '::shutdown:/bin/umount -a -r')
  return `${lines.join('\n')}\n`
}

export const tinyFolders = [
  'bin',
  'dev',
  'etc',
  'etc/acpi',
  'etc/acpi/PWRF',
  'lib',
  'lib/modules',
  'mnt',
  'proc',
  'root',
  'run',
  'sys',
  'tmp',
  'var',
]

export type TinyFile = { path: string; mode: number; content: string; title: string }

/** The text files of Tiny Linux, with paths inside its file system. */
export function tinyFiles(console: { serial: string; screen: boolean }): TinyFile[] {
  return [
    { path: 'init', mode: 0o755, content: init, title: 'Write the first process' },
    { path: 'etc/inittab', mode: 0o644, content: inittab(console), title: 'Say what runs on which console' },
    { path: 'etc/start', mode: 0o755, content: start, title: 'Write the start script' },
    { path: 'etc/shell', mode: 0o755, content: shell, title: 'Write the shell of each console' },
    { path: 'etc/status', mode: 0o755, content: status, title: 'Write the status line of the screen' },
    { path: 'etc/dhcp', mode: 0o755, content: dhcp, title: 'Write what applies a DHCP lease' },
    { path: 'etc/button', mode: 0o755, content: button, title: 'Write the watcher of the power button' },
    { path: 'etc/acpi/PWRF/00000080', mode: 0o755, content: '#!/bin/sh\nexec /bin/poweroff\n', title: 'Say what the power button does' },
    { path: 'etc/modules', mode: 0o644, content: `${firstModules.join('\n')}\n`, title: 'List the first drivers' },
    { path: 'etc/modules.later', mode: 0o644, content: `${laterModules.join('\n')}\n`, title: 'List the later drivers' },
    { path: 'etc/passwd', mode: 0o644, content: 'root:x:0:0:root:/root:/bin/sh\n', title: 'Name the only user' },
    { path: 'etc/group', mode: 0o644, content: 'root:x:0:\n', title: 'Name the only group' },
  ]
}
