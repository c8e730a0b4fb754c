'use client'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'

type Wiring = { id: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string }
type Common = { label: string; hint?: ReactNode; error?: string; className?: string }

/** A label, a control, and its hint or its error, tied together for eyes and screen readers alike. */
export function Field({ label, hint, error, className = '', children }: Common & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={`min-w-0 ${className}`}>
      <label htmlFor={id} className="mb-1 block text-muted text-sm">
        {label}
      </label>
      {children({ id, 'aria-invalid': error ? true : undefined, 'aria-describedby': note ? `${id}-note` : undefined })}
      {note && (
        <p id={`${id}-note`} className={`mt-1 text-sm ${error ? 'text-bad' : 'text-muted'}`} role={error ? 'alert' : undefined}>
          {error && <span aria-hidden>✕ </span>}
          {note}
        </p>
      )}
    </div>
  )
}

export function TextField({ label, hint, error, className, mono, ...input }: Common & { mono?: boolean } & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(wiring) => <input {...input} {...wiring} className={`field ${mono ? 'font-mono text-sm' : ''}`} />}
    </Field>
  )
}

export function SelectField({ label, hint, error, className, children, ...select }: Common & ComponentProps<'select'>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(wiring) => (
        <select {...select} {...wiring} className="field">
          {children}
        </select>
      )}
    </Field>
  )
}

export function CheckField({ label, hint, ...input }: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  return (
    <label className="flex min-h-[26px] items-start gap-2">
      <input {...input} type="checkbox" className="mt-[3px] size-3.5 accent-accent" />
      <span>
        {label}
        {hint && <span className="block text-muted text-sm">{hint}</span>}
      </span>
    </label>
  )
}
