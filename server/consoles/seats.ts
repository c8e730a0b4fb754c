import type { ConsoleClientMessage, ConsoleServerMessage } from '../model/console'
import type { Viewer } from './viewer'

/** Who sits before a session: any number of viewers, at most one of whom types. */
export class Seats {
  readonly #viewers = new Map<string, Viewer>()
  #writer: string | null = null

  get writer(): string | null {
    return this.#writer
  }
  get size(): number {
    return this.#viewers.size
  }
  all(): Viewer[] {
    return [...this.#viewers.values()]
  }

  /** Lets a viewer sit down; it types when nobody else does and it may. */
  add(viewer: Viewer): void {
    this.#viewers.set(viewer.id, viewer)
    if (this.#writer === null && viewer.mode === 'type') this.#writer = viewer.id
  }

  /** Whether it was sitting here. */
  remove(viewer: Viewer): boolean {
    if (!this.#viewers.delete(viewer.id)) return false
    if (this.#writer === viewer.id) this.#writer = null
    return true
  }
  clear(): void {
    this.#viewers.clear()
    this.#writer = null
  }

  /** Why this viewer may not type now, in words; nothing when it may. */
  mayType(viewer: Viewer): string | undefined {
    if (viewer.mode === 'watch') return 'You may watch this console, not type into it.'
    if (viewer.id !== this.#writer) return 'Another window is typing. Take control first.'
    return undefined
  }

  /** Does what a viewer asks about the keyboard, or returns in words why not. */
  obey(viewer: Viewer, message: ConsoleClientMessage & { t: 'take' | 'ask' | 'offer' | 'accept' | 'decline' }): string | undefined {
    if (viewer.mode === 'watch') return this.mayType(viewer)
    if (message.t !== 'take') return `${message.t}: Not understood yet`
    this.#writer = viewer.id
    this.tellViewers()
    return undefined
  }

  tell(message: ConsoleServerMessage): void {
    for (const viewer of this.#viewers.values()) viewer.tell(message)
  }
  tellViewers(): void {
    const viewers = this.all().map(({ id, name, mode }) => ({ id, name, mode }))
    this.tell({ t: 'viewers', writer: this.#writer, viewers, asking: null, offered: null })
  }
}
