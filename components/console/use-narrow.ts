import { type RefCallback, useCallback, useState } from 'react'

/** Below this width in px not all tools of a console fit into one line. */
const enough = 720

/** Whether an element is too narrow for all tools side by side; the rest then goes into a menu. Give the first to it as `ref`. */
export function useNarrow(): [RefCallback<HTMLElement>, boolean] {
  const [narrow, setNarrow] = useState(false)
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const look = () => setNarrow(element.clientWidth < enough)
    look()
    const watch = new ResizeObserver(look)
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return [ref, narrow]
}
