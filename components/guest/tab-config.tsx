'use client'
import { m } from '@/components/messages'
import { errorText } from '@/components/trpc'
import { ErrorNote } from '@/components/ui/card'
import { Copy } from '@/components/ui/copy'
import { useDetail } from './use-detail'
import { useGuestParam } from './use-guest-param'

/** The engine's own text of this guest. */
export function ConfigTab() {
  const { detail, error } = useDetail(useGuestParam().id)
  if (error) return <ErrorNote>{errorText(error)}</ErrorNote>
  if (!detail) return <p className="text-muted">{m.connection.loading}</p>
  return (
    <section aria-label={m.guest.tabs.config} className="rounded-lg border border-line">
      <div className="flex items-center justify-between border-line border-b px-3 py-1.5 text-muted text-sm">
        <span>
          {m.guest.config.note} {detail.config.language.toUpperCase()}
        </span>
        <Copy text={detail.config.text} label={m.guest.config.copy} />
      </div>
      <pre className="overflow-x-auto p-3 font-mono text-sm">{detail.config.text}</pre>
    </section>
  )
}
