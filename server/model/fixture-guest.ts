import { type Guest, guestId } from './guest'
import type { HostView } from './host'
import type { JobSummary } from './job'

/** For tests: a guest of which only `change` matters. */
export const aGuest = (name: string, change: Partial<Guest> = {}): Guest => ({
  id: guestId(change.host ?? 'local', change.engine ?? 'libvirt', name),
  host: 'local',
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
  ...change,
})

/** For tests: a host that answers, with no engine. */
export const aHost = (id: string, change: Partial<HostView> = {}): HostView => ({
  id,
  name: id,
  transport: 'local',
  libvirtUri: '',
  state: 'up',
  engines: [],
  ...change,
})

/** For tests: a job under way. */
export const aJob = (id: string, change: Partial<JobSummary> = {}): JobSummary => ({
  id,
  title: id,
  kind: 'start',
  host: 'local',
  user: 'admin',
  state: 'running',
  warnings: [],
  expect: '',
  createdAt: Number(id) || 0,
  stepCount: 1,
  stepIndex: 0,
  commands: [],
  ...change,
})
