import type { ProgressReader } from '@/server/model/plan'

export type Progress = { fraction?: number; text?: string }

const percent = /(\d{1,3}(?:\.\d+)?)\s?%|\((\d{1,3}(?:\.\d+)?)\/100%?\)/g
const longest = 200
/** One line of curl's meter, which has no % sign: "45  180M   45  81M    0     0  9.0M      0  0:00:20  0:00:09  0:00:11 9.0M". */
const meter =
  /^\s*(\d{1,3})\s+([\d.]+[kMGT]?)\s+\d{1,3}\s+[\d.]+[kMGT]?\s+\d{1,3}\s+[\d.]+[kMGT]?\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+([\d.]+[kMGT]?)\s*$/

/** The same in words with a % sign: "45% of 180M, 9.0M/s"; other lines as they are. */
const readable = (line: string): string =>
  line.replace(meter, (_, done: string, total: string, rate: string) => `${done}% of ${total}, ${rate}/s`)

/**
 * Reads progress out of pieces of output as they come. Tools redraw their line with a carriage return, so that ends a line too.
 * Only whole lines are shown: a piece may end in the middle of a secret. Returns null when a piece told nothing new.
 */
export function progressReader(kind: ProgressReader, mask: (text: string) => string): (piece: string) => Progress | null {
  let rest = ''
  let last: Progress = {}
  return (piece) => {
    const pieces = (rest + piece).split(/[\r\n]/)
    rest = (pieces.pop() ?? '').slice(-4096)
    const lines = pieces.map(readable)
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
