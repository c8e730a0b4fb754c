import { expect, it } from 'vitest'
import { connectFault, lostWords } from './exec/ssh-words'
import { saysKeyChanged } from './make-exec'
import type { Ssh } from './model/host'

const ssh: Ssh = { address: 'mars', port: 2222, user: 'root', key: { kind: 'own' }, hostKey: `ssh-ed25519 ${'A'.repeat(68)}` }

it('tells a changed key from everything else that ssh says', () => {
  const changed =
    'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nThe fingerprint for the ED25519 key sent by the remote host is\nSHA256:abc.\nHost key verification failed.'
  expect(saysKeyChanged(connectFault(ssh, changed).words)).toBe(true)
  expect(
    saysKeyChanged(connectFault(ssh, 'Unable to negotiate with 1.2.3.4: no matching host key type found. Their offer: rsa').words),
  ).toBe(true)
  for (const said of ['Permission denied (publickey).', 'Connection refused', 'Connection timed out', ''])
    expect(saysKeyChanged(connectFault(ssh, said).words)).toBe(false)
  expect(saysKeyChanged(lostWords(ssh, ''))).toBe(false)
})
