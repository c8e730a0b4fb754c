'use client'
import { type ReactNode, useEffect, useId, useRef } from 'react'

type Props = {
  title: string
  onClose: () => void
  children: ReactNode
  /** Stands at the top, without a title of its own to see. */
  bare?: boolean
  wide?: boolean
}

/** The browser's own modal dialog: focus stays inside, Esc closes it, and focus goes back to where it was. */
export function Dialog({ title, onClose, children, bare, wide }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; for keys there is Esc
    <dialog
      ref={ref}
      aria-labelledby={id}
      className={`${bare ? 'mt-[8vh] p-0' : 'mt-[10vh] p-5'} mx-auto max-h-[84vh] ${wide ? 'w-[720px]' : 'w-[560px]'} max-w-[calc(100vw-24px)] overflow-auto rounded-lg border border-line-strong bg-raised text-text shadow-2xl`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <h2 id={id} className={bare ? 'sr-only' : 'mb-3 text-lg'}>
        {title}
      </h2>
      {children}
    </dialog>
  )
}
