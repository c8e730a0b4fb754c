import { describe, expect, it } from 'vitest'
import type { GuestSetting } from '@/server/model/guest'
import { choices, valueWords } from './setting-input'

const setting = (change: Partial<GuestSetting>): GuestSetting => ({ key: 'astart', value: '1', applies: 'live', ...change })
const values = (change: Partial<GuestSetting>) => choices(setting(change))?.map(({ value }) => value)

describe('what a setting may be', () => {
  it('keeps the words with which the engine says yes and no', () => {
    expect(values({ type: 'boolean', value: '1' })).toEqual(['0', '1'])
    expect(values({ type: 'boolean', value: 'no' })).toEqual(['no', 'yes'])
    expect(values({ type: 'boolean', value: '' })).toEqual(['0', '1'])
  })

  it('does not press a third value into yes or no', () => {
    expect(values({ type: 'boolean', value: '2' })).toBeUndefined()
  })

  it('shows a value that the list of options does not know', () => {
    expect(values({ type: { options: ['uefi', 'bios'] }, value: 'custom' })).toEqual(['custom', 'uefi', 'bios'])
    expect(values({ type: { options: ['uefi', 'bios'] }, value: 'bios' })).toEqual(['bios', 'uefi'])
  })

  it('leaves the rest as text', () => {
    expect(values({})).toBeUndefined()
    expect(values({ type: 'number' })).toBeUndefined()
  })

  it('says in words what a zero means', () => {
    expect(choices(setting({ type: 'boolean', value: '0' }))?.map(({ label }) => label)).toEqual(['off', 'on'])
    expect(valueWords(setting({ value: '0', named: { '0': 'all' } }), '0')).toBe('all')
    expect(valueWords(setting({ value: '0' }), '0')).toBe('not set')
    expect(valueWords(setting({ type: 'number', value: '0' }), '0')).toBeUndefined()
    expect(valueWords(setting({ value: 'constructor', named: {} }), 'constructor')).toBeUndefined()
    expect(choices(setting({ type: { options: ['auto'] }, value: 'auto', named: { auto: 'by itself' } }))).toEqual([
      { value: 'auto', label: 'by itself' },
    ])
  })
})
