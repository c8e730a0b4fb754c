import { describe, expect, it } from 'vitest'
import type { Ssh } from '@/server/model/host'
import { connectFault, lostWords, placeOf } from './ssh-words'

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH8FMZQXBbZO7raiMi6dkZRLhZz18vD5ooZsxXIZMANo'
const ssh: Ssh = { address: 'node1', port: 22, user: 'root', key: { kind: 'own' }, hostKey }

describe('what ssh says', () => {
  it.each([
    ['ssh: Could not resolve hostname node1: Name or service not known', 'There is no host named node1', false],
    ['ssh: connect to host node1 port 22: Connection refused', 'node1 is there, but nothing answers ssh at port 22', false],
    ['ssh: connect to host node1 port 22: No route to host', 'no way leads there', false],
    ['ssh: connect to host node1 port 22: Network is unreachable', 'this machine has no network', false],
    ['ssh: connect to host node1 port 22: Connection timed out', 'did not answer within 10 s', false],
    ['ssh: connect to host node1 port 22: Operation timed out', 'did not answer within 10 s', false],
    [
      'kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.1 port 22',
      'closed the connection before',
      false,
    ],
    ['root@node1: Permission denied (publickey).', "does not let root in with this key. Is Bailiwick's public key", true],
    [
      'Welcome.\nAny attempt is Permission denied (here)\nssh: connect to host node1 port 22: Connection refused',
      'nothing answers ssh',
      false,
    ],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa',
      'no longer has the host key',
      true,
    ],
    ['Unable to negotiate with 10.0.0.1 port 22: no matching key exchange method found. Their offer: x', 'no method in common', true],
    ['something nobody has seen', 'No connection to node1: something nobody has seen', false],
  ])('%j', (stderr, words, lasting) => {
    const fault = connectFault(ssh, `${stderr}\n`)
    expect(fault.words).toContain(words)
    expect(fault.lasting).toBe(lasting)
  })
  it('of a changed key becomes a warning with both fingerprints', () => {
    const stderr =
      '@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nThe fingerprint for the ED25519 key sent by the remote host is\nSHA256:abc123+/xyz.\nHost key verification failed.\n'
    const { words, lasting } = connectFault(ssh, stderr)
    expect(words).toMatch(
      /^Warning: the host key of node1 has changed\. It was SHA256:[A-Za-z0-9+/]{43}, now it is SHA256:abc123\+\/xyz\. /,
    )
    expect(lasting).toBe(true)
  })
})

it('says why a connection ended', () => {
  expect(lostWords(ssh, 'Timeout, server node1 not responding.\r\n')).toBe('The connection to node1 was lost: no answer for 9 s')
  expect(lostWords(ssh, 'Connection to node1 closed by remote host.\r\n')).toBe(
    'The connection to node1 was lost: the other side closed it',
  )
  expect(lostWords(ssh, '')).toContain('the other side closed it')
})

it('writes a place as people do', () => {
  expect(placeOf(ssh)).toBe('node1')
  expect(placeOf({ ...ssh, port: 2222 })).toBe('node1 port 2222')
  expect(placeOf({ ...ssh, address: 'fd00::1', port: 2222 })).toBe('[fd00::1] port 2222')
})
