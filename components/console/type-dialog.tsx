import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { CheckField, Field, SelectField } from '@/components/ui/field'
import { layoutForLanguage, layoutOf, layouts } from './layouts/layouts'
import { type Toggle, toggles } from './layouts/strokes'
import { keepLayout, layoutFor } from './preferences'
import { typeMessages as m } from './type-messages'
import { type LineEnd, lineEnds, planLayout, planText, type TypePort } from './type-out'
import { useTypeOut } from './use-type-out'

type Props = {
  /** What was pressed: the dialog is called by it. */
  pressed: 'type' | 'paste'
  port: TypePort
  /** Whose keyboard it is: the layout is kept for each guest. */
  guest: string
  /** What stands in the box at first. */
  text?: string
  /** Why it asks before it types. */
  reason?: string
  /** Pastes at once instead, where that may be wished. */
  onPaste?: (text: string) => void
  /** Told before and after a text that is to be kept out of recordings. */
  onSecret?: (secret: boolean) => void
  onClose: () => void
}

const rates = [10, 30, 100, 200, 500, 2000]
/** A serial port at 115,200 baud takes 11,520 characters per second; what reads it often far less. A screen's keys go one by one. */
const usual = { text: 200, keys: 30 }

/** A text, looked at before it is typed as keys, at a speed the guest can follow. */
export function TypeDialog({ pressed, port, guest, text: given = '', reason, onPaste, onSecret, onClose }: Props) {
  const [text, setText] = useState(given)
  const [secret, setSecret] = useState(false)
  const [rate, setRate] = useState(usual[port.kind])
  const [lineEnd, setLineEnd] = useState<LineEnd>('cr')
  const [layout, setLayout] = useState(() => layoutOf(layoutFor(guest) ?? layoutForLanguage(navigator.language).id))
  const [toggle, setToggle] = useState<Toggle>('alt-shift')
  const [unicode, setUnicode] = useState(false)
  const [leaveOut, setLeaveOut] = useState(false)
  const [enter, setEnter] = useState(false)
  const { typing, start, stop } = useTypeOut(port)
  const busy = typing.state === 'typing'
  const whole = enter ? `${text}\n` : text
  const plan = useMemo(
    () => (port.kind === 'text' ? planText(whole, lineEnd) : planLayout(whole, layout, { unicode, toggle })),
    [port.kind, whole, lineEnd, layout, unicode, toggle],
  )
  const blocked = plan.missing.length > 0 && !leaveOut
  const type = async () => {
    if (secret) onSecret?.(true)
    const done = await start(plan.pieces, rate, secret)
    if (secret) onSecret?.(false)
    if (done) onClose()
  }
  const close = () => {
    stop()
    onClose()
  }
  const title = pressed === 'type' ? m.titles.type : m.titles.paste[port.kind]
  return (
    <Dialog title={title} onClose={close}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void type()
        }}
      >
        <p className={reason ? 'text-warn' : 'text-muted'}>{reason ?? m.hint[port.kind]}</p>
        <Field label={m.texts[pressed]}>
          {(wiring) => (
            <textarea
              {...wiring}
              className={`field font-mono text-sm ${secret ? 'console-secret' : ''}`}
              rows={7}
              value={text}
              disabled={busy}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          {port.kind === 'keys' ? (
            <SelectField
              label={m.layout}
              value={layout.id}
              disabled={busy}
              onChange={(event) => {
                setLayout(layoutOf(event.target.value))
                keepLayout(guest, event.target.value)
              }}
            >
              {layouts.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </SelectField>
          ) : (
            <Choice label={m.lineEnd} value={lineEnd} all={lineEnds} words={m.lineEnds} disabled={busy} onChange={setLineEnd} />
          )}
          <SelectField label={m.rate} value={rate} disabled={busy} onChange={(event) => setRate(Number(event.target.value))}>
            {rates.map((each) => (
              <option key={each} value={each}>
                {m.perSecond(each)}
              </option>
            ))}
          </SelectField>
          {port.kind === 'keys' && layout.other && (
            <Choice
              label={m.toggle}
              value={toggle}
              all={toggles}
              words={Object.fromEntries(Object.entries(toggles).map(([key, { label }]) => [key, label]))}
              disabled={busy}
              onChange={setToggle}
            />
          )}
        </div>
        <CheckField label={m.enter} checked={enter} disabled={busy} onChange={(event) => setEnter(event.target.checked)} />
        <CheckField
          label={m.secret}
          hint={secret && m.secretHint}
          checked={secret}
          disabled={busy}
          onChange={(event) => setSecret(event.target.checked)}
        />
        {port.kind === 'keys' && (
          <CheckField label={m.unicode} hint={m.unicodeHint} checked={unicode} onChange={(event) => setUnicode(event.target.checked)} />
        )}
        {plan.missing.length > 0 && (
          <div className="grid gap-1 text-warn" role="alert">
            <p className="break-words">{port.kind === 'text' ? m.controls(plan.missing) : m.missing(plan.missing)}</p>
            <CheckField label={m.leaveOut} checked={leaveOut} onChange={(event) => setLeaveOut(event.target.checked)} />
          </div>
        )}
        <p className="text-muted" role="status">
          {busy
            ? m.progress(typing.done, typing.all)
            : m.sum(whole.replace(/\n$/, '').split('\n').length, plan.pieces.length, plan.pieces.length / rate)}
        </p>
        {busy && <progress className="w-full" max={typing.all} value={typing.done} aria-label={title} />}
        {typing.error && (
          <p className="text-bad" role="alert">
            {typing.error}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {busy ? (
            <Button onClick={stop}>{m.stop}</Button>
          ) : (
            <>
              <Button onClick={close}>{m.cancel}</Button>
              {onPaste && (
                <Button
                  onClick={() => {
                    onPaste(text)
                    onClose()
                  }}
                >
                  {m.paste}
                </Button>
              )}
              <Button type="submit" look="primary" allowed={text === '' ? m.texts[pressed] : blocked ? m.leaveOut : true}>
                {m.send}
              </Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  )
}

type ChoiceProps<K extends string> = {
  label: string
  value: NoInfer<K>
  all: Record<K, unknown>
  words: Record<string, string>
  disabled: boolean
  onChange(value: NoInfer<K>): void
}

function Choice<K extends string>({ label, value, all, words, disabled, onChange }: ChoiceProps<K>) {
  const keys = Object.keys(all) as K[]
  return (
    <SelectField
      label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => {
        const next = keys.find((key) => key === event.target.value)
        if (next) onChange(next)
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
