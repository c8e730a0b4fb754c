'use client'
import { useEffect, useRef } from 'react'
import { formatLongSpan, formatSpan, formatTime } from '@/components/format'

const everySecond = new Set<() => void>()
const everyHalfMinute = new Set<() => void>()
let timers: ReturnType<typeof setInterval>[] = []

/** One timer for all clocks of the page; none while there are no clocks. */
function tick(set: Set<() => void>, run: () => void): () => void {
  set.add(run)
  if (timers.length === 0 || (set === everySecond && everySecond.size === 1)) restart()
  return () => {
    set.delete(run)
    if (everySecond.size === 0) restart()
  }
}
const runAll = (set: Set<() => void>) => {
  for (const run of set) run()
}
function restart(): void {
  for (const timer of timers) clearInterval(timer)
  timers = []
  if (everySecond.size) timers.push(setInterval(() => runAll(everySecond), 1000))
  if (everyHalfMinute.size) timers.push(setInterval(() => runAll(everyHalfMinute), 30_000))
}

/** The time since a moment, kept up to date without React. `seconds`: counts every second, for things under way. */
export function Since({ at, seconds, long }: { at: number; seconds?: boolean; long?: boolean }) {
  const ref = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const show = () => {
      if (ref.current) ref.current.textContent = (long ? formatLongSpan : formatSpan)(Date.now() - at)
    }
    show()
    return tick(seconds ? everySecond : everyHalfMinute, show)
  }, [at, seconds, long])
  return <time ref={ref} dateTime={new Date(at).toISOString()} title={formatTime(at)} suppressHydrationWarning />
}
