import { type LiveFrame, type Point, pointKeys } from '@/server/model/metrics'
import { gapAt } from './rates'
import { createRing, type Ring } from './ring'

export const keptMs = 15 * 60_000

/** The last 15 minutes of everything, and the frame being made. */
export function createHistory(intervalMs: number) {
  const capacity = Math.ceil(keptMs / intervalMs)
  const rings = new Map<string, Ring>()
  const newest = new Map<string, LiveFrame['rows'][number]>()
  let rows: LiveFrame['rows'] = []
  let frameAt = 0

  function push(id: string, point: Point): LiveFrame['rows'][number] {
    const ring = rings.get(id) ?? createRing(capacity)
    rings.set(id, ring)
    ring.push(point)
    const row: LiveFrame['rows'][number] = [id, ...pointKeys.map((key) => point[key])]
    rows.push(row)
    return row
  }

  return {
    add(id: string, point: Point): void {
      newest.set(id, push(id, point))
    },
    /** It is not measured any more: its line breaks here, once. */
    gap(id: string, at: number): void {
      if (newest.delete(id)) push(id, gapAt(at))
    },
    /** Closes the frame of everything since the last one. */
    frame(at: number): LiveFrame {
      const frame = { at, rows }
      rows = []
      frameAt = at
      for (const [id, ring] of rings) if (ring.newest < at - keptMs) rings.delete(id)
      return frame
    },
    latest: (): LiveFrame => ({ at: frameAt, rows: [...newest.values()] }),
    /** The processor before the newest point of each that is measured now, in whole percent. */
    past: (most: number): NonNullable<LiveFrame['past']> =>
      [...newest.keys()].map((id) => {
        const cpu =
          rings
            .get(id)
            ?.cpu(most + 1)
            .slice(0, -1) ?? []
        return [id, ...cpu.map((each) => (each === null ? null : Math.round(each * 100)))]
      }),
    recent: (id: string, now: number): Point[] => rings.get(id)?.points(now - keptMs) ?? [],
  }
}
