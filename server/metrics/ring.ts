import { type Point, pointKeys } from '@/server/model/metrics'

export type Ring = {
  push(point: Point): void
  points(since: number): Point[] /** Processor of the last points, oldest first. */
  cpu(most: number): (number | null)[]
  readonly newest: number
}

const width = pointKeys.length

/** The last `capacity` points in 36 bytes each; NaN stands for null. Values keep seven digits. */
export function createRing(capacity: number): Ring {
  const times = new Float64Array(capacity)
  const values = new Float32Array(capacity * width)
  let count = 0
  let next = 0
  let newest = Number.NEGATIVE_INFINITY

  const valueAt = (slot: number, index: number): number | null => {
    const value = values[slot * width + index] ?? Number.NaN
    if (Number.isNaN(value)) return null
    return index === 0 ? Math.round(value * 1000) / 1000 : Math.round(value)
  }

  return {
    push(point) {
      // The clock was set back: what is kept would lie in the future, and graphs need time to go on.
      if (point.at < newest) count = 0
      if (point.at === newest && count > 0) {
        next = (next + capacity - 1) % capacity
        count--
      }
      times[next] = point.at
      pointKeys.forEach((key, index) => {
        values[next * width + index] = point[key] ?? Number.NaN
      })
      next = (next + 1) % capacity
      count = Math.min(capacity, count + 1)
      newest = point.at
    },
    points(since) {
      const found: Point[] = []
      for (let i = count; i > 0; i--) {
        const slot = (next - i + capacity) % capacity
        const at = times[slot] ?? 0
        if (at < since) continue
        const [cpu, memoryBytes, memoryCacheBytes, diskRead, diskWrite, netRx, netTx] = pointKeys.map((_, index) => valueAt(slot, index))
        found.push({
          at,
          cpu: cpu ?? null,
          memoryBytes: memoryBytes ?? null,
          memoryCacheBytes: memoryCacheBytes ?? null,
          diskRead: diskRead ?? null,
          diskWrite: diskWrite ?? null,
          netRx: netRx ?? null,
          netTx: netTx ?? null,
        })
      }
      return found
    },
    cpu: (most) =>
      Array.from({ length: Math.min(most, count) }, (_, i, all = Math.min(most, count)) =>
        valueAt((next - all + i + capacity) % capacity, 0),
      ),
    get newest() {
      return newest
    },
  }
}
