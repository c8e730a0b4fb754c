import { expect, it } from 'vitest'
import { paneKey, readPanes, splitPath } from './split-list'

const a = { guest: 'local~incus~a', kind: 'shell' } as const
const odd = { guest: 'h~libvirt~my vm & co:1', kind: 'serial' } as const

it('finds in an address what was put there, whatever a guest is called', () => {
  const asked = new URL(splitPath([a, odd]), 'http://x').searchParams.getAll('open')
  expect(readPanes(asked)).toEqual([a, odd])
})
it('takes each console once, six at most, and nothing that is none', () => {
  const many = Array.from({ length: 9 }, (_, at) => paneKey({ guest: `local~incus~g${at}`, kind: 'shell' }))
  expect(readPanes(many)).toHaveLength(6)
  expect(readPanes([paneKey(a), paneKey(a), 'shell', 'root:local~incus~a', 'shell:nonsense', ''])).toEqual([a])
})
