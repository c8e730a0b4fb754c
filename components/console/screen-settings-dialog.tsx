import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { CheckField, SelectField } from '@/components/ui/field'
import { layouts } from './layouts/layouts'
import { screenMessages as m } from './screen-messages'
import type { Keyboard, ScreenSettings } from './screen-settings'

type Props = {
  settings: ScreenSettings
  onSettings(settings: ScreenSettings): void
  keyboard: Keyboard
  onKeyboard(keyboard: Keyboard): void
  onClose: () => void
}

/** How the picture comes, and what keyboard the guest has. Everything takes effect at once. */
export function ScreenSettingsDialog({ settings, onSettings, keyboard, onKeyboard, onClose }: Props) {
  const choice = <K extends 'size' | 'quality' | 'compression'>(name: K, words: Record<ScreenSettings[K], string>, hint?: string) => {
    const keys = Object.keys(words) as ScreenSettings[K][]
    return (
      <SelectField
        label={m[name]}
        hint={hint}
        value={settings[name]}
        onChange={({ target }) => {
          const next = keys.find((key) => key === target.value)
          if (next) onSettings({ ...settings, [name]: next })
        }}
      >
        {keys.map((key) => (
          <option key={key} value={key}>
            {words[key]}
          </option>
        ))}
      </SelectField>
    )
  }
  return (
    <Dialog title={m.settingsTitle} onClose={onClose}>
      <div className="grid gap-3">
        <SelectField
          label={m.keyboard}
          hint={keyboard === 'same' ? m.keyboardHint.same : m.keyboardHint.other}
          value={keyboard}
          onChange={({ target }) => onKeyboard(target.value)}
        >
          <option value="same">{m.same}</option>
          {layouts.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
        {choice('size', m.sizes, settings.size === 'guest' ? m.sizeHint : undefined)}
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          {choice('quality', m.qualities)}
          {choice('compression', m.compressions)}
        </div>
        <CheckField label={m.dot} checked={settings.dot} onChange={({ target }) => onSettings({ ...settings, dot: target.checked })} />
        <div className="flex justify-end">
          <Button onClick={onClose}>{m.close}</Button>
        </div>
      </div>
    </Dialog>
  )
}
