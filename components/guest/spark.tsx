'use client'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { metrics } from '@/components/live/live'
import { sparkLength } from '@/server/model/metrics'
import { sparkPath } from './spark-path'

const width = 60
const height = 18
export const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/** The CPU of the last three minutes. Drawn by setting one attribute per frame, without React. */
export function CpuSpark({ id }: { id: string }) {
  const ref = useRef<SVGPathElement>(null)
  useBrowserLayoutEffect(() => {
    let drawn = ''
    const draw = () => {
      const path = sparkPath(metrics.cpuHistory(id), width, height, sparkLength)
      if (path !== drawn) ref.current?.setAttribute('d', path)
      drawn = path
    }
    draw()
    return metrics.subscribe(id, draw)
  }, [id])
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="shrink-0 text-accent">
      <path ref={ref} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />
    </svg>
  )
}
