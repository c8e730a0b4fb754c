import { useEffect, useState } from 'react'

/** How long a remark stands, ms. */
const stands = 8_000

/** A remark about what was just done, such as "Copied": it goes by itself, for it is not true for long. */
export function useSaid(): [said: string, say: (words: string) => void] {
  const [said, say] = useState('')
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => say(''), stands)
    return () => clearTimeout(timer)
  }, [said])
  return [said, say]
}
