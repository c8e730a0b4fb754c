import { expect, it } from 'vitest'
import { aGuest, aHost, aJob } from '@/server/model/fixture-guest'
import { treeRows } from './tree'

const names = (rows: ReturnType<typeof treeRows>) =>
  rows.map((row) => (row.kind === 'host' ? `[${row.host.name}]` : row.kind === 'coming' ? `+${row.name}` : row.guest.name))
const guest = (name: string, host: string) => aGuest(name, { host })
const hosts = [aHost('birch'), aHost('alpha')]
const guests = [guest('web-10', 'alpha'), guest('web-9', 'alpha'), guest('db', 'birch')]

it('lists hosts and their guests in natural order', () => {
  expect(names(treeRows(hosts, guests, new Set(), ''))).toEqual(['[alpha]', 'web-9', 'web-10', '[birch]', 'db'])
})
it('shows a guest that is being made on its host, first', () => {
  const job = aJob('1', { kind: 'create', host: 'alpha', guest: 'alpha~libvirt~new' })
  expect(names(treeRows(hosts, guests, new Set(), '', [job]))).toEqual(['[alpha]', '+new', 'web-9', 'web-10', '[birch]', 'db'])
  // A host that gets its first guest is not empty.
  expect(treeRows([aHost('alpha')], [], new Set(), '', [job])[0]).toMatchObject({ kind: 'host', count: 1 })
  expect(names(treeRows(hosts, guests, new Set(), 'web', [job]))).toEqual(['[alpha]', 'web-9', 'web-10'])
  const copy = aJob('2', { kind: 'clone', host: 'birch', guest: 'birch~libvirt~db', makes: 'birch~libvirt~twin' })
  expect(names(treeRows(hosts, guests, new Set(), 'twin', [copy]))).toEqual(['[birch]', '+twin'])
  expect(names(treeRows(hosts, guests, new Set(['alpha']), '', [job]))).toEqual(['[alpha]', '[birch]', 'db'])
})
it('hides the guests of a folded host', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), ''))).toEqual(['[alpha]', '[birch]', 'db'])
})
it('opens folded hosts to show what the filter found, and hides the rest', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), 'web'))).toEqual(['[alpha]', 'web-9', 'web-10'])
  expect(names(treeRows(hosts, guests, new Set(), 'birch'))).toEqual(['[birch]'])
})
it('leaves out what its engine hides, unless that is asked for or its page is open', () => {
  const all = [guest('a', 'alpha'), aGuest('b', { host: 'alpha', hidden: true }), aGuest('c', { host: 'alpha', hidden: true })]
  const shown = (how: Parameters<typeof treeRows>[5]) => names(treeRows([aHost('alpha')], all, new Set(), '', [], how))
  expect(shown(undefined)).toEqual(['[alpha]', 'a'])
  expect(shown({ hidden: false, here: 'alpha~libvirt~c' })).toEqual(['[alpha]', 'a', 'c'])
  expect(shown({ hidden: true })).toEqual(['[alpha]', 'a', 'b', 'c'])
})
