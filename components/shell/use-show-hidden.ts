import { useEffect, useState } from 'react'

const key = 'bailiwick.hidden'

/** Whether the tree shows guests that their engine hides: the person's choice, kept in the browser. */
export function useShowHidden(): [boolean, (show: boolean) => void] {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    try {
      setShown(localStorage.getItem(key) === '1')
    } catch {
      // Storage may be switched off: then the choice lasts as long as the page.
    }
  }, [])
  return [
    shown,
    (show) => {
      setShown(show)
      try {
        localStorage.setItem(key, show ? '1' : '')
      } catch {
        // As above.
      }
    },
  ]
}
