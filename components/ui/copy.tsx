'use client'
import { useState } from 'react'
import { m } from '@/components/messages'

/** Puts text on the clipboard and says that it did. */
export function Copy({ text, label = m.common.copy }: { text: string; label?: string }) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Without a secure origin there is no clipboard interface: the old way still works.
      const area = document.createElement('textarea')
      area.value = text
      document.body.append(area)
      area.select()
      document.execCommand('copy')
      area.remove()
    }
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <button type="button" onClick={copy} className="rounded px-1 text-muted text-sm hover:bg-hover hover:text-text" aria-live="polite">
      {done ? m.common.copied : label}
    </button>
  )
}
