import type { ViewerInfo } from '@/server/model/console'
import { peopleMessages as m } from './people-messages'
import type { SeatingView } from './seating'

/** One who is here, as the list shows them, with what may be done about them. */
export type Person = ViewerInfo & {
  /** Name as shown: my other windows are told apart from me. */
  label: string
  /** What they do, in words. */
  does: string
  action: 'give' | 'offer' | 'withdraw' | null
}

/** Everybody before a console; I come first, then who types, then the others in the order they came. */
export function peopleOf(view: SeatingView): Person[] {
  const mine = view.viewers.find(({ id }) => id === view.me)
  const typing = view.me !== null && view.writer === view.me
  const people = view.viewers.map((viewer): Person => {
    const { id, name, mode } = viewer
    const other = id !== view.me
    const own = mode === 'type' && name === mine?.name
    const label = !other ? `${name} (${m.you})` : own ? `${name} (${m.otherWindow})` : name
    const does =
      id === view.writer
        ? m.types
        : id === view.asking
          ? m.asksNow
          : id === view.offered
            ? m.offeredNow
            : mode === 'watch'
              ? m.watchesOnly
              : m.watches
    const action = !typing || !other || mode === 'watch' ? null : id === view.asking ? 'give' : id === view.offered ? 'withdraw' : 'offer'
    return { ...viewer, label, does, action }
  })
  const rank = ({ id }: Person) => (id === view.me ? 0 : id === view.writer ? 1 : 2)
  return people.sort((a, b) => rank(a) - rank(b))
}

/** What two people have under way that concerns me, the most urgent only. */
export type Matter =
  /** Somebody asks me, who types. */
  | { kind: 'asked'; by: string; id: string }
  | { kind: 'offered'; by: string }
  /** I asked and wait. */
  | { kind: 'waiting'; by: string }
  | { kind: 'seat'; what: 'taken' | 'given' | 'declined'; by: string }

export function matterOf(view: SeatingView): Matter | null {
  if (view.link !== 'open' || view.me === null) return null
  // Names belong to one account: what has mine and types is another window of mine.
  const mine = view.viewers.find(({ id }) => id === view.me)?.name
  const called = (name: string) => (name === mine ? m.otherWindow : name)
  const nameOf = (id: string | null) => called(view.viewers.find((each) => each.id === id)?.name ?? m.someone)
  if (view.asking !== null && view.writer === view.me) return { kind: 'asked', by: nameOf(view.asking), id: view.asking }
  if (view.offered === view.me) return { kind: 'offered', by: nameOf(view.writer) }
  if (view.asking === view.me) return { kind: 'waiting', by: nameOf(view.writer) }
  return view.seat && { kind: 'seat', what: view.seat.what, by: called(view.seat.by) }
}
