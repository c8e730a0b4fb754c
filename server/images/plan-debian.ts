import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Arch } from '@/server/model/guest'
import type { Step } from '@/server/model/plan'
import { debianArch, debianRelease, mirrors, type Release } from './apt'
import type { PlanContext } from './frame'

export type DebianBase = { release: Release; mirrors: string[] }

/**
 * What a Debian image is made from: the host's own release and mirrors. Only the host's own instruction set, because the new
 * system's own tools are run while it is made. Rejects with `refused` and the reason.
 */
export async function debianBase({ exec }: PlanContext, arch: Arch): Promise<DebianBase> {
  const release = await debianRelease(exec)
  if (debianArch(arch) !== release.arch)
    throw new AppError(
      'refused',
      `This host makes Debian for ${release.arch} only; another one can be downloaded from the catalogue`,
      'arch',
    )
  if ((await exec.read(['id', '-u'])).trim() !== '0')
    throw new AppError('refused', 'Debian images can be made only when Bailiwick runs as root')
  return { release, mirrors: await mirrors(exec, release) }
}

/** In both images. resolved for names, since systemd-networkd hands them over to it; ca-certificates and nano so that one can begin. */
const common = [
  'systemd-sysv',
  'dbus',
  'udev',
  'systemd-resolved',
  'cloud-init',
  'openssh-server',
  'sudo',
  'iproute2',
  'iputils-ping',
  'procps',
  'ca-certificates',
  'less',
  'nano',
]

/** cloud-init's own settings. Locales are not installed, so it must not set one; RSA keys take long on emulated machines. */
const cloudConfig = (sources: string[]): string => `# Written by Bailiwick.
datasource_list: [${sources.join(', ')}]
locale: false
ssh_genkeytypes: [ed25519, ecdsa]
manage_etc_hosts: localhost
system_info:
  network:
    renderers: [networkd]
    activators: [networkd]
`

/** Makes the root file system in `root` (a folder in the build folder), with systemd-networkd and cloud-init, without identity. */
export function rootSteps({ release, mirrors }: DebianBase, root: string, packages: string[], dataSources: string[]): Step[] {
  const inRoot = (path: string) => posix.join(root, path)
  const write = (title: string, path: string, content: string): Step => ({ title, write: { path: inRoot(path), mode: 0o644, content } })
  return [
    {
      title: `Install Debian ${release.version} into a folder`,
      argv: [
        'mmdebstrap',
        '--mode=root',
        '--variant=minbase',
        `--architectures=${release.arch}`,
        `--include=${[...common, ...packages].join(',')}`,
        release.codename,
        root,
        ...mirrors,
      ],
      timeoutMs: 1_800_000,
      progress: 'lines',
    },
    write('Set up cloud-init', 'etc/cloud/cloud.cfg.d/90-bailiwick.cfg', cloudConfig(dataSources)),
    {
      title: 'Switch its network on',
      argv: ['chroot', root, 'systemctl', 'enable', 'systemd-networkd', 'systemd-resolved'],
    },
    { title: 'Let it ask its own resolver', argv: ['ln', '-sfn', '../run/systemd/resolve/stub-resolv.conf', inRoot('etc/resolv.conf')] },
    write('Name the loopback addresses', 'etc/hosts', '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n'),
    write('Leave the name to cloud-init', 'etc/hostname', 'debian\n'),
    write('Leave the machine id to the first boot', 'etc/machine-id', 'uninitialized\n'),
    {
      title: 'Remove the ssh keys of the build',
      argv: ['find', inRoot('etc/ssh'), '-name', 'ssh_host_*', '-delete'],
    },
  ]
}
