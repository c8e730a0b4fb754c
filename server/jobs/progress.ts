import type { ProgressReader } from '@/server/model/plan'

export type Progress = { fraction?: number; text?: string }

const percent = /(\d{1,3}(?:\.\d+)?)\s?%|\((\d{1,3}(?:\.\d+)?)\/100%?\)/g
const longest = 200

/**
 * Reads progress out of pieces of output as they come. Tools redraw their line with a carriage return, so that ends a line too.
 * Only whole lines are shown: a piece may end in the middle of a secret. Returns null when a piece told nothing new.
 */
export function progressReader(kind: ProgressReader, mask: (text: string) => string): (piece: string) => Progress | null {
  let rest = ''
  let last: Progress = {}
  return (piece) => {
    const lines = (rest + piece).split(/[\r\n]/)
    rest = (lines.pop() ?? '').slice(-4096)
    const text = lines.findLast((line) => line.trim() !== '')?.trim()
    const next: Progress = { ...last }
    if (text !== undefined) next.text = mask(text).slice(0, longest)
    if (kind === 'percent') {
      const found = [...`${lines.join('\n')}\n${rest}`.matchAll(percent)].at(-1)
      const value = Number(found?.[1] ?? found?.[2])
      if (found && value <= 100) next.fraction = value / 100
    }
    if (next.text === last.text && next.fraction === last.fraction) return null
    last = next
    return next
  }
}
