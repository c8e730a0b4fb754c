import { type KeyboardEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { CheckField, TextField } from '@/components/ui/field'
import { type Combination, keyNames, nameOf } from './combination'
import { terminalMessages as m } from './terminal-messages'

const held = ['Control', 'Alt', 'Shift', 'Meta', 'AltGraph']

type Props = {
  /** Sends it, or says in words why that cannot be. */
  onSend(combination: Combination): string | null
  onClose: () => void
}

/** Any key with any modifiers: pressed in the field, or put together where the browser keeps the keys for itself. */
export function CombinationDialog({ onSend, onClose }: Props) {
  const [wanted, setWanted] = useState<Combination>({ key: '', ctrl: true })
  const [wrong, setWrong] = useState('')
  const press = (event: KeyboardEvent) => {
    // Tab and Enter alone still lead through the dialog.
    const alone = !event.ctrlKey && !event.altKey && ['Tab', 'Enter', 'Escape'].includes(event.key)
    if (held.includes(event.key) || alone) return
    event.preventDefault()
    event.stopPropagation()
    const { ctrlKey: ctrl, altKey: alt, shiftKey: shift } = event
    const key = event.key === ' ' ? 'Space' : event.key
    // A key alone goes with what is ticked.
    setWanted(ctrl || alt || shift ? { key, ctrl, alt, shift } : { ...wanted, key })
  }
  const known = keyNames.includes(wanted.key) || [...wanted.key].length === 1
  const send = () => {
    const problem = onSend(wanted)
    if (problem) setWrong(problem)
    else onClose()
  }
  return (
    <Dialog title={m.combinationTitle} onClose={onClose}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <div className="flex flex-wrap gap-4">
          {(['ctrl', 'alt', 'shift'] as const).map((each) => (
            <CheckField
              key={each}
              label={`${each[0]?.toUpperCase()}${each.slice(1)}`}
              checked={wanted[each] === true}
              onChange={(event) => setWanted({ ...wanted, [each]: event.target.checked })}
            />
          ))}
        </div>
        <TextField
          label={m.key}
          hint={m.combinationHint}
          error={wrong || undefined}
          list="console-key-names"
          value={wanted.key}
          onKeyDown={press}
          onChange={(event) => setWanted({ ...wanted, key: event.target.value })}
        />
        <datalist id="console-key-names">
          {keyNames.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <div className="flex items-center justify-end gap-2">
          <strong className="grow font-mono">{known ? nameOf(wanted) : ''}</strong>
          <Button onClick={onClose}>{m.cancel}</Button>
          <Button type="submit" look="primary" allowed={known ? true : m.combinationHint}>
            {m.send}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
