import type { m } from '@/components/messages'

/** Columns of the guest list: width in px, whether a click sorts, and the direction that comes first. */
export const columns = {
  state: { width: 28, first: 1 },
  name: { width: 124, first: 1 },
  kind: { width: 78, first: 1 },
  host: { width: 54, first: 1 },
  os: { width: 108, first: 1 },
  cpu: { width: 108, first: -1 },
  memory: { width: 90, first: -1 },
  disk: { width: 70, first: -1 },
  net: { width: 70, first: -1 },
  address: { width: 120, first: 1 },
  up: { width: 66, first: -1 },
  tags: { width: 40, first: 1 },
} satisfies Record<keyof typeof m.guest.columns, { width: number; first: 1 | -1 }>

export type Column = keyof typeof columns
export const allColumns = Object.keys(columns) as Column[]
export const isColumn = (text: string | null): text is Column => text !== null && Object.hasOwn(columns, text)
/** Always there: without them a row says nothing. */
export const fixedColumns: readonly Column[] = ['state', 'name']
export const numeric: readonly Column[] = ['disk', 'net', 'up']
