import type { Allowed, EngineInfo } from './capability'
import type { Guest, GuestState } from './guest'
import type { OperationKind } from './operation'

type Rule = { states: readonly GuestState[]; otherwise: string }

const running = ['running'] as const
const alive = ['running', 'paused', 'starting', 'stopping', 'crashed', 'unknown'] as const
const off = ['stopped', 'crashed'] as const
const settled = ['running', 'paused', 'stopped', 'crashed'] as const

/** In which states of a guest an operation makes sense, and what to say in the others. */
const rules = {
  start: { states: off, otherwise: 'It is not stopped' },
  stop: { states: running, otherwise: 'It is not running' },
  kill: { states: alive, otherwise: 'It is not running' },
  restart: { states: running, otherwise: 'It is not running' },
  pause: { states: running, otherwise: 'It is not running' },
  resume: { states: ['paused'], otherwise: 'It is not paused' },
  rename: { states: off, otherwise: 'Stop it first: a running guest keeps its name' },
  clone: { states: off, otherwise: 'Stop it first: its disks change while it runs' },
  remove: { states: off, otherwise: 'Stop it first' },
  set: { states: settled, otherwise: 'Its state is changing' },
  'snapshot.create': { states: settled, otherwise: 'Its state is changing' },
  'snapshot.restore': { states: settled, otherwise: 'Its state is changing' },
  'snapshot.remove': { states: settled, otherwise: 'Its state is changing' },
} satisfies Record<Exclude<OperationKind, 'create'>, Rule>

/** True when the operation may be asked of this guest now, else the reason in words. The UI and the server both ask here. */
export function can(kind: Exclude<OperationKind, 'create'>, guest: Guest, info: EngineInfo | undefined): Allowed {
  if (!info) return 'Its engine does not answer'
  const engine = info.operations[kind]
  if (typeof engine === 'string') return engine
  const rule: Rule = rules[kind]
  if (!rule.states.includes(guest.state)) return rule.otherwise
  if (!guest.persistent && (kind === 'clone' || kind === 'rename')) return 'It is transient: it has no stored definition'
  return true
}
