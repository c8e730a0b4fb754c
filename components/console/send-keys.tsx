import { useState } from 'react'
import { bytesOf, type Combination, nameOf } from './combination'
import { CombinationDialog } from './combination-dialog'
import { functionKeys, sendable } from './keys'
import type { MenuEntry } from './menu'
import { terminalMessages as t } from './terminal-messages'
import type { TerminalHandle } from './use-terminal'

/** Keys that the browser keeps, function keys, and any combination: as entries of a menu, and the dialog that one of them opens. */
export function useSendKeys(handle: TerminalHandle | null): { items: MenuEntry[]; dialog: React.ReactNode } {
  const [asking, setAsking] = useState(false)
  const send = (bytes: string) => {
    handle?.type(bytes)
    handle?.glass.focusNext()
  }
  const sendCombination = (combination: Combination): string | null => {
    const bytes = bytesOf(combination, handle?.glass.terminal.modes.applicationCursorKeysMode)
    if (bytes === null) return t.none(nameOf(combination))
    send(bytes)
    return null
  }
  const entry = ([label, bytes]: [string, string]) => ({ label, run: () => send(bytes) })
  return {
    items: [{ label: t.combination, run: () => setAsking(true) }, 'line', ...sendable.map(entry), 'line', ...functionKeys.map(entry)],
    dialog: asking && (
      <CombinationDialog
        onSend={sendCombination}
        onClose={() => {
          setAsking(false)
          handle?.glass.focusNext()
        }}
      />
    ),
  }
}
