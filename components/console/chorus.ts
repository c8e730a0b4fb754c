import { createContext } from 'react'

type Voice = { alone: { type(data: string): boolean; paste(text: string): void }; hears(): boolean }

/** Consoles side by side that may listen to one keyboard: while it is on, what is typed in one goes to all. */
export class Chorus {
  on = false
  #voices = new Set<Voice>()
  #listeners = new Set<() => void>()

  /** Returns how it leaves. */
  join(voice: Voice): () => void {
    this.#voices.add(voice)
    this.changed()
    return () => {
      this.#voices.delete(voice)
      this.changed()
    }
  }
  get count(): number {
    return this.#voices.size
  }
  /** How many may be typed into now. */
  get hearing(): number {
    return [...this.#voices].filter((voice) => voice.hears()).length
  }
  turn(on: boolean): void {
    this.on = on
    this.changed()
  }
  type(from: Voice, data: string): void {
    for (const voice of this.#others(from)) voice.alone.type(data)
  }
  /** Each pastes in its own way: one with brackets, another without. */
  paste(from: Voice, text: string): void {
    for (const voice of this.#others(from)) voice.alone.paste(text)
  }
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  /** What is to be shown of it, as one value. */
  snapshot = (): string => `${this.on} ${this.count} ${this.hearing}`

  /** Tells that the switch, the voices or what they hear is another. */
  changed(): void {
    for (const listener of this.#listeners) listener()
  }

  #others(from: Voice): Voice[] {
    return this.on ? [...this.#voices].filter((voice) => voice !== from) : []
  }
}

/** The chorus of the page around, where there is one. */
export const ChorusContext = createContext<Chorus | null>(null)
