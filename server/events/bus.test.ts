import { describe, expect, it } from 'vitest'
import type { AppEvent } from '@/server/model/events'
import { createBus } from './bus'

const removed = (id: number): AppEvent => ({ type: 'guest.removed', id: String(id) })

describe('bus', () => {
  it('numbers events and gives exactly what was missed', () => {
    const bus = createBus(1000)
    for (let i = 1; i <= 5; i++) bus.publish(removed(i))
    expect(bus.seq).toBe(1005)
    expect(bus.since(1003)).toEqual([
      { seq: 1004, event: removed(4) },
      { seq: 1005, event: removed(5) },
    ])
    expect(bus.since(1005)).toEqual([])
  })
  it('keeps 1,024 and refuses what is older', () => {
    const bus = createBus(0)
    for (let i = 1; i <= 2000; i++) bus.publish(removed(i))
    const all = bus.since(2000 - 1024)
    expect(all?.length).toBe(1024)
    expect(all?.[0]?.event).toEqual(removed(977))
    expect(all?.at(-1)?.event).toEqual(removed(2000))
    expect(bus.since(2000 - 1025)).toBeNull()
  })
  it('recognises numbers of another run and nonsense', () => {
    const bus = createBus(1_000_000)
    bus.publish(removed(1))
    expect(bus.since(999_999)).toBeNull()
    expect(bus.since(1_000_002)).toBeNull()
    expect(bus.since(Number.NaN)).toBeNull()
    expect(bus.since(1_000_000)).toHaveLength(1)
    expect(createBus().seq).toBeGreaterThan(createBus(0).seq + 1_700_000_000_000_000)
  })
  it('tells subscribers until they leave, also when one leaves while being told', () => {
    const bus = createBus(0)
    const seen: string[] = []
    const leave = bus.subscribe(({ seq }) => {
      seen.push(`a${seq}`)
      leave()
    })
    bus.subscribe(({ seq }) => seen.push(`b${seq}`))
    bus.publish(removed(1))
    bus.publish(removed(2))
    expect(seen).toEqual(['a1', 'b1', 'b2'])
  })
})
