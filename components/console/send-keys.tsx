import { useState } from 'react'
import { bytesOf, type Combination, nameOf } from './combination'
import { CombinationDialog } from './combination-dialog'
import { functionKeys, sendable } from './keys'
import { Menu } from './menu'
import { consoleMessages as m } from './messages'
import { terminalMessages as t } from './terminal-messages'
import type { TerminalHandle } from './use-terminal'

/** Keys that the browser keeps, function keys, and any combination. */
export function SendKeys({ handle }: { handle: TerminalHandle | null }) {
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
  return (
    <>
      <Menu
        label={m.sendKeys}
        items={[{ label: t.combination, run: () => setAsking(true) }, 'line', ...sendable.map(entry), 'line', ...functionKeys.map(entry)]}
      />
      {asking && (
        <CombinationDialog
          onSend={sendCombination}
          onClose={() => {
            setAsking(false)
            handle?.glass.focusNext()
          }}
        />
      )}
    </>
  )
}
