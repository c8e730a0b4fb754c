import { useSyncExternalStore } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { CheckField, SelectField, TextField } from '@/components/ui/field'
import { bells, cursors, drawings, fontName, keepLooks, looks, onLooks, scrollbacks, themes } from './preferences'
import { terminalMessages as m } from './terminal-messages'
import type { TerminalHandle } from './use-terminal'

const families = ['DejaVu Sans Mono', 'JetBrains Mono', 'Fira Code', 'Cascadia Mono', 'Source Code Pro', 'Menlo', 'Consolas']

/** How terminals look in this browser. Every change is seen at once behind the dialog. */
export function LooksDialog({ handle, onClose }: { handle: TerminalHandle | null; onClose: () => void }) {
  const now = useSyncExternalStore(onLooks, looks, looks)
  return (
    <Dialog title={m.looksTitle} onClose={onClose}>
      <div className="grid gap-3">
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Choice
            label={m.theme}
            value={now.theme}
            all={themes}
            word={(each) => m.themes[each]}
            onChange={(theme) => keepLooks({ theme })}
          />
          <Choice
            label={m.cursor}
            value={now.cursor}
            all={cursors}
            word={(each) => m.cursors[each]}
            onChange={(cursor) => keepLooks({ cursor })}
          />
          <Choice label={m.bell} value={now.bell} all={bells} word={(each) => m.bells[each]} onChange={(bell) => keepLooks({ bell })} />
          <Choice
            label={m.scrollback}
            value={now.scrollback}
            all={scrollbacks}
            word={(each) => each.toLocaleString('en')}
            onChange={(scrollback) => keepLooks({ scrollback })}
          />
        </div>
        <Choice
          label={m.drawing}
          hint={handle && m.drawnBy[handle.glass.drawing.by]}
          value={now.drawing}
          all={drawings}
          word={(each) => m.drawings[each]}
          onChange={(drawing) => keepLooks({ drawing })}
        />
        <TextField
          label={m.font}
          hint={m.fontHint}
          list="console-fonts"
          defaultValue={now.font}
          onBlur={(event) => keepLooks({ font: fontName(event.target.value) })}
        />
        <datalist id="console-fonts">
          {families.map((family) => (
            <option key={family} value={family} />
          ))}
        </datalist>
        <CheckField
          label={m.copyOnSelect}
          checked={now.copyOnSelect}
          onChange={(event) => keepLooks({ copyOnSelect: event.target.checked })}
        />
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            {m.close}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

type ChoiceProps<T extends string | number> = {
  label: string
  hint?: React.ReactNode
  value: T
  all: readonly T[]
  word(value: T): string
  onChange(value: T): void
}

function Choice<T extends string | number>({ label, hint, value, all, word, onChange }: ChoiceProps<T>) {
  return (
    <SelectField
      label={label}
      hint={hint}
      value={value}
      onChange={(event) => {
        const next = all.find((each) => String(each) === event.target.value)
        if (next !== undefined) onChange(next)
      }}
    >
      {all.map((each) => (
        <option key={each} value={each}>
          {word(each)}
        </option>
      ))}
    </SelectField>
  )
}
