import { expect, it } from 'vitest'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import { treeRows } from './tree'

const host = (id: string): HostView => ({ id, name: id, transport: 'local', libvirtUri: '', state: 'up', engines: [] })
const guest = (name: string, on: string): Guest => ({
  id: `${on}~libvirt~${name}`,
  host: on,
  engine: 'libvirt',
  name,
  type: 'vm',
  state: 'running',
  cpus: 1,
  memoryBytes: 1,
  addresses: [],
  autostart: false,
  persistent: true,
  tags: [],
  consoles: [],
})
const names = (rows: ReturnType<typeof treeRows>) => rows.map((row) => (row.kind === 'host' ? `[${row.host.name}]` : row.guest.name))
const hosts = [host('birch'), host('alpha')]
const guests = [guest('web-10', 'alpha'), guest('web-9', 'alpha'), guest('db', 'birch')]

it('lists hosts and their guests in natural order', () => {
  expect(names(treeRows(hosts, guests, new Set(), ''))).toEqual(['[alpha]', 'web-9', 'web-10', '[birch]', 'db'])
})
it('hides the guests of a folded host', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), ''))).toEqual(['[alpha]', '[birch]', 'db'])
})
it('opens folded hosts to show what the filter found, and hides the rest', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), 'web'))).toEqual(['[alpha]', 'web-9', 'web-10'])
  expect(names(treeRows(hosts, guests, new Set(), 'birch'))).toEqual(['[birch]'])
})
