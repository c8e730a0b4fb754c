'use client'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatTime } from '@/components/format'
import { placeMarks } from './place-marks'
import { gapMs, type PointKey, type PointSeries, spanMs, toColumns } from './point-series'

export type Line = { key: PointKey; label: string; tone: 'accent' | 'ok' | 'muted' }
export type Mark = { at: number; label: string }

type Props = {
  title: string
  series: PointSeries
  lines: readonly Line[]
  format: (value: number) => string
  /** The top of the scale; absent: as high as the values. */
  max?: number
  /** The least height of the scale, so that silence looks silent. */
  atLeast: number
  height: number
  marks: readonly Mark[]
  /** Before this nothing is known, ms since 1970: that part is hatched. Null: nothing is missing. */
  unknownUntil: number | null
  /** Writes what the crosshair stands on, or the newest, beside the title. */
  onRead: (text: string) => void
}

/** Rows of labels at the top of a graph before the rest is only counted. */
const labelRows = 3

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** One graph of the last 15 minutes. All graphs of a page share the crosshair. Drawn outside React. */
export function Chart({ title, series, lines, format, max, atLeast, height, marks, unknownUntil, onRead }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const now = useRef({ marks, unknownUntil, onRead, format, lines })
  now.current = { marks, unknownUntil, onRead, format, lines }
  const keys = lines.map((line) => line.key).join()

  useEffect(() => {
    const host = box.current
    if (!host) return
    let plot: uPlot | null = null
    const read = (index: number | null | undefined) => {
      const at = index ?? (series.points.length ? (plot?.data[0].length ?? 0) - 1 : null)
      const parts = now.current.lines.flatMap((line, column) => {
        const value = at === null || at === undefined ? null : plot?.data[column + 1]?.[at]
        return value === null || value === undefined
          ? []
          : [`${now.current.format(value)}${now.current.lines.length > 1 ? ` ${line.label}` : ''}`]
      })
      now.current.onRead(parts.join(' · '))
    }
    // The time of the crosshair stands at its foot, where it takes no room from the figures.
    const foot = document.createElement('div')
    foot.className = 'pointer-events-none absolute bottom-0 -translate-x-1/2 rounded bg-raised px-1 text-text text-xs'
    /** What the crosshair stands on: nothing where no point is near, which is a gap. */
    const follow = (self: uPlot) => {
      const left = self.cursor.left ?? -1
      foot.hidden = left < 0
      if (left < 0) return read(null)
      const at = self.posToVal(left, 'x')
      foot.textContent = formatTime(at * 1000)
      foot.style.left = `${Math.min(Math.max(left, 32), Math.max(32, self.over.clientWidth - 32))}px`
      const index = self.cursor.idx
      const near = self.data[0][index ?? -1]
      if (near !== undefined && Math.abs(near - at) * 1000 < gapMs) read(index)
      else now.current.onRead('')
    }
    const build = () => {
      plot?.destroy()
      const axis = {
        stroke: colour('muted'),
        grid: { stroke: colour('line'), width: 1 },
        ticks: { show: false },
        font: '11px system-ui, sans-serif',
      }
      plot = new uPlot(
        {
          width: host.clientWidth,
          height,
          // Half a label of time is to the right of its line.
          padding: [6, 18, 0, 0],
          cursor: { sync: { key: 'guest' }, y: false, drag: { x: false, y: false }, points: { size: 5 } },
          legend: { show: false },
          scales: {
            x: { range: () => [(Date.now() - spanMs) / 1000, Date.now() / 1000] },
            y: { range: (_plot, _low, high) => [0, Math.max(max ?? atLeast, (high ?? 0) * (max === undefined ? 1.1 : 1))] },
          },
          axes: [
            { ...axis, size: 22, space: 70, values: (_plot, splits) => splits.map((at) => formatTime(at * 1000).slice(0, 5)) },
            {
              ...axis,
              // A known top is cut into quarters: sizes in powers of two then read as such.
              splits: max === undefined ? undefined : () => [0, 0.25, 0.5, 0.75, 1].map((share) => share * max),
              size: 62,
              space: 30,
              values: (_plot, splits) => splits.map((value) => format(value)),
            },
          ],
          series: [
            {},
            ...lines.map((line) => ({
              label: line.label,
              stroke: colour(line.tone),
              width: 1.4,
              points: { show: (_plot: uPlot, _index: number, from: number, to: number) => to - from < 2, size: 4 },
              fill: line.tone === 'accent' ? `${colour('accent')}1c` : undefined,
            })),
          ],
          hooks: {
            setCursor: [follow],
            drawClear: [(self) => hatch(self, now.current.unknownUntil)],
            draw: [(self) => drawMarks(self, now.current.marks)],
          },
        },
        toColumns(
          series.points,
          now.current.lines.map((line) => line.key),
        ) as uPlot.AlignedData,
        host,
      )
      foot.hidden = true
      plot.over.append(foot)
      read(null)
    }
    build()
    const unsubscribe = series.subscribe(() => {
      plot?.setData(
        toColumns(
          series.points,
          now.current.lines.map((line) => line.key),
        ) as uPlot.AlignedData,
      )
      if (plot && (plot.cursor.left ?? -1) < 0) read(null)
    })
    const size = new ResizeObserver(() => plot && host.clientWidth !== plot.width && plot.setSize({ width: host.clientWidth, height }))
    size.observe(host)
    // The canvas knows no CSS variables: a change of theme draws it anew.
    const theme = new MutationObserver(build)
    theme.observe(document.documentElement, { attributeFilter: ['class'] })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', build)
    return () => {
      unsubscribe()
      size.disconnect()
      theme.disconnect()
      dark.removeEventListener('change', build)
      plot?.destroy()
    }
  }, [series, keys, max, atLeast, height])

  return <div ref={box} role="img" aria-label={title} className="w-full" style={{ height }} />
}

/** The part of the span of which nothing is known is not empty by chance. */
function hatch(plot: uPlot, until: number | null): void {
  if (until === null) return
  const { ctx, bbox } = plot
  const width = Math.min(plot.valToPos(until / 1000, 'x', true), bbox.left + bbox.width) - bbox.left
  if (width <= 0) return
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, width, bbox.height)
  ctx.clip()
  ctx.strokeStyle = colour('line')
  ctx.lineWidth = 2 * devicePixelRatio
  const step = 9 * devicePixelRatio
  ctx.beginPath()
  for (let x = -bbox.height; x < width; x += step) {
    ctx.moveTo(bbox.left + x, bbox.top + bbox.height)
    ctx.lineTo(bbox.left + x + bbox.height, bbox.top)
  }
  ctx.stroke()
  ctx.restore()
}

function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = colour('warn')
  ctx.fillStyle = colour('warn')
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  ctx.setLineDash([4, 3])
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`
  const right = bbox.left + bbox.width
  const inside = marks
    .map(({ at, label }) => ({ x: plot.valToPos(at / 1000, 'x', true), label }))
    .filter(({ x }) => x >= bbox.left && x <= right)
  for (const { x } of inside) {
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  const area = { left: bbox.left, right, rows: labelRows, together: 8 * devicePixelRatio }
  for (const { text, left, row } of placeMarks(inside, area, (text) => ctx.measureText(text).width)) {
    const bottom = bbox.top + (10 + row * 12) * devicePixelRatio
    // Lines of other marks may run where the label stands.
    ctx.fillStyle = colour('ground')
    ctx.fillRect(left - 1, bottom - 9 * devicePixelRatio, ctx.measureText(text).width + 2, 11 * devicePixelRatio)
    ctx.fillStyle = colour('warn')
    ctx.fillText(text, left, bottom)
  }
  ctx.restore()
}
