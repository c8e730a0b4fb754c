import { describe, expect, it } from 'vitest'
import type { EngineInfo } from './capability'
import { baseOf, canMoveFiles, folderOf, inFolder } from './file'
import { aGuest } from './fixture-guest'
import type { Guest } from './guest'

const info: EngineInfo = { kind: 'libvirt', name: 'libvirt', version: '9.0', details: [], guestTypes: {}, arches: [], operations: {} }
const guest = (change: Partial<Guest>): Guest => aGuest('web', { consoles: ['serial'], ...change })

describe('whether files can be moved', () => {
  it('asks for a guest that runs, and a way into it', () => {
    expect(canMoveFiles(guest({ agent: true }), info)).toBe(true)
    expect(canMoveFiles(guest({ type: 'container', engine: 'incus', consoles: ['shell', 'serial'] }), info)).toBe(true)
    expect(canMoveFiles(guest({}), info)).toMatch(/qemu-guest-agent/)
    expect(canMoveFiles(guest({ engine: 'cbsd' }), { ...info, name: 'CBSD' })).toBe('CBSD has no way to its files: use its console or ssh')
    for (const state of ['stopped', 'paused', 'unknown'] as const)
      expect(canMoveFiles(guest({ agent: true, state }), info)).toMatch(/not running/)
  })

  it('says why its engine is silent', () => {
    expect(canMoveFiles(guest({ agent: true }), undefined)).toBe('Its engine does not answer')
    expect(canMoveFiles(guest({ lastSeenAt: 1, warning: 'The host is lost' }), undefined)).toBe('The host is lost')
  })
})

it('takes paths apart and puts them together', () => {
  expect([inFolder('/', 'a'), inFolder('/b', 'a')]).toEqual(['/a', '/b/a'])
  expect([folderOf('/a'), folderOf('/b/a'), folderOf('/')]).toEqual(['/', '/b', '/'])
  expect([baseOf('/a'), baseOf('/b/a b')]).toEqual(['a', 'a b'])
})
