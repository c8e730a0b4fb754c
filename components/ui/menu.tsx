'use client'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Allowed } from '@/server/model/capability'

export type MenuItem = { label: string; onSelect: () => void; allowed?: Allowed; danger?: boolean; checked?: boolean; keepOpen?: boolean }

type Props = {
  label: string
  children: ReactNode
  items: (MenuItem | 'line')[]
  className?: string
  /** What stands beneath the items while one of them has the focus or the pointer; `id` ties it to that item. */
  note?: (item: MenuItem, id: string) => ReactNode
}

const trigger = 'inline-flex h-[30px] shrink-0 items-center gap-1.5 rounded-md border border-line-strong bg-ground px-2.5 hover:bg-hover'

/** A button with a menu: arrow keys move, Esc and a click elsewhere close, a refused item says why. */
export function Menu({ label, children, items, className = trigger, note }: Props) {
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState<MenuItem['label'] | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target) && !button.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
    const at = all.findIndex((item) => item.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (to !== undefined) all[(to + all.length) % all.length]?.focus()
    else return
    if (event.key !== 'Tab') event.preventDefault()
    event.stopPropagation()
  }

  const noted = items.find((item): item is MenuItem => item !== 'line' && item.label === at)
  return (
    <div className="relative">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        className={className}
        onClick={() => {
          setAt(null)
          setOpen(!open)
        }}
      >
        {children}
      </button>
      {open && (
        <div
          ref={box}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          className="absolute right-0 z-30 mt-1 min-w-[190px] rounded-md border border-line-strong bg-raised py-1 shadow-xl"
        >
          {items.map((item, index) =>
            item === 'line' ? (
              <hr key={`line${index}`} className="my-1 border-line" />
            ) : (
              <Item
                key={item.label}
                item={item}
                describedBy={`${id}-${index}`}
                notedBy={note && at === item.label ? `${id}-note` : undefined}
                close={close}
                onAt={note && (() => setAt(item.label))}
              />
            ),
          )}
          {noted && note?.(noted, `${id}-note`)}
        </div>
      )}
    </div>
  )
}

type ItemProps = { item: MenuItem; describedBy: string; notedBy?: string; close: () => void; onAt?: () => void }

function Item({ item, describedBy, notedBy, close, onAt }: ItemProps) {
  const reason = item.allowed === undefined || item.allowed === true ? null : item.allowed
  return (
    <button
      type="button"
      {...(item.checked === undefined ? { role: 'menuitem' } : { role: 'menuitemcheckbox', 'aria-checked': item.checked })}
      aria-disabled={reason !== null || undefined}
      aria-describedby={reason ? describedBy : notedBy}
      onFocus={onAt}
      onPointerEnter={onAt}
      title={reason ?? undefined}
      tabIndex={-1}
      className={`flex w-full items-start gap-2 px-3 py-1.5 text-left hover:bg-hover focus:bg-hover aria-disabled:text-muted ${item.danger && !reason ? 'text-bad' : ''}`}
      onClick={() => {
        if (reason) return
        if (!item.keepOpen) close()
        item.onSelect()
      }}
    >
      {item.checked !== undefined && (
        <span aria-hidden className="w-3">
          {item.checked ? '✓' : ''}
        </span>
      )}
      <span>
        {item.label}
        {reason && (
          <span id={describedBy} className="block max-w-[240px] text-muted text-xs">
            {reason}
          </span>
        )}
      </span>
    </button>
  )
}
