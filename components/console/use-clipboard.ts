import { useCallback, useEffect, useState } from 'react'
import { writeClipboard } from '@/components/clipboard'
import { looks } from './preferences'
import type { TerminalHandle } from './use-terminal'

/**
 * A text that waits in the dialog, and why: somebody wants to type it as keys; it should be looked at before it is pasted; or the
 * clipboard cannot be read, and it has to be put there by hand.
 */
export type Waiting = { text: string; why: 'type' | 'look' | 'unreadable' }

/** Whether the clipboard has it; `nothing`: nothing was selected. */
export type Copied = 'copied' | 'nothing' | 'refused'

/** Copying from a terminal and pasting into it. What has to be looked at first, or cannot be read, waits in `waiting`. */
export function useClipboard(handle: TerminalHandle | null) {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const pasted = useCallback(
    (text: string) => {
      if (!handle?.paste(text)) setWaiting({ text, why: 'look' })
      else handle.glass.terminal.focus()
    },
    [handle],
  )
  const copy = useCallback(async (): Promise<Copied> => {
    handle?.glass.terminal.focus()
    const text = handle?.glass.terminal.getSelection() ?? ''
    return text === '' ? 'nothing' : (await writeClipboard(text)) ? 'copied' : 'refused'
  }, [handle])
  /** False when there was nothing to paste. */
  const paste = useCallback(async (): Promise<boolean> => {
    try {
      const text = await navigator.clipboard.readText()
      if (text === '') return false
      pasted(text)
    } catch {
      // No leave to read the clipboard, or no https: the text can still be put into a box.
      setWaiting({ text: '', why: 'unreadable' })
    }
    return true
  }, [pasted])
  useEffect(() => {
    const element = handle?.glass.terminal.element
    if (!handle || !element) return
    const selected = () => {
      const text = handle.glass.terminal.getSelection()
      if (text && looks().copyOnSelect) void writeClipboard(text)
    }
    let here = false
    const down = () => {
      here = true
    }
    // A selection may be drawn beyond the edge of the terminal.
    const up = () => {
      if (here) selected()
      here = false
    }
    element.addEventListener('mousedown', down)
    document.addEventListener('mouseup', up)
    return () => {
      element.removeEventListener('mousedown', down)
      document.removeEventListener('mouseup', up)
    }
  }, [handle])
  return { copy, paste, pasted, waiting, setWaiting }
}
