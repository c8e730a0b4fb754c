const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
export const KiB = 1024
export const MiB = 1024 ** 2
export const GiB = 1024 ** 3

/** Bytes for people: 0 B, 512 MiB, 1.5 GiB. Binary units. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Bytes per second for people: "0", "1.2 MB/s". Decimal units, as networks and disks count. */
export function formatRate(bytesPerSecond: number): string {
  if (bytesPerSecond < 1) return '0'
  const names = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']
  let value = bytesPerSecond
  let unit = 0
  while (value >= 1000 && unit < names.length - 1) {
    value /= 1000
    unit++
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${names[unit]}`
}

/** Bytes from "2 GiB", "512M", "1.5g" or a plain number of bytes; null when it is none of these. */
export function parseSize(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?\s*$/i.exec(text)
  if (!match) return null
  const power = ['', 'k', 'm', 'g', 't', 'p'].indexOf((match[2] ?? '').toLowerCase())
  return Math.round(Number(match[1]) * 1024 ** power)
}
