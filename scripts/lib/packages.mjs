import { existsSync } from 'node:fs'
import { capture, logged } from './run.mjs'
import { which } from './system.mjs'

/** What the host needs, by purpose. A purpose that cannot be met leaves the others alone. */
export function wanted(debian, { tests = false } = {}) {
  const groups = [
    { why: 'compiling two native modules', names: ['g++', 'make', 'python3'] },
    {
      why: 'VMs',
      names: ['libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'qemu-utils', 'ovmf', 'dnsmasq-base', 'iptables'],
    },
    {
      why: 'VMs of other instruction sets',
      names: [
        'qemu-system-arm',
        'qemu-system-misc',
        ...(debian >= 13 ? ['qemu-system-riscv'] : []),
        'qemu-efi-aarch64',
        'u-boot-qemu',
        'opensbi',
      ],
    },
    {
      why: 'guest images',
      names: ['busybox-static', 'cpio', 'zstd', 'xz-utils', 'mmdebstrap', 'genisoimage', 'e2fsprogs', 'curl'],
    },
    { why: 'containers', names: containers(debian), suite: debian === 12 ? 'bookworm-backports' : undefined },
  ]
  groups.push({ why: 'hosts over ssh', names: ['openssh-client'] })
  if (tests)
    groups.push({
      why: 'tests',
      names: [
        'openssh-server',
        'tcsh',
        'tmux',
        'sqlite3',
        'bsdextrautils',
        'sudo',
        'opendoas',
        'chromium',
        'fonts-dejavu-core',
        'qemu-guest-agent',
        'slirp4netns',
        'tini',
        'iproute2',
        'util-linux',
        'libx11-data',
        'vttest',
        'xkb-data',
      ],
    })
  return groups
}

const incusPrograms = ['/usr/libexec/incus/incusd', '/opt/incus/bin/incusd', '/usr/sbin/incusd', '/usr/bin/incusd']

/** The path of the Incus daemon, or null. */
export const incusDaemon = () => incusPrograms.find((path) => existsSync(path)) ?? null

/** Incus, unless Incus from elsewhere or LXD is already there. Debian 12's backports split it; its `incus` would pull in a newer QEMU. */
function containers(debian) {
  if (which('lxd') || (which('incus') && incusDaemon())) return []
  return debian === 12 ? ['incus-base', 'incus-client'] : ['incus']
}

/** Names of `names` that dpkg does not have installed. One process for all. */
export async function missing(names) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own format
  const { stdout } = await capture(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Package}\n', ...names])
  const there = new Set()
  for (const line of stdout.split('\n')) if (/^[ih]i/.test(line)) there.add(line.slice(3).trim())
  return names.filter((name) => !there.has(name))
}

const install = (become, names, log, suite) =>
  logged(
    [
      ...become,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '--yes',
      '--no-install-recommends',
      '-o',
      'Dpkg::Options::=--force-confold',
      '-o',
      'DPkg::Lock::Timeout=120',
      ...names.map((name) => (suite ? `${name}/${suite}` : name)),
    ],
    { log, hint: 'Look at the lines above; `apt-get install --fix-broken` mends a half-done installation. Then run this again.' },
  )

/** Reads the package lists again. A source that does not answer is told, not fatal: the others were read. */
export async function refreshLists(become) {
  const argv = [...become, 'apt-get', 'update', '-o', 'DPkg::Lock::Timeout=120']
  try {
    await logged(argv, { log: 'apt-update' })
    return []
  } catch (error) {
    return error.tail.filter((line) => /^(E|W|Err)/.test(line))
  }
}

/**
 * Installs groups of `{ why, names, suite }`, all at once; when that fails, one by one.
 * Returns the groups that failed, each with its error.
 */
export async function installGroups(become, groups, onGroup) {
  const specs = groups.flatMap(({ names, suite }) => names.map((name) => (suite ? `${name}/${suite}` : name)))
  try {
    await install(become, specs, 'apt-install')
    return []
  } catch (error) {
    if (groups.length === 1) return [{ ...groups[0], error }]
  }
  const failed = []
  for (const group of groups) {
    onGroup(group)
    try {
      await install(become, group.names, `apt-install-${group.why.replace(/\W+/g, '-')}`, group.suite)
    } catch (error) {
      failed.push({ ...group, error })
    }
  }
  return failed
}

export const hasApt = () => existsSync('/usr/bin/apt-get') && existsSync('/var/lib/dpkg/status')
