import { consoleMessages as m } from './messages'
import type { SeatingView } from './seating'

/** Whether keys get through: the console is open, its program runs, and nobody else types. */
export const hears = ({ link, mode, session, writer, me }: SeatingView): boolean =>
  link === 'open' && mode === 'type' && session.state === 'attached' && (writer === null || writer === me)

/** Who types into a console and, where there is anybody else, how many watch, in words; or why nobody can. A name belongs to one account only. */
export function whoTypes(view: SeatingView, { count = true } = {}): string {
  if (view.link !== 'open') return m.link[view.link]
  if (view.session.state === 'ended') return m.ended
  if (view.session.state === 'waiting') return m.waiting
  const writer = view.viewers.find(({ id }) => id === view.writer)
  const me = view.viewers.find(({ id }) => id === view.me)
  const typing = !writer ? m.nobody : writer.id === view.me ? m.youType : writer.name === me?.name ? m.youElsewhere : m.typing(writer.name)
  return count && view.viewers.length > 1 ? `${typing} · ${m.watching(view.viewers.length)}` : typing
}
