'use client'
import { type ReactNode, useRef } from 'react'
import { formatPercent } from '@/components/format'
import { metrics } from '@/components/live/live'
import type { Figures } from '@/components/live/metrics'
import { m } from '@/components/messages'
import { formatBytes, formatRate } from '@/server/model/size'
import { useBrowserLayoutEffect } from './spark'

type Writer = (figures: Figures | null) => { text: string; title?: string }

/** A figure that writes itself into the page with every frame, without React. */
export function LiveFigure({ id, write, className }: { id: string; write: Writer; className?: string }) {
  const ref = useRef<HTMLSpanElement>(null)
  const latest = useRef(write)
  latest.current = write
  useBrowserLayoutEffect(() => {
    const show = () => {
      const { text, title } = latest.current(metrics.figures(id))
      const node = ref.current
      if (!node) return
      if (node.textContent !== text) node.textContent = text
      if (title !== undefined && node.title !== title) node.title = title
    }
    show()
    return metrics.subscribe(id, show)
  }, [id, write])
  return <span ref={ref} className={className} />
}

export const cpuText: Writer = (figures) => ({ text: figures ? formatPercent(figures.cpu) : '' })

/** Reads as "1.2 MB/s": both directions together; apart in the title. */
export const diskText: Writer = (figures) => {
  if (!figures || figures.diskRead === null || figures.diskWrite === null) return { text: '' }
  const { diskRead, diskWrite } = figures
  return { text: formatRate(diskRead + diskWrite), title: m.guest.readWrite(formatRate(diskRead), formatRate(diskWrite)) }
}
export const netText: Writer = (figures) => {
  if (!figures || figures.netRx === null || figures.netTx === null) return { text: '' }
  const { netRx, netTx } = figures
  return { text: formatRate(netRx + netTx), title: m.guest.inOut(formatRate(netRx), formatRate(netTx)) }
}

/** Used memory as a bar against the limit; the guest's page cache is the pale part where the engine tells it. */
export function MemoryMeter({ id, limit, children }: { id: string; limit: number; children?: ReactNode }) {
  const used = useRef<HTMLDivElement>(null)
  const cache = useRef<HTMLDivElement>(null)
  const text = useRef<HTMLSpanElement>(null)
  useBrowserLayoutEffect(() => {
    let shown = ''
    const show = () => {
      const figures = metrics.figures(id)
      const bytes = figures?.memoryBytes ?? null
      const cached = figures?.memoryCacheBytes ?? 0
      // Idle guests keep their figures from frame to frame: the page is left alone then.
      if (shown === `${bytes} ${cached}`) return
      shown = `${bytes} ${cached}`
      const share = (value: number) => `${Math.min(100, (value / Math.max(1, limit)) * 100)}%`
      if (used.current) used.current.style.width = share((bytes ?? 0) - cached)
      if (cache.current) cache.current.style.width = share(cached)
      if (!text.current) return
      text.current.textContent = bytes === null ? '' : formatPercent(bytes / limit)
      const row = text.current.parentElement
      const note = cached ? ` · ${m.guest.cache(formatBytes(cached))}` : ''
      if (row) row.title = bytes === null ? '' : `${formatBytes(bytes)} / ${formatBytes(limit)}${note}`
    }
    show()
    return metrics.subscribe(id, show)
  }, [id, limit])
  return (
    <span className="flex items-center gap-1.5">
      <span className="flex h-1.5 min-w-8 flex-1 overflow-hidden rounded-sm bg-line" aria-hidden>
        <span ref={used} className="bg-accent" />
        <span ref={cache} className="bg-accent opacity-40" />
      </span>
      <span ref={text} className="w-9 text-right" />
      {children}
    </span>
  )
}
