'use client'
import { usePathname } from 'next/navigation'
import { faultMessages } from '@/components/messages/fault'
import { ButtonLink } from '@/components/ui/button'

const w = faultMessages.notFound

/** No page has this address. */
export function NotFound() {
  const path = usePathname()
  return (
    <main className="mx-auto flex min-h-dvh max-w-[460px] flex-col justify-center gap-3 px-4 pb-[12vh]">
      <h1>{w.title}</h1>
      <p className="break-words text-muted">{w.text(path)}</p>
      <div>
        <ButtonLink href="/" look="primary">
          {w.back}
        </ButtonLink>
      </div>
    </main>
  )
}
