import { type RefCallback, useCallback, useState } from 'react'

/** Whether an element is too narrow, below `enough` px, for all tools side by side; the rest then goes into a menu. Give the first to it as `ref`. */
export function useNarrow(enough: number): [RefCallback<HTMLElement>, boolean] {
  const [narrow, setNarrow] = useState(false)
  const ref = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return
      const look = () => setNarrow(element.clientWidth < enough)
      look()
      const watch = new ResizeObserver(look)
      watch.observe(element)
      return () => watch.disconnect()
    },
    [enough],
  )
  return [ref, narrow]
}
