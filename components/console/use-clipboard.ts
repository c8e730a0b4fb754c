import { useCallback, useEffect, useState } from 'react'
import { looks } from './preferences'
import type { TerminalHandle } from './use-terminal'

/** A text that waits in the dialog: `look` when it is only there because somebody should look at it first. */
export type Waiting = { text: string; look: boolean }

/** Copying from a terminal and pasting into it. What has to be looked at first, or cannot be read, waits in `waiting`. */
export function useClipboard(handle: TerminalHandle | null) {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const pasted = useCallback(
    (text: string) => {
      if (!handle?.paste(text)) setWaiting({ text, look: true })
      else handle.glass.terminal.focus()
    },
    [handle],
  )
  const copyText = useCallback(async (text: string) => {
    if (text) await navigator.clipboard?.writeText(text).catch(() => {})
    return text !== ''
  }, [])
  const copy = useCallback(async () => {
    handle?.glass.terminal.focus()
    return copyText(handle?.glass.terminal.getSelection() ?? '')
  }, [handle, copyText])
  const paste = useCallback(async () => {
    try {
      pasted(await navigator.clipboard.readText())
    } catch {
      // No leave to read the clipboard, or no https: the text can still be put into a box.
      setWaiting({ text: '', look: false })
    }
  }, [pasted])
  useEffect(() => {
    const element = handle?.glass.terminal.element
    if (!handle || !element) return
    const selected = () => {
      const text = handle.glass.terminal.getSelection()
      if (text && looks().copyOnSelect) void copyText(text)
    }
    element.addEventListener('mouseup', selected)
    return () => element.removeEventListener('mouseup', selected)
  }, [handle, copyText])
  return { copy, copyText, paste, pasted, waiting, setWaiting }
}
