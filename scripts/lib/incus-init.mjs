import { bridgeOptions, freeSubnet } from './networks.mjs'
import { capture } from './run.mjs'

/** Asks the Incus daemon; null when it refuses or is not there. */
async function query(become, path) {
  const { code, stdout } = await capture([...become, 'incus', 'query', path])
  try {
    return code === 0 ? JSON.parse(stdout.trim() || '[]') : null // It prints nothing for an empty list.
  } catch {
    return null // No answer is no leave to set anything up.
  }
}

/**
 * What to do about what Incus has. `untouched`: nobody set it up yet, so there are no pools, no networks of its own and nothing
 * in the default profile. `words`: what to tell of one that somebody set up and that lacks something; absent when it lacks nothing.
 */
export function judgeIncus(pools, networks, profile, subnet) {
  const devices = Object.values(profile.devices ?? {})
  const managed = networks.some((network) => network.managed)
  if (pools.length === 0 && !managed && devices.length === 0) return { untouched: true }
  const words = []
  if (pools.length === 0) words.push('It has no storage pool. This makes one: incus storage create default dir')
  if (!managed && !devices.some(({ type }) => type === 'nic')) {
    words.push(
      'It has no network, so containers get no network card. This makes one:',
      `incus network create incusbr0${bridgeOptions(subnet)} && incus profile device add default eth0 nic name=eth0 network=incusbr0`,
    )
  }
  return { untouched: false, ...(words.length > 0 ? { words } : {}) }
}

/** The same of the daemon here; null when it does not answer. */
export async function examineIncus(become) {
  await capture([...become, 'incus', 'admin', 'waitready', '--timeout=60'], { timeoutMs: 70_000 })
  const [pools, networks, profile] = await Promise.all([
    query(become, '/1.0/storage-pools'),
    query(become, '/1.0/networks?recursion=1'),
    query(become, '/1.0/profiles/default'),
  ])
  return pools && networks && profile ? judgeIncus(pools, networks, profile, freeSubnet()) : null
}

/** The preseed: a pool in a folder, a bridge with NAT, and the default profile that uses both. JSON is YAML too. */
export const preseed = (subnet, bridge = 'incusbr0') => ({
  config: {},
  networks: [{ name: bridge, type: 'bridge', config: { 'ipv4.address': subnet, 'ipv4.nat': 'true', 'ipv6.address': 'none' } }],
  storage_pools: [{ name: 'default', driver: 'dir' }],
  profiles: [
    {
      name: 'default',
      devices: { root: { type: 'disk', path: '/', pool: 'default' }, eth0: { type: 'nic', name: 'eth0', network: bridge } },
    },
  ],
})

/**
 * Sets up an untouched Incus. The subnet is chosen here: `auto` fails where many routes exist.
 * Returns the subnet; throws with Incus's words when it refuses.
 */
export async function initIncus(become, { bridge } = {}) {
  const subnet = freeSubnet()
  if (!subnet) throw new Error('No free 10.x subnet for the containers: run `incus admin init` and choose one')
  const input = JSON.stringify(preseed(subnet, bridge))
  const { code, stderr } = await capture([...become, 'incus', 'admin', 'init', '--preseed'], { input, timeoutMs: 120_000 })
  if (code !== 0) throw new Error(`Incus could not be set up: ${stderr.trim()}`)
  return subnet
}
