import { useState } from 'react'
import { writeClipboard } from '@/components/clipboard'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { formatBytes } from '@/server/model/size'
import { screenMessages as m } from './screen-messages'

/** Longest text, bytes: what the server lets through. */
const longest = 256 * 1024

/** The characters of a text that the clipboard of a screen cannot carry, each once. */
export const notLatin = (text: string): string[] => [...new Set([...text].filter((character) => (character.codePointAt(0) ?? 0) > 0xff))]

type Props = { fromGuest: string; mayPut: boolean; onPut(text: string): void; onClose: () => void }

/** Both directions by hand: nothing is copied between a guest and this computer by itself. */
export function ScreenClipboard({ fromGuest, mayPut, onPut, onClose }: Props) {
  const [text, setText] = useState('')
  const [done, setDone] = useState(false)
  const wrong = notLatin(text)
  const error = text.length > longest ? m.tooLong(formatBytes(longest)) : wrong.length ? m.latin(wrong.slice(0, 12).join(' ')) : undefined
  return (
    <Dialog title={m.clipboardTitle} onClose={onClose}>
      <div className="grid gap-4">
        <Field label={m.guestText} hint={fromGuest ? undefined : m.nothingCopied}>
          {(wiring) => <textarea {...wiring} className="field font-mono text-sm" rows={4} readOnly value={fromGuest} />}
        </Field>
        <div className="flex justify-end">
          <Button allowed={fromGuest ? true : m.nothingCopied} onClick={() => void writeClipboard(fromGuest)}>
            {m.copy}
          </Button>
        </div>
        <Field label={m.toGuest} error={error} hint={done ? m.putDone : undefined}>
          {(wiring) => (
            <textarea
              {...wiring}
              className="field font-mono text-sm"
              rows={4}
              value={text}
              onChange={({ target }) => {
                setText(target.value)
                setDone(false)
              }}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{m.close}</Button>
          <Button
            look="primary"
            allowed={text === '' ? m.toGuest : (error ?? (mayPut || m.notTyping))}
            onClick={() => {
              onPut(text)
              setDone(true)
            }}
          >
            {m.put}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
