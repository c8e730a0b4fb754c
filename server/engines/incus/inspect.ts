import type { Guest, GuestDetail } from '@/server/model/guest'
import type { Instance } from './api'
import { disksOf, instant, nicsOf } from './parse'

/** Hides the values of keys that hold accounts and keys, block texts included, in the engine's YAML. */
export function hideUserData(yaml: string): string {
  return yaml.replaceAll(
    /^( *)((?:cloud-init|user)\.(?:user-data|vendor-data)):(?: [^\n|>]*| [|>][^\n]*(?:\n(?:\1 +[^\n]*|[ \t]*(?=\n)))*)$/gm,
    '$1$2: (hidden)',
  )
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
      ...optional('Description', instance.description),
    ],
    config: { language: 'yaml', text: hideUserData(config) },
  }
}
