'use client'
import { usePathname } from 'next/navigation'
import { m } from '@/components/messages'
import { ButtonLink } from '@/components/ui/button'

/** No page has this address. */
export function NotFound() {
  const path = usePathname()
  return (
    <main className="mx-auto flex min-h-dvh max-w-[460px] flex-col justify-center gap-3 px-4 pb-[12vh]">
      <h1>{m.notFound.title}</h1>
      <p className="break-words text-muted">{m.notFound.text(path)}</p>
      <div>
        <ButtonLink href="/" look="primary">
          {m.notFound.back}
        </ButtonLink>
      </div>
    </main>
  )
}
