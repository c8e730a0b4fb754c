import { expect, it } from 'vitest'
import type { Guest } from '@/server/model/guest'
import type { HostView } from '@/server/model/host'
import type { JobSummary } from '@/server/model/job'
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
const names = (rows: ReturnType<typeof treeRows>) =>
  rows.map((row) => (row.kind === 'host' ? `[${row.host.name}]` : row.kind === 'coming' ? `+${row.name}` : row.guest.name))
const hosts = [host('birch'), host('alpha')]
const guests = [guest('web-10', 'alpha'), guest('web-9', 'alpha'), guest('db', 'birch')]

it('lists hosts and their guests in natural order', () => {
  expect(names(treeRows(hosts, guests, new Set(), ''))).toEqual(['[alpha]', 'web-9', 'web-10', '[birch]', 'db'])
})
it('shows a guest that is being made on its host, first', () => {
  const job: JobSummary = {
    id: 'j',
    title: '',
    kind: 'create',
    host: 'alpha',
    guest: 'alpha~libvirt~new',
    user: 'me',
    state: 'running',
    warnings: [],
    expect: '',
    createdAt: 0,
    stepCount: 1,
    stepIndex: 0,
    commands: [],
  }
  expect(names(treeRows(hosts, guests, new Set(), '', [job]))).toEqual(['[alpha]', '+new', 'web-9', 'web-10', '[birch]', 'db'])
  expect(names(treeRows(hosts, guests, new Set(), 'web', [job]))).toEqual(['[alpha]', 'web-9', 'web-10'])
  expect(names(treeRows(hosts, guests, new Set(['alpha']), '', [job]))).toEqual(['[alpha]', '[birch]', 'db'])
})
it('hides the guests of a folded host', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), ''))).toEqual(['[alpha]', '[birch]', 'db'])
})
it('opens folded hosts to show what the filter found, and hides the rest', () => {
  expect(names(treeRows(hosts, guests, new Set(['alpha']), 'web'))).toEqual(['[alpha]', 'web-9', 'web-10'])
  expect(names(treeRows(hosts, guests, new Set(), 'birch'))).toEqual(['[birch]'])
})
