import type { ReactNode } from 'react'
import { m } from '@/components/messages'

export type GridColumn<T> = {
  /** Empty: a column of buttons, without a name to see. */
  head: string
  cell: (row: T) => ReactNode
  mono?: boolean
  num?: boolean
  /** Further classes of its cells. */
  className?: string
}

/** A plain table of few rows: scrolls sideways where it must. */
export function Grid<T>({
  label,
  columns,
  rows,
  keyOf,
}: {
  label: string
  columns: readonly GridColumn<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
}) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="grid-table">
        <thead>
          <tr>
            {columns.map(({ head, num }, index) => (
              <th key={head || index} scope="col" className={num ? 'num' : ''}>
                {head || <span className="sr-only">{m.common.more}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="hover:bg-hover">
              {columns.map(({ head, cell, mono, num, className = '' }, index) => (
                <td key={head || index} className={`${mono ? 'font-mono text-sm' : ''} ${num ? 'num whitespace-nowrap' : ''} ${className}`}>
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
