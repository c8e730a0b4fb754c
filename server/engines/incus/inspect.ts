import type { Guest, GuestDetail } from '@/server/model/guest'
import type { Instance } from './api'
import { disksOf, instant, nicsOf } from './parse'

const secretKey = /^( *)((?:cloud-init|user)\.(?:user-data|vendor-data)):/

/** Hides the values of keys that hold accounts and keys, in whatever form the engine's YAML has them. */
export function hideUserData(yaml: string): string {
  const shown: string[] = []
  let hiding: number | null = null
  for (const line of yaml.split('\n')) {
    const indent = line.search(/\S/)
    if (hiding !== null && (indent < 0 || indent > hiding)) continue
    const found = secretKey.exec(line)
    hiding = found ? indent : null
    shown.push(found ? `${found[1]}${found[2]}: (hidden)` : line)
  }
  return shown.join('\n')
}

/** Facts that the daemon tells about an instance, in the order to show. */
export function detail(instance: Instance, guest: Guest, config: string): GuestDetail {
  const { state } = instance
  const optional = (label: string, value: string | number | undefined): [string, string][] => (value ? [[label, String(value)]] : [])
  const created = instant(instance.created_at)
  return {
    guest,
    disks: disksOf(instance),
    nics: nicsOf(instance),
    facts: [
      ...optional('Image', instance.config['image.description']),
      ...optional('Image fingerprint', instance.config['volatile.base_image']?.slice(0, 12)),
      ...optional('Profiles', instance.profiles?.join(', ')),
      ...optional(
        'Privileged',
        guest.type === 'container' ? (instance.expanded_config['security.privileged'] === 'true' ? 'yes' : 'no') : undefined,
      ),
      ...optional('Process', state && state.pid > 0 ? state.pid : undefined),
      ...optional('Processes inside', state && state.pid > 0 ? state.processes : undefined),
      ...optional('Created', created ? new Date(created).toISOString() : undefined),
      ...optional('Description', instance.description ?? undefined),
    ],
    config: { language: 'yaml', text: hideUserData(config) },
  }
}
