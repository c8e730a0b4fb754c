import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { Step } from '@/server/model/plan'
import type { VmSpec } from '@/server/model/spec'
import { sha512Crypt } from '../sha512-crypt'

export const seedPath = (folder: string): string => posix.join(folder, 'seed.iso')

/** JSON is YAML, and quotes everything by itself. The host name is in meta-data, so that a clone can share this file. */
function userData(access: VmSpec['access'], os: string | undefined): { text: string; secrets: string[] } {
  const common = { preserve_hostname: false, manage_etc_hosts: true }
  if (!access) return { text: `#cloud-config\n${JSON.stringify(common, null, 2)}\n`, secrets: [] }
  const hash = access.password
    ? sha512Crypt(access.password, randomBytes(12).toString('base64url').replaceAll('-', '.').replaceAll('_', '/'))
    : undefined
  const root = access.user === 'root'
  const user = {
    name: access.user,
    // Alpine and FreeBSD have no bash.
    shell: /alpine|freebsd/i.test(os ?? '') ? '/bin/sh' : '/bin/bash',
    ...(root ? {} : { sudo: 'ALL=(ALL) NOPASSWD:ALL' }),
    lock_passwd: !hash,
    ...(hash ? { passwd: hash } : {}),
    ssh_authorized_keys: access.sshKeys,
  }
  const config = {
    ...common,
    ...(root ? { disable_root: false } : {}),
    ssh_pwauth: Boolean(hash),
    users: [user],
    // `passwd` above counts only for a user that cloud-init makes; root is there already.
    ...(root && hash ? { chpasswd: { expire: false, list: `root:${hash}` } } : {}),
  }
  return { text: `#cloud-config\n${JSON.stringify(config, null, 2)}\n`, secrets: hash ? [hash] : [] }
}

const metaData = (name: string, instance: string): string =>
  `${JSON.stringify({ 'instance-id': instance, 'local-hostname': name }, null, 2)}\n`

/**
 * Steps that make a NoCloud seed: a CD named "cidata". Without a network-config in it cloud-init asks for an address on the first
 * card by DHCP, on every system and whatever the card is called. The sources stay beside it, for root only: a clone needs them.
 * https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export function seedSteps(
  folder: string,
  name: string,
  instance: string,
  from: { access: VmSpec['access']; os?: string } | { copy: string },
): Step[] {
  const sources = posix.join(folder, 'seed')
  const file = (base: string) => posix.join(sources, base)
  const steps: Step[] = [{ title: 'Make a folder for the seed', argv: ['mkdir', '-m', '0700', '--', sources] }]
  if ('copy' in from) {
    steps.push({
      title: 'Copy what cloud-init shall do',
      argv: ['cp', '--preserve=mode', '--', posix.join(from.copy, 'seed', 'user-data'), file('user-data')],
    })
  } else {
    const { text, secrets } = userData(from.access, from.os)
    steps.push({ title: 'Write what cloud-init shall do', write: { path: file('user-data'), mode: 0o600, content: text }, secrets })
  }
  steps.push(...renameSeedSteps(folder, name, instance))
  return steps
}

/**
 * Steps that put a host name into the sources of a seed and make its CD from them. With the same `instance` as before, cloud-init
 * does not take the guest for a new one, and its module update_hostname applies the name.
 */
export function renameSeedSteps(folder: string, name: string, instance: string): Step[] {
  const file = (base: string) => posix.join(folder, 'seed', base)
  return [
    { title: 'Write its host name', write: { path: file('meta-data'), mode: 0o600, content: metaData(name, instance) } },
    {
      title: 'Make the seed CD',
      argv: [
        'genisoimage',
        '-quiet',
        '-output',
        seedPath(folder),
        '-volid',
        'cidata',
        '-joliet',
        '-rock',
        '-input-charset',
        'utf-8',
        file('user-data'),
        file('meta-data'),
      ],
    },
    { title: 'Keep the seed to root and QEMU', argv: ['chmod', '0600', '--', seedPath(folder)] },
  ]
}
