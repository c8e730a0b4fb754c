import { useState } from 'react'
import { writeClipboard } from '@/components/clipboard'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { Wish } from './guard'
import { plainText } from './plain-text'
import { terminalMessages as m } from './terminal-messages'

/** So much of a text is shown before it goes to the clipboard. */
const shown = 200

/** What the guest wants of the browser, for a person to allow or refuse. */
export function WishNotice({ wish, name, onAnswer }: { wish: Wish; name: string; onAnswer: () => void }) {
  return wish.kind === 'clip' ? (
    <ClipWish key={wish.text} text={wish.text} name={name} onAnswer={onAnswer} />
  ) : (
    <LinkWish wish={wish} onAnswer={onAnswer} />
  )
}

function ClipWish({ text, name, onAnswer }: { text: string; name: string; onAnswer: () => void }) {
  const [failed, setFailed] = useState(false)
  const allow = async () => {
    if (await writeClipboard(text)) onAnswer()
    else setFailed(true)
  }
  return (
    <div className="console-notice console-wish" role="alertdialog" aria-label={m.clip(name)}>
      <span>{failed ? m.noClipboard : m.clip(name)}</span>
      <code>{plainText(text, shown)}</code>
      <button type="button" className="console-button" onClick={allow}>
        {m.allowOnce}
      </button>
      <button type="button" className="console-button console-primary" onClick={onAnswer}>
        {m.refuse}
      </button>
    </div>
  )
}

/** The whole address stands there as the browser would look it up; the host by itself, since a long address hides it. */
function LinkWish({ wish, onAnswer }: { wish: Wish & { kind: 'link' }; onAnswer: () => void }) {
  const { host } = new URL(wish.href)
  return (
    <Dialog title={m.linkTitle} onClose={onAnswer}>
      <div className="grid gap-3">
        <p className="text-muted">{m.linkText}</p>
        <p className="break-all font-mono text-sm">{wish.href}</p>
        <p>
          {m.linkHost}: <strong className="break-all font-mono">{host}</strong>
        </p>
        {wish.text && wish.text !== wish.href && (
          <p className="text-muted">
            {m.linkSays} <span className="break-all font-mono">{wish.text}</span>
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onAnswer}>{m.cancel}</Button>
          <a className="console-button console-primary" href={wish.href} target="_blank" rel="noopener noreferrer" onClick={onAnswer}>
            {m.openLink}
          </a>
        </div>
      </div>
    </Dialog>
  )
}
