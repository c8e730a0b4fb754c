'use client'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { formatArgv } from '@/components/format'
import { m } from '@/components/messages'
import { errorText } from '@/components/trpc'
import type { Operation } from '@/server/model/operation'
import { usePlan } from './plan-preview'
import type { On } from './use-operate'

type Asked = { on: On; operation: Operation }

/** The exact commands of an operation that asks nothing, one a line: for menus and beside buttons. */
export function CommandLines({ on, operation }: Asked) {
  const { plan, error, waiting } = usePlan(on, operation)
  if (error) return <span className="break-words text-bad">{errorText(error)}</span>
  if (!plan) return <span className="font-sans">{waiting ? m.common.planning : ''}</span>
  return (
    <>
      {plan.steps.map((step, index) => (
        <span key={index} className="block break-words">
          {step.argv ? formatArgv(step.argv) : step.title}
        </span>
      ))}
      {plan.warnings.map((warning) => (
        <span key={warning} className="block break-words font-sans text-warn">
          ▲ {warning}
        </span>
      ))}
    </>
  )
}

/** The foot of a menu: what the item under the pointer or focus would run. */
export function MenuCommands({ id, ...asked }: Asked & { id: string }) {
  return (
    <div id={id} className="mt-1 max-w-[340px] border-line border-t px-3 pt-1.5 pb-1 font-mono text-muted text-xs">
      <CommandLines key={asked.operation.kind} {...asked} />
    </div>
  )
}

/** Around a button that runs at once: after a moment under the pointer or focus, the commands stand beneath it. */
export function WithCommands({
  on,
  operation,
  children,
}: {
  on: On
  operation: Operation | null
  children: (describedBy?: string) => ReactNode
}) {
  const id = useId()
  const [over, setOver] = useState(false)
  const [shown, setShown] = useState(false)
  const asked = operation !== null && over
  useEffect(() => {
    if (!asked) return setShown(false)
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [asked])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is what is operated; this only watches it
    <span
      className="relative inline-flex"
      onPointerEnter={(event) => event.pointerType === 'mouse' && setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocus={(event) => event.target.matches(':focus-visible') && setOver(true)}
      onBlur={() => setOver(false)}
      onClick={() => setOver(false)}
      onKeyDown={(event) => event.key === 'Escape' && setOver(false)}
    >
      {children(shown && operation ? id : undefined)}
      {shown && operation && (
        <span
          id={id}
          role="tooltip"
          className="pointer-events-none absolute top-full right-0 z-30 mt-1 w-max max-w-[min(420px,80vw)] rounded-md border border-line-strong bg-raised px-2.5 py-1.5 font-mono text-muted text-xs shadow-xl"
        >
          <CommandLines on={on} operation={operation} />
        </span>
      )}
    </span>
  )
}
