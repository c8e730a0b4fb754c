import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import type { Allowed } from '@/server/model/capability'
import { AppLink } from './link'

export type Look = 'plain' | 'primary' | 'danger' | 'quiet'

const base =
  'inline-flex h-[30px] shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 aria-disabled:cursor-not-allowed aria-disabled:opacity-55'
const looks = {
  plain: 'border-line-strong bg-ground not-aria-disabled:hover:bg-hover',
  primary: 'border-accent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-strong',
  danger: 'border-bad text-bad not-aria-disabled:hover:bg-bad-soft',
  quiet: 'border-transparent text-muted not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-text',
} satisfies Record<Look, string>

type Props = Omit<ComponentProps<'button'>, 'disabled'> & {
  look?: Look
  /** True, or why not: the button then says so and does nothing. It stays in the tab order so that the reason can be read. */
  allowed?: Allowed
  children: ReactNode
}

export function Button({ look = 'plain', allowed = true, className = '', children, onClick, type = 'button', ...rest }: Props) {
  const id = useId()
  const reason = allowed === true ? null : allowed
  return (
    <>
      <button
        {...rest}
        type={type}
        className={`${base} ${looks[look]} ${className}`}
        aria-disabled={reason !== null || undefined}
        aria-describedby={reason ? id : rest['aria-describedby']}
        title={reason || rest.title}
        onClick={reason === null ? onClick : (event) => event.preventDefault()}
      >
        {children}
      </button>
      {reason && (
        <span id={id} className="sr-only">
          {reason}
        </span>
      )}
    </>
  )
}

/** A link that looks like a button. */
export function ButtonLink({ href, look = 'plain', children }: { href: string; look?: Look; children: ReactNode }) {
  return (
    <AppLink href={href} className={`${base} ${looks[look]}`}>
      {children}
    </AppLink>
  )
}
