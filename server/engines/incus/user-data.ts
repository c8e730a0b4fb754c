import { randomBytes } from 'node:crypto'
import { sha512Crypt } from '@/server/engines/sha512-crypt'
import type { ContainerSpec } from '@/server/model/spec'

type Access = NonNullable<ContainerSpec['access']>

/**
 * cloud-init user data for a person's account. The password goes in as its hash, since Incus keeps this text in the
 * instance's configuration. `secrets`: what must be masked wherever the text is shown.
 */
export function userData(access: Access): { text: string; secrets: string[] } {
  const hash = access.password ? sha512Crypt(access.password, randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '.')) : null
  // A JSON string is a YAML scalar too, so nothing in a key or a name can break out.
  const lines = [
    '#cloud-config',
    'users:',
    `  - name: ${JSON.stringify(access.user)}`,
    '    shell: /bin/bash',
    '    groups: [sudo]',
    `    sudo: ${JSON.stringify(hash ? 'ALL=(ALL) ALL' : 'ALL=(ALL) NOPASSWD:ALL')}`,
    `    lock_passwd: ${hash ? 'false' : 'true'}`,
  ]
  if (hash) lines.push(`    passwd: ${JSON.stringify(hash)}`)
  if (access.sshKeys.length > 0) lines.push('    ssh_authorized_keys:', ...access.sshKeys.map((key) => `      - ${JSON.stringify(key)}`))
  if (access.user === 'root') lines.push('disable_root: false')
  if (hash) lines.push('ssh_pwauth: true')
  return { text: `${lines.join('\n')}\n`, secrets: [access.password ?? '', hash ?? ''].filter(Boolean) }
}
