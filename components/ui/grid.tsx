import type { ReactNode } from 'react'
import { m } from '@/components/messages'

export type GridColumn<T> = {
  /** Empty: a column of buttons, without a name to see. */
  head: string
  cell: (row: T) => ReactNode
  mono?: boolean
  num?: boolean
  /** Left out where the page is narrow. */
  wide?: boolean
  /** Further classes of its cells. */
  className?: string
}

/**
 * A plain table of few rows: scrolls sideways where it must, and keeps what it says only to screen readers inside.
 * `stack`: on a phone each row becomes a block of lines, each with the name of its column.
 */
export function Grid<T>({
  label,
  columns,
  rows,
  keyOf,
  stack = false,
}: {
  label: string
  columns: readonly GridColumn<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  stack?: boolean
}) {
  return (
    <div className="relative overflow-x-auto">
      <table aria-label={label} className={`grid-table ${stack ? 'stack' : ''}`}>
        <thead>
          <tr>
            {columns.map(({ head, num, wide }, index) => (
              <th key={head || index} scope="col" className={`${num ? 'num' : ''} ${wide ? 'max-md:hidden' : ''}`}>
                {head || <span className="sr-only">{m.common.more}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="hover:bg-hover">
              {columns.map(({ head, cell, mono, num, wide, className = '' }, index) => (
                <td
                  key={head || index}
                  data-head={head || undefined}
                  className={`${mono ? 'font-mono text-sm' : ''} ${num ? 'num whitespace-nowrap' : ''} ${wide ? 'max-md:hidden' : ''} ${className}`}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The buttons at the end of a row. */
export const RowButtons = ({ children }: { children: ReactNode }) => <div className="flex justify-end gap-1.5">{children}</div>
