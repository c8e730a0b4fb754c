import { describe, expect, it } from 'vitest'
import { aGuest } from '@/server/model/fixture-guest'
import type { Guest } from '@/server/model/guest'
import { arrange, hold, readView, sortBy, writeView } from './arrange'

const guest = (name: string, change: Partial<Guest> = {}) => aGuest(name, { id: name, ...change })
const none = () => null
const view = (query = '') => readView(new URLSearchParams(query))

describe('the guest list', () => {
  it('counts numbers in names as numbers', () => {
    expect(arrange([guest('vm10'), guest('vm9'), guest('db')], view(), none)).toEqual(['db', 'vm9', 'vm10'])
  })

  it('finds by all words, in name, system, address and tags', () => {
    const guests = [
      guest('web', { os: 'Debian 12', tags: ['prod'] }),
      guest('db', { os: 'Debian 12' }),
      guest('x', { addresses: ['10.0.0.5'] }),
    ]
    expect(arrange(guests, view('q=debian prod'), none)).toEqual(['web'])
    expect(arrange(guests, view('q=10.0.0'), none)).toEqual(['x'])
    expect(arrange(guests, view('q=nothing'), none)).toEqual([])
  })

  it('filters by state, kind and host together', () => {
    const guests = [
      guest('a', { state: 'stopped' }),
      guest('b', { state: 'stopped', type: 'container' }),
      guest('c', { state: 'stopped', host: 'far' }),
    ]
    expect(arrange(guests, view('state=stopped&kind=vm&host=local'), none)).toEqual(['a'])
  })

  it('leaves out what its engine hides, unless that is asked for', () => {
    const guests = [guest('a', { hidden: true }), guest('b', { hidden: false }), guest('c')]
    expect(arrange(guests, view(), none)).toEqual(['b', 'c'])
    expect(arrange(guests, view('hidden=1'), none)).toEqual(['a', 'b', 'c'])
    expect(writeView(view('hidden=1'))).toBe('?hidden=1')
  })

  it('finds by what runs the guest, and sorts by it', () => {
    const guests = [guest('a', { emulator: 'QEMU' }), guest('b', { emulator: 'bhyve' }), guest('c', { type: 'jail', emulator: 'jail' })]
    expect(arrange(guests, view('q=bhyve'), none)).toEqual(['b'])
    expect(arrange(guests, view('sort=kind'), none)).toEqual(['b', 'c', 'a'])
  })

  it('sorts by live figures, those without at the end, equal ones by name', () => {
    const cpu: Record<string, number> = { a: 0.1, b: 0.9 }
    const figures = (id: string) =>
      id in cpu
        ? { cpu: cpu[id] ?? null, memoryBytes: null, memoryCacheBytes: null, diskRead: null, diskWrite: null, netRx: null, netTx: null }
        : null
    expect(arrange([guest('d'), guest('a'), guest('c'), guest('b')], view('sort=-cpu'), figures)).toEqual(['b', 'a', 'c', 'd'])
  })

  it('sorts addresses by their numbers', () => {
    const guests = [guest('a', { addresses: ['10.0.0.20'] }), guest('b', { addresses: ['10.0.0.3'] }), guest('c')]
    expect(arrange(guests, view('sort=address'), none)).toEqual(['b', 'a', 'c'])
  })

  it('survives guests that were never started when sorting by uptime, the longest up first', () => {
    expect(arrange([guest('a'), guest('b', { startedAt: 1 }), guest('c', { startedAt: 5 })], view('sort=-up'), none)).toEqual([
      'b',
      'c',
      'a',
    ])
  })

  it('keeps the view in the address, and drops what it does not know', () => {
    const wanted = sortBy({ ...view(), text: 'web', state: 'running' }, 'cpu')
    expect(writeView(wanted)).toBe('?q=web&state=running&sort=-cpu')
    expect(readView(new URLSearchParams(writeView(wanted)))).toEqual(wanted)
    expect(writeView(view('state=bogus&sort=constructor&kind=toString'))).toBe('')
  })

  it('turns the direction round on the second click', () => {
    const once = sortBy(view(), 'cpu')
    expect([once.direction, sortBy(once, 'cpu').direction]).toEqual([-1, 1])
  })

  it('holds rows in place under the pointer', () => {
    expect(hold(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual(['a', 'c', 'd'])
    expect(hold([], ['a'])).toEqual(['a'])
  })
})
