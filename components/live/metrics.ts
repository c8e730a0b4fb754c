import { type LiveFrame, pointKeys, sparkLength } from '@/server/model/metrics'

/** Frames come every 5 s; older than this the figures count as stale. */
export const staleAfterMs = 16_000

export type Figures = Record<(typeof pointKeys)[number], number | null>

type Entry = { at: number; values: (number | null)[]; cpu: (number | null)[] }

/** The newest figures of every guest and host, and a short CPU history. Outside React: cells write their own text. */
export class MetricStore {
  at = 0
  readonly #entries = new Map<string, Entry>()
  readonly #byId = new Map<string, Set<() => void>>()
  readonly #onFrame = new Set<() => void>()
  readonly #frames = new Set<(frame: LiveFrame) => void>()

  push(frame: LiveFrame): void {
    this.at = frame.at
    for (const [id, ...values] of frame.rows) {
      const entry = this.#entries.get(id)
      const cpu = values[0] ?? null
      if (!entry) this.#entries.set(id, { at: frame.at, values, cpu: [cpu] })
      else if (entry.at !== frame.at) {
        entry.at = frame.at
        entry.values = values
        entry.cpu.push(cpu)
        if (entry.cpu.length > sparkLength) entry.cpu.shift()
      }
    }
    for (const [id, ...percent] of frame.past ?? []) {
      const entry = this.#entries.get(id)
      const newest = entry?.cpu.at(-1) ?? null
      if (entry) entry.cpu = [...percent.map((each) => (each === null ? null : each / 100)), newest].slice(-sparkLength)
    }
    for (const [id, entry] of this.#entries) if (frame.at - entry.at > 600_000) this.#entries.delete(id)
    for (const set of this.#byId.values()) for (const listener of set) listener()
    for (const listener of this.#onFrame) listener()
    for (const listener of this.#frames) listener(frame)
  }

  /** The newest figures, or null when the last frame did not hold this one (it is stopped). */
  figures(id: string): Figures | null {
    const entry = this.#entries.get(id)
    if (!entry || this.at - entry.at > staleAfterMs) return null
    const found: Partial<Figures> = {}
    pointKeys.forEach((key, index) => {
      found[key] = entry.values[index] ?? null
    })
    return found as Figures
  }

  cpu(id: string): number | null {
    const entry = this.#entries.get(id)
    return entry && this.at - entry.at <= staleAfterMs ? (entry.values[0] ?? null) : null
  }

  cpuHistory = (id: string): readonly (number | null)[] => this.#entries.get(id)?.cpu ?? []

  subscribe(id: string, listener: () => void): () => void {
    const set = this.#byId.get(id) ?? new Set()
    this.#byId.set(id, set)
    set.add(listener)
    return () => {
      set.delete(listener)
      if (set.size === 0 && this.#byId.get(id) === set) this.#byId.delete(id)
    }
  }

  onFrame(listener: () => void): () => void {
    this.#onFrame.add(listener)
    return () => this.#onFrame.delete(listener)
  }

  onRawFrame(listener: (frame: LiveFrame) => void): () => void {
    this.#frames.add(listener)
    return () => this.#frames.delete(listener)
  }
}
