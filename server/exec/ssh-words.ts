import type { Ssh } from '@/server/model/host'
import { aliveCount, aliveSeconds, connectSeconds, fingerprint } from './ssh-options'

/** `lasting`: trying again soon will not help, and a host may shut out who knocks too often. */
export type Fault = { words: string; lasting: boolean }

/** An address as people write it: with its port where that is not 22. */
export const placeOf = (ssh: Ssh) =>
  ssh.port === 22 ? ssh.address : `${ssh.address.includes(':') ? `[${ssh.address}]` : ssh.address} port ${ssh.port}`

/** A host may greet with any words, so only lines as ssh itself writes them count. */
const brief = (ssh: Ssh): [RegExp, string][] => [
  [/^ssh: Could not resolve hostname/m, `There is no host named ${ssh.address}`],
  [
    /^ssh: connect to host .*: Connection refused/m,
    `${ssh.address} is there, but nothing answers ssh at port ${ssh.port}: is sshd running?`,
  ],
  [/^ssh: connect to host .*: (No route to host|Host is down)/m, `${ssh.address} cannot be reached: no way leads there`],
  [
    /^ssh: connect to host .*: Network is (unreachable|down)/m,
    `${ssh.address} cannot be reached: this machine has no network that leads there`,
  ],
  [/^ssh: connect to host .*timed out|^Connection timed out|^Timeout, server/m, `${ssh.address} did not answer within ${connectSeconds} s`],
  [
    /^kex_exchange_identification|^Connection (closed|reset)|Broken pipe\s*$|banner exchange/m,
    `${placeOf(ssh)} closed the connection before anybody was let in: perhaps a firewall, or too many connections (MaxStartups)`,
  ],
]

function keyWords(ssh: Ssh, stderr: string): string {
  if (/UNPROTECTED PRIVATE KEY|bad permissions/i.test(stderr)) return 'Others may read the key file; ssh uses none like that (chmod 600)'
  if (ssh.key.kind === 'file' && /not accessible|No such (identity|file)/i.test(stderr)) return `There is no key file ${ssh.key.path}`
  if (/Load key .*(invalid format|error in libcrypto)/i.test(stderr)) return 'The key file is not a private key that ssh can read'
  if (/Too many authentication failures/i.test(stderr)) return 'The agent holds too many keys for the host: name a key file instead'
  if (ssh.key.kind === 'agent')
    return `No key of the agent opens the door: is an agent running for Bailiwick (SSH_AUTH_SOCK), and is one of its keys in ${ssh.user}'s authorized_keys?`
  if (ssh.key.kind === 'file')
    return `Is its public half in ${ssh.user}'s authorized_keys on the host? A key with a passphrase works through an agent only`
  return `Is Bailiwick's public key in ${ssh.user}'s authorized_keys on the host?`
}

/** Why ssh did not get in, from what it said on stderr. */
export function connectFault(ssh: Ssh, stderr: string): Fault {
  const text = stderr.trim()
  if (/^Host key verification failed/m.test(text)) {
    const shown = /SHA256:[A-Za-z0-9+/=]+/.exec(text)?.[0]
    return {
      words:
        `Warning: the host key of ${placeOf(ssh)} has changed. It was ${fingerprint(ssh.hostKey)}, now it is ${shown ?? 'another'}. ` +
        'Either the host was installed anew, or somebody stands between it and Bailiwick. Nothing is sent there. ' +
        'Ask on the host itself (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), and confirm the new key only if they are alike.',
      lasting: true,
    }
  }
  if (/^Unable to negotiate .*no matching host key type/m.test(text))
    return {
      words:
        `Warning: ${placeOf(ssh)} no longer has the host key that was confirmed (${fingerprint(ssh.hostKey)}), nor any of its kind. ` +
        'Either its keys were changed, or somebody stands between it and Bailiwick. Nothing is sent there.',
      lasting: true,
    }
  if (/^Unable to negotiate/m.test(text))
    return { words: `${placeOf(ssh)} and this machine's ssh have no method in common: ${lastLine(text)}`, lasting: true }
  if (/^\S+: Permission denied \(|Too many authentication failures/m.test(text))
    return { words: `${placeOf(ssh)} does not let ${ssh.user} in with this key. ${keyWords(ssh, text)}`, lasting: true }
  for (const [pattern, words] of brief(ssh)) if (pattern.test(text)) return { words, lasting: false }
  return { words: `No connection to ${placeOf(ssh)}${text ? `: ${lastLine(text)}` : ''}`, lasting: false }
}

/** Why a connection ended that was there. */
export function lostWords(ssh: Ssh, stderr: string): string {
  const text = stderr.trim()
  const why = /^Timeout, server|timed out/m.test(text)
    ? `no answer for ${aliveSeconds * (aliveCount + 1)} s`
    : /closed by remote|^Connection (to .* )?closed|reset by|Broken pipe/m.test(text) || text === ''
      ? 'the other side closed it'
      : lastLine(text)
  return `The connection to ${placeOf(ssh)} was lost: ${why}`
}

const lastLine = (text: string) => text.split('\n').at(-1)?.trim().slice(0, 300) ?? ''
