import { z } from 'zod'
import { parseSize } from '@/server/model/size'
import type { Row } from './types'

/** A row as SQLite gives it in JSON. */
export const rowShape: z.ZodType<Row> = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

/** CBSD's columns are loose text: what is not set is '0', '', NULL, '-' or the word "(null)". Undefined for those. */
export function text(row: Row, key: string): string | undefined {
  const value = row[key]
  const found = value === null || value === undefined ? '' : String(value).trim()
  return found === '' || found === '0' || found === '-' || found === '(null)' ? undefined : found
}

/** A whole number, also out of text. Undefined where it is none: CBSD stores `vm_ram=abc` as it is. */
export function integer(row: Row, key: string): number | undefined {
  const value = row[key]
  if (typeof value === 'number') return Math.trunc(value)
  return typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : undefined
}

/** A number with a fraction, also out of text. */
export function decimal(row: Row, key: string): number | undefined {
  const value = row[key]
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** True for 1, "1", "yes" and "on". */
export const flag = (row: Row, key: string): boolean => /^(1|yes|true|on)$/i.test(String(row[key] ?? ''))

/** Bytes, out of a number of bytes or of "10g". Undefined for 0. */
export function bytes(value: string | number | null | undefined): number | undefined {
  const found = typeof value === 'number' ? value : parseSize(value ?? '')
  return found !== null && found > 0 ? found : undefined
}

/** A time as seconds since 1970 in a column, in ms. Undefined for the words that some versions store instead. */
export function instant(row: Row, key: string): number | undefined {
  const seconds = integer(row, key)
  return seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined
}
