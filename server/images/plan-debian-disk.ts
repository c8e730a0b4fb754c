import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Arch } from '@/server/model/guest'
import type { Plan, Step } from '@/server/model/plan'
import { newImage, type PlanContext, refuseExisting } from './frame'
import { imagePaths } from './paths'
import { debianBase, rootSteps } from './plan-debian'

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB
/** The disk as built; a guest's overlay is larger and the file system grows into it at the first boot. */
const diskBytes = 3 * GiB
/** First sector of the only partition: the usual 1 MiB, which leaves room for the boot loader before it. */
const firstSector = 2048

const grubModules = [
  'biosdisk',
  'part_msdos',
  'ext2',
  'normal',
  'linux',
  'configfile',
  'echo',
  'serial',
  'terminal',
  'test',
  'minicmd',
  'halt',
  'reboot',
  'ls',
]

// Without no_timer_check an emulated PC on a busy host panics at times: its timer seems not to work.
// Debian keeps /vmlinuz and /initrd.img pointing at the newest kernel, so this file stays true through upgrades.
const grubConfig = (uuid: string): string => `serial --unit=0 --speed=115200
terminal_output console serial
terminal_input console serial
set timeout=0
menuentry 'Debian' {
  linux /vmlinuz root=UUID=${uuid} ro no_timer_check console=tty0 console=ttyS0,115200
  initrd /initrd.img
}
`

/**
 * The bootable disk without a mount or a loop device: ext4 made from the folder by mke2fs at the partition's place, and GRUB's two parts
 * copied to where the BIOS looks for them (sector 0, and the gap after it: https://www.gnu.org/software/grub/manual/ "BIOS installation").
 */
function diskSteps(part: string, root: string, uuid: string): Step[] {
  const raw = posix.join(part, 'disk.raw')
  const core = posix.join(root, 'boot/grub/core.img')
  return [
    { title: 'Make the folder of the boot loader', argv: ['mkdir', '-p', '--', posix.join(root, 'boot/grub')] },
    { title: 'Say what to boot', write: { path: posix.join(root, 'boot/grub/grub.cfg'), mode: 0o644, content: grubConfig(uuid) } },
    {
      title: 'Say what to mount',
      write: { path: posix.join(root, 'etc/fstab'), mode: 0o644, content: `UUID=${uuid} / ext4 errors=remount-ro 0 1\n` },
    },
    {
      title: 'Make the boot loader',
      argv: ['chroot', root, 'grub-mkimage', '-O', 'i386-pc', '-o', '/boot/grub/core.img', '-p', '(hd0,msdos1)/boot/grub', ...grubModules],
    },
    { title: 'Drop the package cache', argv: ['chroot', root, 'apt-get', 'clean'] },
    { title: 'Make an empty disk', argv: ['truncate', '-s', String(diskBytes), posix.join(root, 'disk.raw')] },
    // sfdisk comes with the new system: the host may not have it, and in there it sees nothing but this file.
    {
      title: 'Make its partition table',
      argv: ['chroot', root, 'sfdisk', '--quiet', '--label', 'dos', '/disk.raw'],
      stdin: `${firstSector},,83,*\n`,
    },
    { title: 'Take the disk out of the folder', argv: ['mv', '-T', '--', posix.join(root, 'disk.raw'), raw] },
    {
      title: 'Put the boot sector on it',
      argv: ['dd', `if=${root}/usr/lib/grub/i386-pc/boot.img`, `of=${raw}`, 'bs=440', 'count=1', 'conv=notrunc', 'status=none'],
    },
    { title: 'Put the boot loader after it', argv: ['dd', `if=${core}`, `of=${raw}`, 'bs=512', 'seek=1', 'conv=notrunc', 'status=none'] },
    {
      title: 'Make the file system',
      argv: [
        'mke2fs',
        '-q',
        '-t',
        'ext4',
        '-L',
        'debian',
        '-U',
        uuid,
        '-d',
        root,
        '-E',
        `offset=${firstSector * 512}`,
        raw,
        `${(diskBytes - firstSector * 512) / KiB}k`,
      ],
      timeoutMs: 600_000,
    },
    {
      title: 'Compress it as qcow2',
      argv: ['qemu-img', 'convert', '-p', '-c', '-f', 'raw', '-O', 'qcow2', raw, posix.join(part, 'disk.qcow2')],
      timeoutMs: 1_200_000,
      progress: 'percent',
    },
    { title: 'Remove what is no longer needed', argv: ['rm', '-rf', '--', root, raw], timeoutMs: 120_000 },
  ]
}

/**
 * Debian as a disk that boots by itself on a BIOS machine to a login on the serial port and the screen. cloud-init applies what a seed
 * says and grows the file system to the disk. The ordinary kernel, not the cloud one: that has no SATA, where a seed CD is.
 */
export async function planDebianDisk(context: PlanContext, arch: Arch): Promise<Plan> {
  if (arch !== 'x86_64') throw new AppError('refused', 'The Debian disk boots by BIOS, so it is made for x86_64 only', 'arch')
  const base = await debianBase(context, arch)
  const { version, arch: debian } = base.release
  const paths = imagePaths(context.storeDir, `debian-${version}-${arch}`)
  await refuseExisting(context, paths)
  const root = posix.join(paths.part, 'root')
  const packages = [
    `linux-image-${debian}`,
    'initramfs-tools',
    'zstd',
    'kmod',
    'cloud-guest-utils',
    'qemu-guest-agent',
    'e2fsprogs',
    'fdisk',
    'grub-pc-bin',
    'grub-common',
  ]
  return newImage(
    paths,
    {
      id: posix.basename(paths.folder),
      title: `Debian ${version}`,
      kind: 'disk',
      arch,
      os: `Debian ${version}`,
      files: { disk: 'disk.qcow2' },
      format: 'qcow2',
      cloudInit: true,
      minMemoryBytes: 384 * MiB,
      defaultMemoryBytes: 1024 * MiB,
      defaultDiskBytes: 8 * GiB,
      createdAt: context.now,
      source: 'built',
    },
    [...rootSteps(base, root, packages, ['NoCloud', 'ConfigDrive', 'None']), ...diskSteps(paths.part, root, randomUUID())],
    { warnings: ['Takes one to five minutes and about 2 GB of room while it is made'] },
  )
}
