import type { Allowed, EngineInfo, GuestRule } from './capability'
import type { Guest, GuestState } from './guest'
import type { GuestOperation } from './operation'

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
  export: { states: settled, otherwise: 'Its state is changing' },
  'disk.add': { states: settled, otherwise: 'Its state is changing' },
  'disk.grow': { states: off, otherwise: 'Stop it first: its disk is in use' },
  'disk.remove': { states: off, otherwise: 'Stop it first: its disk is in use' },
  'share.add': { states: settled, otherwise: 'Its state is changing' },
  'share.remove': { states: settled, otherwise: 'Its state is changing' },
  'forward.add': { states: settled, otherwise: 'Its state is changing' },
  'forward.remove': { states: settled, otherwise: 'Its state is changing' },
  limits: { states: settled, otherwise: 'Its state is changing' },
  'checkpoint.create': { states: running, otherwise: 'It is not running' },
  'checkpoint.remove': { states: settled, otherwise: 'Its state is changing' },
  'media.attach': { states: settled, otherwise: 'Its state is changing' },
  'media.eject': { states: settled, otherwise: 'Its state is changing' },
  migrate: { states: settled, otherwise: 'Its state is changing' },
} satisfies Record<GuestOperation['kind'], Rule>

/** The words of the first rule of an engine that stands against an operation on this guest; null: none does. */
export const ruleAgainst = (
  rules: readonly GuestRule[] | undefined,
  kind: GuestOperation['kind'],
  guest: Pick<Guest, 'emulator' | 'state'>,
): string | null =>
  rules?.find(
    ({ operations, emulators, unless }) =>
      operations.includes(kind) && (!emulators || emulators.includes(guest.emulator ?? '')) && !unless?.includes(guest.state),
  )?.words ?? null

/** True when the operation may be asked of this guest now, else the reason in words. The UI and the server both ask here. */
export function can(kind: GuestOperation['kind'], guest: Guest, info: EngineInfo | undefined): Allowed {
  // Its host may be what does not answer: then the guest says so.
  if (!info) return guest.lastSeenAt !== undefined && guest.warning ? guest.warning : 'Its engine does not answer'
  const engine = info.operations[kind]
  if (typeof engine === 'string') return engine
  const against = ruleAgainst(info.rules, kind, guest)
  if (against) return against
  const rule: Rule = rules[kind]
  if (!rule.states.includes(guest.state)) return rule.otherwise
  if (kind === 'remove' && guest.protected) return 'It is protected: take the protection away first'
  if (!guest.persistent && (kind === 'clone' || kind === 'rename')) return 'It is transient: it has no stored definition'
  return true
}
