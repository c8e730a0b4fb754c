import { useEffect, useState } from 'react'
import { allColumns, type Column, fixedColumns, isColumn } from './columns'

const key = 'bailiwick.columns'
const narrow: readonly Column[] = ['state', 'name', 'cpu', 'memory']

/** The columns in sight: the person's choice, kept in the browser; on a narrow screen the few that fit. */
export function useColumns(isNarrow: boolean): { shown: readonly Column[]; toggle: (column: Column) => void } {
  const [hidden, setHidden] = useState<readonly Column[]>([])
  useEffect(() => {
    try {
      setHidden((localStorage.getItem(key) ?? '').split(',').filter(isColumn))
    } catch {
      // Storage may be switched off: then the choice lasts as long as the page.
    }
  }, [])
  const toggle = (column: Column) => {
    if (fixedColumns.includes(column)) return
    const next = hidden.includes(column) ? hidden.filter((each) => each !== column) : [...hidden, column]
    setHidden(next)
    try {
      localStorage.setItem(key, next.join(','))
    } catch {
      // As above.
    }
  }
  return { shown: (isNarrow ? narrow : allColumns).filter((column) => !hidden.includes(column)), toggle }
}
