import { type LiveFrame, type Point, pointKeys } from '@/server/model/metrics'

/** How long the graphs look back, and from which distance two points are a gap. */
export const spanMs = 15 * 60_000
export const gapMs = 13_000

export type PointKey = (typeof pointKeys)[number]

/** The points of one guest: the past as read once, then what the live frames bring. */
export class PointSeries {
  points: Point[] = []
  readonly #listeners = new Set<() => void>()

  load(past: readonly Point[]): void {
    const last = past.at(-1)?.at ?? 0
    this.points = [...past, ...this.points.filter((point) => point.at > last)]
    this.#tell()
  }

  push(frame: LiveFrame, id: string): void {
    const row = frame.rows.find(([each]) => each === id)
    if (!row || frame.at <= (this.points.at(-1)?.at ?? 0)) return
    const [, ...values] = row
    const at = (key: PointKey) => values[pointKeys.indexOf(key)] ?? null
    this.points = [
      ...this.points.filter((point) => point.at > frame.at - spanMs),
      {
        at: frame.at,
        cpu: at('cpu'),
        memoryBytes: at('memoryBytes'),
        memoryCacheBytes: at('memoryCacheBytes'),
        diskRead: at('diskRead'),
        diskWrite: at('diskWrite'),
        netRx: at('netRx'),
        netTx: at('netTx'),
      },
    ]
    this.#tell()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Points as the columns a plot wants: seconds, then one column per key. Where points are missing stands a null, so that the line breaks. */
export function toColumns(points: readonly Point[], keys: readonly PointKey[]): [number[], ...(number | null)[][]] {
  const times: number[] = []
  const columns: (number | null)[][] = keys.map(() => [])
  let before = 0
  for (const point of points) {
    if (before && point.at - before > gapMs) {
      times.push((before + 1) / 1000)
      for (const column of columns) column.push(null)
    }
    times.push(point.at / 1000)
    keys.forEach((key, index) => {
      columns[index]?.push(point[key])
    })
    before = point.at
  }
  return [times, ...columns]
}
