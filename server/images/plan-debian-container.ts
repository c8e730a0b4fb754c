import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { Arch } from '@/server/model/guest'
import type { Argv, Plan, Step } from '@/server/model/plan'
import { newImage, type PlanContext, refuseExisting } from './frame'
import { imagePaths } from './paths'
import { debianBase, rootSteps } from './plan-debian'

/** The program and the environment that reach the host's Incus or LXD daemon. */
export type ContainerEngine = { program: 'incus' | 'lxc'; env: Record<string, string> }

const network = `[Match]
Name=eth0

[Network]
DHCP=yes
IPv6AcceptRA=yes

[DHCPv4]
UseDomains=true
`

/** cloud-init's seed, which the daemon fills in for each container from its cloud-init.* settings. */
const seeds = ['meta-data', 'user-data', 'vendor-data'] as const
const templates = {
  'meta-data': 'instance-id: {{ container.name }}\nlocal-hostname: {{ container.name }}\n{{ config_get("user.meta-data", "") }}\n',
  'user-data': '{{ config_get("cloud-init.user-data", config_get("user.user-data", properties.default)) }}\n',
  'vendor-data': '{{ config_get("cloud-init.vendor-data", config_get("user.vendor-data", properties.default)) }}\n',
} satisfies Record<(typeof seeds)[number], string>

/** metadata.yaml (JSON is YAML): https://linuxcontainers.org/incus/docs/main/reference/image_format/ */
const metadata = (version: number, codename: string, arch: Arch, now: number): string =>
  `${JSON.stringify(
    {
      architecture: arch,
      creation_date: Math.floor(now / 1000),
      properties: { os: 'Debian', release: codename, version: String(version), architecture: arch, description: `Debian ${version}` },
      templates: {
        '/etc/hostname': { when: ['create', 'copy'], template: 'hostname.tpl' },
        ...Object.fromEntries(
          seeds.map((name) => [
            `/var/lib/cloud/seed/nocloud-net/${name}`,
            { when: ['create', 'copy'], template: `${name}.tpl`, properties: { default: '#cloud-config\n{}' } },
          ]),
        ),
      },
    },
    null,
    2,
  )}\n`

/**
 * Debian as a container image of the host's Incus or LXD, with systemd and DHCP on eth0; cloud-init reads what the container's
 * settings say. The daemon keeps the image; the folder only describes it.
 */
export async function planDebianContainer(context: PlanContext, arch: Arch, engine: ContainerEngine | null): Promise<Plan> {
  if (!engine) throw new AppError('refused', 'This host has neither Incus nor LXD')
  const base = await debianBase(context, arch)
  const { version, codename } = base.release
  const id = `debian-${version}-container`
  const paths = imagePaths(context.storeDir, id)
  await refuseExisting(context, paths)
  const alias = `bailiwick-debian-${version}`
  const inPart = (name: string) => posix.join(paths.part, name)
  const root = inPart('root')
  const write = (title: string, path: string, content: string): Step => ({ title, write: { path, mode: 0o644, content } })
  const tar = (title: string, out: string, ...rest: string[]): Step => ({
    title,
    argv: ['tar', '--numeric-owner', '--xattrs', '-cf', inPart(out), '-C', ...rest],
    timeoutMs: 600_000,
  })
  const importArgv: Argv = [engine.program, 'image', 'import', inPart('meta.tar'), inPart('root.tar'), '--reuse', '--alias', alias]
  return newImage(
    paths,
    {
      id,
      title: `Debian ${version}`,
      kind: 'container',
      arch,
      os: `Debian ${version}`,
      files: { alias },
      cloudInit: true,
      createdAt: context.now,
      source: 'built',
    },
    [
      ...rootSteps(base, root, [], ['NoCloud', 'None']),
      write('Ask for an address on eth0', posix.join(root, 'etc/systemd/network/20-eth0.network'), network),
      // The network is Incus's; cloud-init would only write the same again.
      write('Keep cloud-init from the network', posix.join(root, 'etc/cloud/cloud.cfg.d/91-network.cfg'), 'network: {config: disabled}\n'),
      { title: 'Drop the package cache', argv: ['chroot', root, 'apt-get', 'clean'] },
      tar('Pack the root file system', 'root.tar', root, '.'),
      { title: 'Make the folder of templates', argv: ['mkdir', '-p', '--', inPart('meta/templates')] },
      write('Describe it to the container engine', inPart('meta/metadata.yaml'), metadata(version, codename, arch, context.now)),
      write('Give each container its name', inPart('meta/templates/hostname.tpl'), '{{ container.name }}\n'),
      ...seeds.map((name) => write(`Give each container its ${name}`, inPart(`meta/templates/${name}.tpl`), templates[name])),
      tar('Pack the description', 'meta.tar', inPart('meta'), 'metadata.yaml', 'templates'),
      {
        title: `Hand the image to ${engine.program === 'lxc' ? 'LXD' : 'Incus'}`,
        argv: importArgv,
        env: engine.env,
        timeoutMs: 600_000,
        progress: 'percent',
        undo: deleteAlias(engine, alias),
      },
      {
        title: 'Remove what is no longer needed',
        argv: ['rm', '-rf', '--', root, inPart('meta'), inPart('root.tar'), inPart('meta.tar')],
        timeoutMs: 120_000,
      },
    ],
    { warnings: ['Takes about a minute and 2 GB of room while it is made'] },
  )
}

/** Undo steps have no environment of their own, so it goes through env(1). */
export const deleteAlias = ({ program, env }: ContainerEngine, alias: string): Argv => {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  return settings.length > 0 ? ['env', ...settings, program, 'image', 'delete', alias] : [program, 'image', 'delete', alias]
}
