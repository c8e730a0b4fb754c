import { useEffect, useRef } from 'react'
import { consoleMessages as m } from './messages'

/** A box for text to be typed into a console, where the browser does not let the page read the clipboard. */
export function PasteDialog({ onText, onClose }: { onText: (text: string) => void; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="console-dialog" aria-label={m.pasteTitle} onClose={onClose}>
      <form
        className="grid gap-3"
        method="dialog"
        onSubmit={() => {
          if (text.current?.value) onText(text.current.value)
        }}
      >
        <h2>{m.pasteTitle}</h2>
        <textarea ref={text} className="field font-mono" rows={8} aria-label={m.pasteTitle} />
        <p className="text-muted">{m.pasteHint}</p>
        <div className="flex justify-end gap-2">
          <button type="button" className="console-button" onClick={() => dialog.current?.close()}>
            {m.cancel}
          </button>
          <button type="submit" className="console-button console-primary">
            {m.pasteSend}
          </button>
        </div>
      </form>
    </dialog>
  )
}
