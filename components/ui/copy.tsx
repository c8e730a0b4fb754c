'use client'
import { useState } from 'react'
import { writeClipboard } from '@/components/clipboard'
import { m } from '@/components/messages'

/** Puts text on the clipboard and says that it did. */
export function Copy({ text, label = m.common.copy }: { text: string; label?: string }) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    if (!(await writeClipboard(text))) return
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return (
    <button type="button" onClick={copy} className="rounded px-1 text-muted text-sm hover:bg-hover hover:text-text" aria-live="polite">
      {done ? m.common.copied : label}
    </button>
  )
}
