import { describe, expect, it } from 'vitest'
import type { VmProfile } from '@/server/model/catalog'
import { matching } from './profile-picker'

const profile = (id: string, title: string): VmProfile => ({
  id,
  title,
  osType: id.split('/')[0] ?? '',
  cloud: false,
  hypervisors: ['bhyve'],
})
const list = [
  profile('linux/Debian-x86-12', 'Debian: 12'),
  profile('linux/Debian-x86-9', 'Debian: 9'),
  profile('freebsd/FreeBSD-x64-14', 'FreeBSD: 14'),
]

describe('the list of profiles', () => {
  it('takes every word as a part of title, system or id, in any case', () => {
    expect(matching(list, 'LINUX 12').map(({ title }) => title)).toEqual(['Debian: 12'])
    expect(matching(list, 'x64')).toHaveLength(1)
    expect(matching(list, 'windows')).toEqual([])
  })

  it('counts numbers in titles as numbers', () => {
    expect(matching(list, '').map(({ title }) => title)).toEqual(['Debian: 9', 'Debian: 12', 'FreeBSD: 14'])
  })
})
