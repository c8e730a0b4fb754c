import type { ConsoleClientMessage, ConsoleServerMessage, ViewerMode } from '../model/console'
import type { Viewer } from './viewer'

/** What the seats need of a viewer. `link`: it came by a watch link and learns of nobody else. */
export type Seated = {
  readonly id: string
  readonly name: string
  readonly mode: ViewerMode
  readonly link?: boolean
  tell(message: ConsoleServerMessage): void
}

export type SeatMessage = ConsoleClientMessage & { t: 'take' | 'ask' | 'offer' | 'accept' | 'decline' }

/** Who sits before a session: any number of viewers, at most one of whom types. */
export class Seats<V extends Seated = Viewer> {
  readonly #viewers = new Map<string, V>()
  #writer: string | null = null
  /** Who asks the writer for control, and to whom the writer offers it. Both end when the writer changes. */
  #asking: string | null = null
  #offered: string | null = null

  get writer(): string | null {
    return this.#writer
  }
  get size(): number {
    return this.#viewers.size
  }
  all(): V[] {
    return [...this.#viewers.values()]
  }

  /** Lets a viewer sit down; it types when nobody else does and it may. */
  add(viewer: V): void {
    this.#viewers.set(viewer.id, viewer)
    if (this.#writer === null && viewer.mode === 'type') this.#writer = viewer.id
  }

  /** Whether it was sitting here. What it asked or was offered ends; a writer leaves the keyboard to the one who asked, else to nobody. The others are told. */
  remove(viewer: V): boolean {
    if (!this.#viewers.delete(viewer.id)) return false
    if (this.#asking === viewer.id) this.#asking = null
    if (this.#offered === viewer.id) this.#offered = null
    const next = this.#asking
    const left = this.#writer === viewer.id
    if (left) this.#pass(next)
    this.tellViewers()
    if (left && next !== null) this.#viewers.get(next)?.tell({ t: 'seat', what: 'given', by: viewer.name })
    return true
  }
  clear(): void {
    this.#viewers.clear()
    this.#pass(null)
  }

  /** Why this viewer may not type now, in words; nothing when it may. */
  mayType(viewer: V): string | undefined {
    if (viewer.mode === 'watch') return 'You may watch this console, not type into it.'
    if (viewer.id === this.#writer) return undefined
    if (this.#writer === null) return 'Nobody is typing. Take control first.'
    return 'Another window is typing. Take control first.'
  }

  /** Does what a viewer asks about the keyboard, or returns in words why not. */
  obey(viewer: V, message: SeatMessage): string | undefined {
    if (viewer.mode === 'watch') return 'You may watch this console, not type into it, so you cannot have its keyboard.'
    if (message.t === 'take') return this.#take(viewer)
    if (message.t === 'ask') return this.#ask(viewer)
    if (message.t === 'offer') return this.#offer(viewer, message.to)
    if (message.t === 'accept') return this.#accept(viewer)
    return this.#decline(viewer)
  }

  /** Always possible for those who may type: the one at the keyboard may be asleep. That one is told who it was. */
  #take(viewer: V): undefined {
    const before = this.#current()
    this.#pass(viewer.id)
    this.tellViewers()
    if (before && before !== viewer) before.tell({ t: 'seat', what: 'taken', by: viewer.name })
  }

  #ask(viewer: V): string | undefined {
    if (this.#writer === viewer.id) return 'You are typing already.'
    // Nobody to ask, or the answer is there already.
    if (this.#writer === null || this.#offered === viewer.id) this.#pass(viewer.id)
    else if (this.#asking !== null && this.#asking !== viewer.id) return 'Somebody else has asked already. Wait, or take control.'
    else this.#asking = viewer.id
    this.tellViewers()
  }

  #offer(viewer: V, to: string): string | undefined {
    if (this.#writer !== viewer.id) return 'Only who types can offer control.'
    const other = this.#viewers.get(to)
    if (!other || other === viewer) return 'That viewer is not here any more.'
    if (other.mode === 'watch') return 'That viewer may only watch.'
    const asked = this.#asking === to
    if (asked) this.#pass(to)
    else this.#offered = to
    this.tellViewers()
    if (asked) other.tell({ t: 'seat', what: 'given', by: viewer.name })
  }

  #accept(viewer: V): string | undefined {
    if (this.#offered !== viewer.id) return 'The offer was withdrawn. Ask for control, or take it.'
    this.#pass(viewer.id)
    this.tellViewers()
  }

  /** Ends what is under way between two viewers, from either side. With nothing under way there is nothing to do: the other side was quicker. */
  #decline(viewer: V): undefined {
    const told = { t: 'seat', what: 'declined', by: viewer.name } as const
    if (this.#asking === viewer.id) this.#asking = null
    else if (this.#offered === viewer.id) {
      this.#offered = null
      this.#current()?.tell(told)
    } else if (this.#writer !== viewer.id) return
    else if (this.#asking !== null) {
      this.#viewers.get(this.#asking)?.tell(told)
      this.#asking = null
    } else this.#offered = null
    this.tellViewers()
  }

  #current(): V | undefined {
    return this.#writer === null ? undefined : this.#viewers.get(this.#writer)
  }

  /** Another one types now: what was asked of, and offered by, the one before has no meaning any more. */
  #pass(to: string | null): void {
    if (to === this.#writer) return
    this.#writer = to
    this.#asking = null
    this.#offered = null
  }

  tell(message: ConsoleServerMessage): void {
    for (const viewer of this.#viewers.values()) this.tellOne(viewer, message)
  }

  /** To one viewer; who came by a link gets no names. */
  tellOne(viewer: V, message: ConsoleServerMessage): void {
    if (viewer.link && message.t === 'recording') viewer.tell({ ...message, by: undefined })
    else viewer.tell(message)
  }

  tellViewers(): void {
    const viewers = this.all().map(({ id, name, mode }) => ({ id, name, mode }))
    const all: ConsoleServerMessage = { t: 'viewers', writer: this.#writer, viewers, asking: this.#asking, offered: this.#offered }
    for (const viewer of this.#viewers.values())
      viewer.tell(viewer.link ? { ...all, viewers: viewers.filter(({ id }) => id === viewer.id), asking: null, offered: null } : all)
  }
}
