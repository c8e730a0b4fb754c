const decimal = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/**
 * Bytes of a size as Incus writes it: "512MiB", "2GB" (decimal), "1073741824", or "50%" of `total`.
 * Undefined when it is none of these. Source: Incus documentation, "Units for storage and network limits".
 */
export function limitBytes(text: string | undefined, total?: number): number | undefined {
  const match = /^(\d+)\s*([A-Za-z]*|%)$/.exec(text?.trim() ?? '')
  if (!match) return undefined
  const value = Number(match[1])
  const unit = match[2] || 'B'
  if (unit === '%') return total === undefined ? undefined : Math.floor((total * value) / 100)
  if (binary.includes(unit)) return value * 1024 ** binary.indexOf(unit)
  return decimal.includes(unit) ? value * 1000 ** decimal.indexOf(unit) : undefined
}

/** How many processors `limits.cpu` gives: a count ("2"), or a set to be pinned to ("0-3,6", "1-1"). Undefined: no limit. */
export function limitCpus(text: string | undefined): number | undefined {
  if (!text) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  const ranges = text.split(',').map((range) => /^(\d+)(?:-(\d+))?$/.exec(range.trim()))
  let count = 0
  for (const range of ranges) {
    if (!range) return undefined
    count += Number(range[2] ?? range[1]) - Number(range[1]) + 1
  }
  return count
}

/** Said where the disk should stay, in the dialog and by the plan. */
export const keepsNoDisks = (program: string) => `${program} removes a guest together with its disk: it cannot keep it`

/** Bytes as Incus takes them, in the largest unit that says it exactly. */
export function writeBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (unit < 4 && value >= 1024 && value % 1024 === 0) {
    value /= 1024
    unit++
  }
  return `${value}${binary[unit]}`
}
