import { z } from 'zod'
import { bridgeOptions, freeSubnet, routedNetworks } from '@/scripts/lib/networks.mjs'
import type { EngineContext } from '@/server/engines/types'
import { ExecError } from '@/server/exec/error'
import type { Exec } from '@/server/exec/types'
import type { Allowed, EngineInfo, EngineStatus } from '@/server/model/capability'
import { arches } from '@/server/model/guest'
import type { Host } from '@/server/model/host'
import { withoutFurther } from '@/server/model/operation'
import { network, pool, profile, server, warning } from './api'
import { type Client, createClient, type Program } from './client'
import { keepsNoDisks } from './limits'

const titles = { incus: 'Incus', lxc: 'LXD' } satisfies Record<Program, string>

/** Why VMs cannot run, in the daemon's own words. It keeps them as a warning (seen with Incus 6.0.4). */
async function whyNoVms(client: Client, title: string, signal: AbortSignal): Promise<string> {
  const warnings = await client.query('/1.0/warnings?recursion=1', z.array(warning), signal).catch(() => [])
  const found = warnings.find((each) => each.type === 'Instance type not operational' && each.status !== 'resolved')
  return `${title} runs no VMs here: ${found?.last_message ?? 'its qemu driver did not start'}`
}

/** Said when nothing but "no card" could be chosen; absent while a network is managed or the default profile has a card. */
async function withoutNetwork(client: Client, title: string, exec: Exec, signal: AbortSignal): Promise<Pick<EngineInfo, 'noNetwork'>> {
  const [networks, { devices }] = await Promise.all([
    client.query('/1.0/networks?recursion=1', z.array(network), signal),
    client.query('/1.0/profiles/default', profile, signal),
  ])
  if (networks.some((each) => each.managed) || Object.values(devices).some((device) => device.type === 'nic')) return {}
  const [bridge, command] = client.program === 'incus' ? ['incusbr0', 'incus'] : ['lxdbr0', 'lxc']
  const routes = await exec.readFile('/proc/net/route', { maxBytes: 1024 * 1024 }).catch(() => null)
  // A host that tells no routes is not asked for a subnet of our choice.
  const options = bridgeOptions(routes && freeSubnet(routedNetworks(Buffer.from(routes).toString('latin1'))))
  return {
    noNetwork: {
      words: `${title} has no network, so its guests get no network card`,
      remedy: `${command} network create ${bridge}${options} && ${command} profile device add default eth0 nic name=eth0 network=${bridge}`,
    },
  }
}

async function ready(client: Client, title: string, exec: Exec, signal: AbortSignal): Promise<EngineInfo> {
  const [{ environment }, pools] = await Promise.all([
    client.query('/1.0', server, signal),
    client.query('/1.0/storage-pools?recursion=1', z.array(pool), signal),
  ])
  const drivers = environment.driver.split('|').map((driver) => driver.trim())
  const container: Allowed = drivers.includes('lxc') || `${title} runs no containers here`
  const vm: Allowed = drivers.includes('qemu') || (await whyNoVms(client, title, signal))
  const create: Allowed =
    pools.length > 0 || `${title} has no storage pool yet. Run: ${client.program === 'incus' ? 'incus admin' : 'lxd'} init --minimal`
  const name = environment.server === 'lxd' ? 'LXD' : title
  return {
    kind: 'incus',
    name,
    version: environment.server_version,
    details: [
      ['Driver', `${environment.driver} ${environment.driver_version}`],
      ['Storage', pools.map((each) => `${each.name} (${each.driver})`).join(', ') || 'none'],
      ...(environment.server_clustered ? [['Cluster', 'part of a cluster'] satisfies [string, string]] : []),
    ],
    guestTypes: { container, vm },
    arches: environment.architectures.flatMap((name) => {
      const arch = arches.find((each) => each === name)
      return arch ? [{ arch, accel: 'native' as const, why: 'containers share the host’s kernel' }] : []
    }),
    operations: { ...withoutFurther(`Not offered for ${title} yet`), create },
    keepsDisks: keepsNoDisks(name),
    // Who may not see the networks is told nothing about them.
    ...(await withoutNetwork(client, title, exec, signal).catch(() => ({}))),
    names: { pattern: '^[a-z][a-z0-9-]*$', words: 'Only a–z, 0–9 and -' },
  }
}

/** What is wrong with a daemon that did not answer, and the command that mends it. Words of the incus 6.0 and lxc 5.0 programs. */
async function fault(error: unknown, program: Program, context: EngineContext, signal: AbortSignal): Promise<EngineStatus> {
  const title = titles[program]
  const text = error instanceof Error ? error.message : String(error)
  const broken = (cause: string, remedy?: string): EngineStatus => ({ kind: 'incus', state: 'broken', cause, remedy })
  if (/permission/i.test(text)) {
    const user = await context.exec.read(['id', '-un'], { signal }).catch(() => 'USER')
    const group = program === 'incus' ? 'incus-admin' : 'lxd'
    return broken(`This user may not talk to the ${title} daemon`, `sudo usermod -aG ${group} ${user.trim()}`)
  }
  if (/doesn't appear to be started|no such file|connection refused|not accessible/i.test(text)) {
    const systemd = await context.exec.stat('/run/systemd/system').catch(() => null)
    const byHand = program === 'incus' ? 'sudo /usr/libexec/incus/incusd --group incus-admin' : 'sudo lxd --group lxd'
    return broken(`The ${title} daemon is not running`, systemd ? `sudo systemctl start ${program === 'incus' ? 'incus' : 'lxd'}` : byHand)
  }
  if (error instanceof ExecError && error.reason === 'timeout') return broken(`The ${title} daemon does not answer`)
  return broken(text)
}

/** Debian has Incus from 13 on, and for 12 in its backports; there `incus` itself would move QEMU to another suite. */
async function howToInstall({ exec }: EngineContext): Promise<string> {
  const release = await exec.readFile('/etc/os-release', { maxBytes: 4096 }).then(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    () => '',
  )
  const backports = /^VERSION_CODENAME=bookworm$/m.test(release) && /^ID=debian$/m.test(release)
  return backports ? 'sudo apt install incus-base/bookworm-backports incus-client/bookworm-backports' : 'sudo apt install incus'
}

/** Looks for Incus, then for LXD; the first that answers is the engine. */
export async function probe(host: Host, context: EngineContext, signal: AbortSignal): Promise<EngineStatus> {
  if (host.incusDir === '') return { kind: 'incus', state: 'absent', cause: 'Switched off for this host' }
  let first: EngineStatus | null = null
  for (const program of ['incus', 'lxc'] satisfies Program[]) {
    try {
      const client = createClient(program, host, context.exec)
      return { kind: 'incus', state: 'ready', info: await ready(client, titles[program], context.exec, signal) }
    } catch (error) {
      if (error instanceof ExecError && error.reason === 'missing') continue
      first ??= await fault(error, program, context, signal)
    }
  }
  return first ?? { kind: 'incus', state: 'absent', cause: 'Neither incus nor lxc is installed', remedy: await howToInstall(context) }
}
