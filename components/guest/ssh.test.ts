import { expect, it } from 'vitest'
import { sshCommand } from './ssh'

it('is there only for a running guest whose account and address are known', () => {
  const guest = { user: 'me', addresses: ['fe80::1', 'fd00::2', '10.0.0.5'], state: 'running' } as const
  expect(sshCommand({ ...guest, addresses: [...guest.addresses] })).toBe('ssh me@10.0.0.5')
  expect(sshCommand({ ...guest, addresses: ['fe80::1', 'fd00::2'] })).toBe('ssh me@fd00::2')
  expect(sshCommand({ ...guest, addresses: ['fe80::1'] })).toBeNull()
  expect(sshCommand({ ...guest, addresses: [] })).toBeNull()
  expect(sshCommand({ ...guest, addresses: ['10.0.0.5'], user: undefined })).toBeNull()
  expect(sshCommand({ ...guest, addresses: ['10.0.0.5'], state: 'stopped' })).toBeNull()
})
