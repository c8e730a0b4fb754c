'use client'
import { useEffect, useRef } from 'react'
import { formatLongSpan, formatSpan, formatTime } from '@/components/format'

type Clock = { ms: number; runs: Set<() => void>; timer?: ReturnType<typeof setInterval> }
const seconds: Clock = { ms: 1000, runs: new Set() }
const halfMinutes: Clock = { ms: 30_000, runs: new Set() }

/** One timer for all that tick alike; none while nothing does. */
function tick(clock: Clock, run: () => void): () => void {
  clock.runs.add(run)
  clock.timer ??= setInterval(() => {
    for (const each of clock.runs) each()
  }, clock.ms)
  return () => {
    clock.runs.delete(run)
    if (clock.runs.size > 0) return
    clearInterval(clock.timer)
    clock.timer = undefined
  }
}

/** The time since a moment, kept up to date without React. `busy`: counts every second, for things under way. */
export function Since({ at, busy, long }: { at: number; busy?: boolean; long?: boolean }) {
  const ref = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const show = () => {
      if (ref.current) ref.current.textContent = (long ? formatLongSpan : formatSpan)(Date.now() - at)
    }
    show()
    if (busy) return tick(seconds, show)
    if (Date.now() - at >= 60_000) return tick(halfMinutes, show)
    // The first minute is counted in seconds; after it, twice a minute is enough.
    let stop = tick(seconds, () => {
      show()
      if (Date.now() - at < 60_000) return
      stop()
      stop = tick(halfMinutes, show)
    })
    return () => stop()
  }, [at, busy, long])
  return <time ref={ref} dateTime={new Date(at).toISOString()} title={formatTime(at)} suppressHydrationWarning />
}
