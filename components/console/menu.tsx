import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

export type MenuEntry = { label: string; run: () => void; checked?: boolean; disabled?: boolean } | 'line'

/** It ends above the lower edge of the window; what does not fit is scrolled to. */
const fitHeight = (menu: HTMLElement | null) => {
  if (menu) menu.style.maxHeight = `${Math.max(160, window.innerHeight - menu.getBoundingClientRect().top - 8)}px`
}

/** A button with a list of actions: arrow keys move, Escape and a click elsewhere close it. `items` as a function is asked when it opens. */
export function Menu({ label, items }: { label: string; items: MenuEntry[] | (() => MenuEntry[]) }) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
    const outside = (event: Event) => event.target instanceof Node && !root.current?.contains(event.target) && setOpen(false)
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    if (event.key === 'Escape') {
      setOpen(false)
      button.current?.focus()
    }
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)') ?? [])]
    const at = all.findIndex((item) => item.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    all[(to + all.length) % all.length]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys inside move in and close what the button opened
    <div className="console-menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="console-button"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {label} ▾
      </button>
      {open && (
        <div role="menu" aria-label={label} ref={fitHeight}>
          {(typeof items === 'function' ? items() : items).map((item, at) =>
            item === 'line' ? (
              <hr key={`line ${at}`} className="my-1 border-line" />
            ) : (
              <button
                key={item.label}
                type="button"
                {...(item.checked === undefined ? { role: 'menuitem' } : { role: 'menuitemcheckbox', 'aria-checked': item.checked })}
                tabIndex={-1}
                disabled={item.disabled}
                onClick={() => {
                  setOpen(false)
                  item.run()
                }}
              >
                {item.checked === undefined ? '' : item.checked ? '✓ ' : '\u2003'}
                {item.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  )
}
