import { describe, expect, it } from 'vitest'
import { kindText } from './kind-text'

describe('the kind of a guest', () => {
  it('names what runs it only where that says more', () => {
    expect(kindText({ type: 'vm' })).toBe('VM')
    expect(kindText({ type: 'vm', emulator: 'bhyve' })).toBe('bhyve VM')
    expect(kindText({ type: 'jail', emulator: 'jail' })).toBe('Jail')
    expect(kindText({ type: 'jail', emulator: 'Linux jail' })).toBe('Linux jail')
  })
})
