import { createHash } from 'node:crypto'
import { AppError } from '@/server/errors'
import type { Ssh } from '@/server/model/host'

/** The name that the pinned key is kept under, whatever the host is called. */
const alias = 'bailiwick-host'

/** Seconds without an answer before it is asked for, and how often: a dead line is noticed after 9 s. */
export const aliveSeconds = 3
export const aliveCount = 2
export const connectSeconds = 10

const keyAlgorithms: Record<string, string> = {
  'ssh-ed25519': 'ssh-ed25519',
  'ssh-rsa': 'rsa-sha2-512,rsa-sha2-256',
  'ecdsa-sha2-nistp256': 'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384': 'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521': 'ecdsa-sha2-nistp521',
}

/** Name or address of a host. A leading dash would be an option of ssh; a blank, `@` or `/` is never part of one. */
export const addressPattern = /^[A-Za-z0-9_:][A-Za-z0-9._:%-]*$/
export const userPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/
export const hostKeyPattern = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]+={0,2}$/

/** Throws `invalid`, naming the field, unless everything may be given to ssh. */
export function checkSsh(ssh: Ssh): void {
  if (ssh.address.length > 255 || !addressPattern.test(ssh.address))
    throw new AppError('invalid', 'The address must be a host name or an IP address', 'address')
  if (!Number.isInteger(ssh.port) || ssh.port < 1 || ssh.port > 65535)
    throw new AppError('invalid', 'The port must be a number from 1 to 65535', 'port')
  if (ssh.user.length > 64 || !userPattern.test(ssh.user))
    throw new AppError('invalid', 'The user must be a name of a Unix account', 'user')
  if (!hostKeyPattern.test(ssh.hostKey)) throw new AppError('invalid', 'The host key must be a public key: "ssh-ed25519 AAAA…"', 'hostKey')
  if (ssh.key.kind === 'file' && (!ssh.key.path.startsWith('/') || /\p{Cc}|\$\{/u.test(ssh.key.path)))
    throw new AppError('invalid', 'The key file must be a whole path', 'key')
}

/** SHA256:… of a public key ("ssh-ed25519 AAAA…"), as ssh-keygen -l prints it. */
export function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The one line of the known_hosts file. */
export const knownHosts = (ssh: Ssh) => `${alias} ${ssh.hostKey}\n`

/**
 * Arguments of ssh for a master that takes up nothing from the user's or the system's configuration, asks nobody, and
 * accepts the pinned host key alone. `folder`: holds `known_hosts` and the control socket. `ownKey`: Bailiwick's key file.
 */
export function masterArgv(ssh: Ssh, folder: string, ownKey: string, word: string): string[] {
  const [kind = ''] = ssh.hostKey.split(' ')
  const options: [string, string | number][] = [
    ['BatchMode', 'yes'],
    ['PreferredAuthentications', 'publickey'],
    ['StrictHostKeyChecking', 'yes'],
    ['HostKeyAlias', alias],
    ['UserKnownHostsFile', fileWord(`${folder}/known_hosts`)],
    ['GlobalKnownHostsFile', '/dev/null'],
    ['HostKeyAlgorithms', keyAlgorithms[kind] ?? kind],
    ['UpdateHostKeys', 'no'],
    ['CheckHostIP', 'no'],
    ['VerifyHostKeyDNS', 'no'],
    ['ConnectTimeout', connectSeconds],
    ['ServerAliveInterval', aliveSeconds],
    ['ServerAliveCountMax', aliveCount],
    ['ControlMaster', 'yes'],
    ['ControlPersist', 'no'],
    ['ForwardAgent', 'no'],
    ['ForwardX11', 'no'],
    ['PermitLocalCommand', 'no'],
    ['EscapeChar', 'none'],
    ['RequestTTY', 'no'],
    // Below that ssh does not say why it gives up.
    ['LogLevel', 'INFO'],
    ...keyOptions(ssh, ownKey),
  ]
  return [
    '-F',
    'none',
    ...options.flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '-S',
    `${folder}/c`,
    '-p',
    String(ssh.port),
    '-l',
    ssh.user,
    '--',
    ssh.address,
    word,
  ]
}

/** A path in an option: ssh splits at blanks, and takes %h and the like for what they stand for. */
const fileWord = (path: string) => `"${path.replaceAll('%', '%%').replaceAll(/["\\]/g, '\\$&')}"`

/** With a key file, no other key is offered: hosts count wrong ones, and close the door. */
const keyOptions = (ssh: Ssh, ownKey: string): [string, string][] =>
  ssh.key.kind === 'agent'
    ? [['IdentityFile', 'none']]
    : [
        ['IdentitiesOnly', 'yes'],
        ['IdentityAgent', 'none'],
        ['IdentityFile', fileWord(ssh.key.kind === 'own' ? ownKey : ssh.key.path)],
      ]
