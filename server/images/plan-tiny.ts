import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Arch } from '@/server/model/guest'
import type { Plan, Step } from '@/server/model/plan'
import { aptOptions, debianArch, debianRelease, kernelPackage } from './apt'
import { newImage, type PlanContext, refuseExisting } from './frame'
import type { ImageFile } from './image-file'
import { imagePaths } from './paths'
import { firstModules, laterModules, tinyFiles, tinyFolders } from './tiny-files'

const MiB = 1024 * 1024

/** The kernel's meta package and the consoles it has on the machine that a VM of this arch gets. */
const machines = {
  x86_64: { meta: 'linux-image-cloud-amd64', serial: 'ttyS0', screen: true },
  aarch64: { meta: 'linux-image-cloud-arm64', serial: 'ttyAMA0', screen: false },
  riscv64: { meta: 'linux-image-riscv64', serial: 'ttyS0', screen: false },
} as const

export const tinyId = (arch: Arch): string => `tiny-linux-${arch}`

/** U-Boot's image for QEMU's riscv64 "virt" machine, from Debian's u-boot-qemu. It stands where a kernel would. */
const uBoot = '/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf'

const modules = [...firstModules, ...laterModules]
const anyOf = (names: string[]): string[] => ['(', ...names.flatMap((name, i) => [...(i ? ['-o'] : []), '-name', name]), ')']

function tinySteps(part: string, fetch: readonly [string, ...string[]], console: { serial: string; screen: boolean }): Step[] {
  const inPart = (...names: string[]) => posix.join(part, ...names)
  const root = inPart('root')
  const fs = inPart('fs')
  const files = tinyFiles(console)
  const list = [
    '.',
    ...tinyFolders,
    'bin/busybox',
    'bin/sh',
    ...files.map(({ path }) => path),
    ...modules.map((name) => `lib/modules/${name}.ko`),
  ]
  return [
    { title: 'Fetch the kernel and BusyBox from the Debian mirror', argv: fetch, timeoutMs: 600_000, progress: 'percent' },
    {
      title: 'Unpack them; nothing is installed',
      argv: ['find', part, '-maxdepth', '1', '-name', '*.deb', '-exec', 'dpkg-deb', '-x', '{}', root, ';'],
      timeoutMs: 120_000,
    },
    { title: 'Make the folders of its file system', argv: ['mkdir', '-p', '--', ...tinyFolders.map((name) => posix.join(fs, name))] },
    // Every listed driver has a file, so that the list for cpio is known beforehand; a driver the kernel has built in stays empty.
    { title: 'Make room for drivers', argv: ['touch', '--', ...modules.map((name) => posix.join(fs, 'lib/modules', `${name}.ko`))] },
    {
      title: 'Unpack compressed drivers',
      argv: ['find', root, '-type', 'f', ...anyOf(modules.map((name) => `${name}.ko.xz`)), '-exec', 'xz', '-d', '{}', '+'],
      timeoutMs: 120_000,
    },
    {
      title: 'Take the drivers',
      argv: [
        'find',
        root,
        '-type',
        'f',
        ...anyOf(modules.map((name) => `${name}.ko`)),
        '-exec',
        'cp',
        '-t',
        posix.join(fs, 'lib/modules'),
        '{}',
        '+',
      ],
    },
    {
      title: 'Take the kernel',
      argv: ['find', posix.join(root, 'boot'), ...anyOf(['vmlinuz-*', 'vmlinux-*']), '-exec', 'mv', '-T', '{}', inPart('vmlinuz'), ';'],
    },
    {
      title: 'Take BusyBox',
      argv: ['find', root, '-type', 'f', '-path', '*/bin/busybox', '-exec', 'mv', '-T', '{}', posix.join(fs, 'bin/busybox'), ';'],
    },
    { title: 'Make it the shell', argv: ['ln', '-s', 'busybox', posix.join(fs, 'bin/sh')] },
    ...files.map(({ path, mode, content, title }): Step => ({ title, write: { path: posix.join(fs, path), mode, content } })),
    {
      title: 'Pack the file system',
      argv: ['cpio', '--quiet', '-o', '-H', 'newc', '-R', '+0:+0', '-D', fs, '-O', inPart('initrd')],
      stdin: `${list.join('\n')}\n`,
    },
    { title: 'Compress it', argv: ['gzip', '-9', '-n', inPart('initrd')], timeoutMs: 120_000 },
    {
      title: 'Remove what is no longer needed',
      argv: [
        'find',
        part,
        '-mindepth',
        '1',
        '-maxdepth',
        '1',
        '!',
        '-name',
        'vmlinuz',
        '!',
        '-name',
        'initrd.gz',
        '-exec',
        'rm',
        '-rf',
        '{}',
        '+',
      ],
      timeoutMs: 120_000,
    },
    { title: 'Make sure the kernel is there', argv: ['test', '-s', inPart('vmlinuz')] },
  ]
}

function uBootPlan(context: PlanContext, file: Omit<ImageFile, 'title' | 'files'>): Plan {
  const paths = imagePaths(context.storeDir, file.id)
  return newImage(
    paths,
    { ...file, title: 'U-Boot only, no Linux', os: 'U-Boot', files: { kernel: 'uboot.elf' } },
    [{ title: 'Take U-Boot', argv: ['cp', '--', uBoot, posix.join(paths.part, 'uboot.elf')] }],
    { warnings: ['This Debian has no riscv64 kernel: the guest gets U-Boot, whose prompt answers "version" and "help"'] },
  )
}

/**
 * Tiny Linux for one arch: Debian's kernel and BusyBox, fetched and unpacked without being installed. For riscv64, where the suite has
 * no kernel, U-Boot. Rejects with `refused` for what cannot be made here and `conflict` when it is there already.
 */
export async function planTiny(context: PlanContext, arch: Arch): Promise<Plan> {
  const { exec, dataDir, storeDir, now } = context
  const id = tinyId(arch)
  const paths = imagePaths(storeDir, id)
  if (arch === 'i686') throw new AppError('refused', 'There is no Tiny Linux for i686', 'arch')
  await refuseExisting(context, paths)
  const machine = machines[arch]
  const base = {
    id,
    kind: 'kernel',
    arch,
    cloudInit: false,
    minMemoryBytes: 128 * MiB,
    defaultMemoryBytes: 192 * MiB,
    createdAt: now,
    source: 'built',
  } as const
  const release = await debianRelease(exec)
  const debian = debianArch(arch)
  // riscv64 became a Debian architecture with release 13.
  const known = arch !== 'riscv64' || release.version >= 13
  const kernel = known ? await kernelPackage(exec, dataDir, release, debian, machine.meta) : null
  if (!kernel) {
    if (arch === 'riscv64' && (await exec.stat(uBoot))) return uBootPlan(context, base)
    const missing = arch === 'riscv64' ? 'and u-boot-qemu is not installed' : 'run apt-get update on the host'
    throw new AppError('refused', `Debian ${release.codename} offers no ${machine.meta}; ${missing}`, 'arch')
  }
  const busybox = debian === release.arch ? 'busybox-static' : `busybox-static:${debian}`
  const fetch = ['env', '-C', paths.part, 'apt-get', ...aptOptions(dataDir, release, debian), '-q', 'download', kernel, busybox] as const
  const file: ImageFile = { ...base, title: 'Tiny Linux', os: 'Tiny Linux', files: { kernel: 'vmlinuz', initrd: 'initrd.gz' } }
  return newImage(paths, file, tinySteps(paths.part, fetch, machine))
}
