import { kindText } from '@/components/guest/kind-text'
import type { Figures } from '@/components/live/metrics'
import { type Guest, type GuestState, type GuestType, guestStates, guestTypes } from '@/server/model/guest'
import { type Column, columns, isColumn } from './columns'

export type View = {
  text: string
  state: GuestState | ''
  kind: GuestType | ''
  host: string
  /** Also those that their engine leaves out of its own lists. */
  hidden: boolean
  sort: Column
  /** 1 up, -1 down */
  direction: 1 | -1
}

/** The view that an address asks for; what it does not understand it leaves out. */
export function readView(params: URLSearchParams): View {
  const sort = params.get('sort')?.replace(/^-/, '') ?? null
  const column = isColumn(sort) ? sort : 'name'
  return {
    text: params.get('q') ?? '',
    state: guestStates.find((state) => state === params.get('state')) ?? '',
    kind: guestTypes.find((type) => type === params.get('kind')) ?? '',
    host: params.get('host') ?? '',
    hidden: params.get('hidden') === '1',
    sort: column,
    direction: params.get('sort')?.startsWith('-') ? -1 : 1,
  }
}

/** The address of a view; what is as usual is left out. */
export function writeView(view: View): string {
  const params = new URLSearchParams()
  if (view.text) params.set('q', view.text)
  if (view.state) params.set('state', view.state)
  if (view.kind) params.set('kind', view.kind)
  if (view.host) params.set('host', view.host)
  if (view.hidden) params.set('hidden', '1')
  if (view.sort !== 'name' || view.direction < 0) params.set('sort', `${view.direction < 0 ? '-' : ''}${view.sort}`)
  const text = params.toString()
  return text && `?${text}`
}

/** The next sorting after a click on a column's head: its usual direction first, then the other. */
export const sortBy = (view: View, column: Column): View =>
  view.sort === column ? { ...view, direction: view.direction === 1 ? -1 : 1 } : { ...view, sort: column, direction: columns[column].first }

/** Whether all words of the text occur somewhere in what a person sees of the guest. */
export function matches(guest: Guest, view: View): boolean {
  if (guest.hidden && !view.hidden) return false
  if (view.state && guest.state !== view.state) return false
  if (view.kind && guest.type !== view.kind) return false
  if (view.host && guest.host !== view.host) return false
  if (!view.text) return true
  const hay =
    `${guest.name} ${guest.os ?? ''} ${guest.host} ${guest.arch ?? ''} ${guest.emulator ?? ''} ${guest.addresses.join(' ')} ${guest.tags.join(' ')}`.toLowerCase()
  return view.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word))
}

const text = new Intl.Collator('en', { numeric: true }).compare
const stateOrder: Record<GuestState, number> = { crashed: 0, starting: 1, stopping: 2, running: 3, paused: 4, unknown: 5, stopped: 6 }
type Maybe = number | null | undefined
const sum = (a: Maybe, b: Maybe) => ((a ?? null) === null && (b ?? null) === null ? null : (a ?? 0) + (b ?? 0))
/** The first address as sortable text: parts of equal length. */
const address = (guest: Guest) =>
  guest.addresses[0]
    ?.split('.')
    .map((part) => part.padStart(3, '0'))
    .join('.') ?? null

/** Null: nothing to sort by. Such guests come last, whichever the direction. */
type Key = (guest: Guest, figures: (id: string) => Figures | null) => string | number | null
const keys = {
  state: (guest) => stateOrder[guest.state],
  name: (guest) => guest.name,
  kind: kindText,
  host: (guest) => guest.host,
  os: (guest) => guest.os ?? null,
  cpu: (guest, figures) => figures(guest.id)?.cpu ?? null,
  memory: (guest, figures) => figures(guest.id)?.memoryBytes ?? null,
  disk: (guest, figures) => sum(figures(guest.id)?.diskRead, figures(guest.id)?.diskWrite),
  net: (guest, figures) => sum(figures(guest.id)?.netRx, figures(guest.id)?.netTx),
  address,
  // Up for longer is more.
  up: (guest) => (guest.startedAt ? -guest.startedAt : null),
  tags: (guest) => guest.tags.join(' ') || null,
} satisfies Record<Column, Key>

/** Whether a sorting follows the live figures. */
export const isLive = (column: Column): boolean => ['cpu', 'memory', 'disk', 'net'].includes(column)

/** The ids to show, in order. Equal keys are ordered by name, so that rows do not swap by chance. */
export function arrange(guests: readonly Guest[], view: View, figures: (id: string) => Figures | null): string[] {
  const key: Key = keys[view.sort]
  return guests
    .filter((guest) => matches(guest, view))
    .map((guest) => ({ guest, key: key(guest, figures) }))
    .sort((a, b) => {
      const byName = text(a.guest.name, b.guest.name) || text(a.guest.id, b.guest.id)
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null) || byName
      const order = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : text(String(a.key), String(b.key))
      return order * view.direction || byName
    })
    .map(({ guest }) => guest.id)
}

/** A row never moves under the pointer: what is shown keeps its place, what is new comes at the end, what is gone goes. */
export function hold(shown: readonly string[], wanted: readonly string[]): string[] {
  const left = new Set(wanted)
  const kept = shown.filter((id) => left.delete(id))
  return left.size ? [...kept, ...wanted.filter((id) => left.has(id))] : kept
}
