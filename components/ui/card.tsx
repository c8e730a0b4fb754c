import type { ReactNode } from 'react'
import { useId } from 'react'

/** A framed part of a page: a region with a name. */
export function Card({
  title,
  aside,
  children,
  className = '',
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  className?: string
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={`min-w-0 rounded-lg border border-line p-3.5 ${className}`}>
      <div className="mb-2 flex min-h-[20px] flex-wrap items-baseline justify-between gap-x-3">
        <h2 id={id}>{title}</h2>
        {aside && <div className="text-muted text-sm">{aside}</div>}
      </div>
      {children}
    </section>
  )
}

/** The head of a page: its name, a note, and its actions. */
export function PageHead({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-3 flex min-h-[30px] flex-wrap items-center gap-x-2.5 gap-y-2">
      <h1>{title}</h1>
      {note && <p className="text-muted">{note}</p>}
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </div>
  )
}

/** Nothing here yet, why, and what to do next. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-line border-dashed px-4 py-10 text-center">
      <p className="font-semibold">{title}</p>
      {text && <p className="max-w-[46ch] text-muted">{text}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}

export function ErrorNote({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div role="alert" className="rounded-md border border-bad bg-bad-soft px-3 py-2">
      {title && <p className="font-semibold">✕ {title}</p>}
      <div className="whitespace-pre-wrap break-words">{children}</div>
    </div>
  )
}

export function Warning({ children }: { children: ReactNode }) {
  return (
    <p className="break-words text-warn">
      <span aria-hidden>▲ </span>
      {children}
    </p>
  )
}

/** Label and value pairs. */
export function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(90px,auto)_1fr] gap-x-4 gap-y-1.5">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
